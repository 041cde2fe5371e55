// The modules that the conversation's model plays with: the project's own, or with something broken on purpose.

import { DatabaseSync } from 'node:sqlite'
import { modulesWith } from '../../tools/edited-modules.ts'
import type { Edit } from '../../tools/edits.ts'
import type { Parts } from './world.ts'

const FILES = [
  'core/chat.ts',
  'core/log/seat.ts',
  'core/log/subscriber.ts',
  'core/model/refusals.ts',
  'store/sqlite/file.ts',
  'store/scripts/scripts.ts',
  'store/sqlite/migrations.ts',
]

export async function partsOf(...edits: Edit[]): Promise<Parts> {
  const { migrations, ...parts } = (await modulesWith(edits, FILES)) as Omit<Parts, 'schema'> & {
    readonly migrations: readonly string[]
  }
  return { ...parts, schema: schemaOf(migrations) }
}

const schemas = new WeakMap<readonly string[], Uint8Array>()

/** An empty database, which each world begins with a copy of. */
function schemaOf(migrations: readonly string[]): Uint8Array {
  const known = schemas.get(migrations)
  if (known) return known
  using database = new DatabaseSync(':memory:')
  for (const each of migrations) database.exec(each)
  const schema = database.serialize()
  schemas.set(migrations, schema)
  return schema
}
