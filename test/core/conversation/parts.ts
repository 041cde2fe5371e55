// The modules that the conversation's model plays with: the project's own, or a build's.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Parts } from './world.ts'

const FILES = [
  'core/chat.ts',
  'core/seat.ts',
  'core/refusals.ts',
  'store/sqlite-file.ts',
  'store/scripts.ts',
  'store/migrations.ts',
]

/** @param sources what takes the place of src/ */
export async function partsOf(sources: string): Promise<Parts> {
  const load = (file: string) => import(pathToFileURL(join(sources, file)).href)
  return Object.assign({}, ...(await Promise.all(FILES.map(load))))
}
