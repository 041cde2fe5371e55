// The schema of a chat.db: migrates it to this version, and recreates what another program has removed or changed.

import { createHash } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Unusable } from '../unusable.ts'
import { APPLICATION_ID, FINGERPRINT } from './migrations.ts'
import { copyName } from './upgrade-copies.ts'

/** Everything in a file but its rows. */
interface Schema {
  readonly made: readonly Made[]
  /** As table.column. */
  readonly columns: ReadonlySet<string>
}

/** A table, view, index or trigger, in order of creation. */
interface Made {
  readonly type: string
  readonly name: string
  /** The statement that created it; null for what SQLite creates by itself. */
  readonly sql: string | null
}

/**
 * Migrates a file to this version in one transaction, after it has made a copy of the old one. Recreates views,
 * indexes and triggers that are missing or were changed. Throws Unusable: 'too-new', 'wrong-version', 'incomplete'.
 * @returns the names of what was recreated
 */
export function upgradeSchema(database: DatabaseSync, path: string, migrations: readonly string[]): string[] {
  const version = pragma(database, 'user_version')
  if (version > migrations.length) throw new Unusable('too-new')
  if (version < 0) throw new Unusable('wrong-version')
  if (version === 0) {
    inOne(database, () => migrate(database, migrations, 0))
    return []
  }
  if (version === migrations.length) return mended(database, migrations)
  return upgraded(database, { path, migrations, version })
}

function upgraded(
  database: DatabaseSync,
  { path, migrations, version }: { path: string; migrations: readonly string[]; version: number },
): string[] {
  const before = schemaAfter(migrations.slice(0, version))
  const there = columnsOf(database)
  const added = schemaAfter(migrations).columns.difference(before.columns)
  if (!added.isDisjointFrom(there)) throw new Unusable('wrong-version')
  const copy = copyName(path, version, new Date())
  snapshot(database, copy, before)
  try {
    const made = new Set(madeIn(database).map(({ name }) => name))
    const remade = inOne(database, () => {
      const names = mend(database, before)
      migrate(database, migrations, version)
      return names
    })
    // An object that differs may be as we created it then: views of old migrations were rewritten for older SQLites.
    return remade.filter(name => !made.has(name))
  } catch (error) {
    rmSync(copy)
    throw error
  }
}

function migrate(database: DatabaseSync, migrations: readonly string[], version: number): void {
  for (const step of migrations.slice(version)) database.exec(step)
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`)
}

function inOne<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  const done = work() // when this throws, the connection is closed, which rolls back
  database.exec('COMMIT')
  return done
}

/**
 * Copies the database. The copy gets its name only when it is complete, so a server that is killed meanwhile leaves no half
 * of one under it. Its views are those of today, which older SQLites can read, too (migrations.ts).
 */
function snapshot(database: DatabaseSync, path: string, schema: Schema): void {
  const unfinished = `${path}-unfinished`
  rmSync(unfinished, { force: true })
  closeSync(openSync(unfinished, 'a', 0o600))
  try {
    database.prepare('VACUUM INTO ?').run(unfinished)
    const copy = new DatabaseSync(unfinished)
    try {
      inOne(copy, () => mend(copy, schema))
    } finally {
      copy.close()
    }
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}

// --- recreating what is missing -------------------------------------------------------------------------------------

/** Compares fingerprints first: most files match, and none of their tables has to be looked at. */
function mended(database: DatabaseSync, migrations: readonly string[]): string[] {
  if (fingerprint(database) === FINGERPRINT) return []
  return inOne(database, () => mend(database, schemaAfter(migrations)))
}

/** A hash of all statements that created the schema. */
export function fingerprint(database: DatabaseSync): string {
  const made = madeIn(database).map(({ type, name, sql }) => `${type} ${name} ${sql}`)
  return createHash('sha256').update(made.sort().join('\n')).digest('hex').slice(0, 16)
}

/**
 * Tables that can be recreated without loss, each with the statements that follow its own: the search index with FTS5's
 * tables, which is rebuilt (text-index.ts), and notes. They are created from the last to the first.
 */
const MADE_AGAIN: Readonly<Record<string, string>> = {
  terms: `INSERT INTO terms (terms, rank) VALUES ('secure-delete', 1), ('usermerge', 2);
          UPDATE index_rule SET rule = ''`,
  index_rule: '',
  deleted_rows: '',
}

/** Recreates what is missing; leaves what is not ours. Throws Unusable 'incomplete' when a table or column with rows is. */
function mend(database: DatabaseSync, { made, columns }: Schema): string[] {
  const there = new Map(madeIn(database).map(each => [each.name, each]))
  const tables = made.filter(({ type }) => type === 'table')
  const missing = tables.filter(({ name }) => there.get(name)?.type !== 'table')
  const again = tables.filter(
    table => Object.hasOwn(MADE_AGAIN, table.name) && missing.some(({ name }) => isOf(table.name, name)),
  )
  const isAgain = (name: string) => again.some(each => isOf(each.name, name))
  mustHave(missing.map(({ name }) => name).filter(name => !isAgain(name)))
  mustHave(
    [...columns.difference(columnsOf(database))].filter(column => !isAgain(column.split('.')[0] ?? '')),
  )
  for (const { name, sql } of again.toReversed())
    make(database, `DROP TABLE IF EXISTS ${name}; ${sql}; ${MADE_AGAIN[name]}`, name)
  const wrong = made.filter(({ type, name, sql }) => type !== 'table' && there.get(name)?.sql !== sql)
  for (const { name } of wrong) {
    const other = there.get(name)
    if (other) database.exec(`DROP ${other.type} "${name}"`)
  }
  for (const { sql, name } of wrong) make(database, sql ?? '', name)
  return [...again, ...wrong].map(({ name }) => name)
}

/**
 * Makes anew, in one transaction, what has damaged pages and holds nothing of its own: indexes, and the tables of MADE_AGAIN.
 * SQLite can neither drop nor rebuild such a thing, so its row of the schema is deleted; its old pages stay in the file, unused.
 * Reads all pages of those. Throws when it can't be done.
 * @param also done in the same transaction
 * @returns the names; none if nothing of the kind is damaged
 */
export function remakeDamaged(
  database: DatabaseSync,
  migrations: readonly string[],
  also: () => void,
): string[] {
  const schema = schemaAfter(migrations)
  const damaged = wholes(schema).filter(({ parts }) => parts.some(part => hasDamagedPage(database, part)))
  if (damaged.length === 0) return []
  database.enableDefensive(false)
  try {
    database.exec('PRAGMA writable_schema = ON')
    return inOne(database, () => {
      const forget = database.prepare('DELETE FROM sqlite_schema WHERE name = ?')
      for (const part of damaged.flatMap(({ parts }) => parts)) forget.run(part)
      database.exec('PRAGMA writable_schema = RESET')
      if (damaged.some(({ name }) => name === SEQUENCE)) remakeSequence(database)
      mend(database, schema)
      also()
      return damaged.map(({ name }) => name)
    })
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK')
    database.exec('PRAGMA writable_schema = RESET') // off, and what was rolled back is known again
    database.enableDefensive(true)
  }
}

/** SQLite's own table of the highest ids that were given. */
const SEQUENCE = 'sqlite_sequence'

/**
 * SQLite makes the table with the first other one that counts. What it lacks then are ids beyond the last row's, of rows that
 * are gone: they are given again, which is no harm to sessions, reminders and the like.
 */
function remakeSequence(database: DatabaseSync): void {
  database.exec('CREATE TABLE counting (id INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE counting')
  for (const { type, name, sql } of madeIn(database)) {
    if (type !== 'table' || !sql?.includes('AUTOINCREMENT')) continue
    database
      .prepare(
        `INSERT INTO ${SEQUENCE} SELECT ?, COALESCE(max(rowid), 0) FROM "${name.replaceAll('"', '""')}"`,
      )
      .run(name)
  }
}

/** What can be made anew, each with the names of its trees of pages. */
function wholes({ made }: Schema): { name: string; parts: string[] }[] {
  const indexes = made.filter(({ type }) => type === 'index').map(({ name }) => ({ name, parts: [name] }))
  const names = made.filter(({ type }) => type === 'table').map(({ name }) => name)
  const tables = Object.keys(MADE_AGAIN).map(whole => ({
    name: whole,
    parts: names.filter(name => isOf(whole, name)),
  }))
  return [...tables, ...indexes, { name: SEQUENCE, parts: [SEQUENCE] }]
}

function hasDamagedPage(database: DatabaseSync, name: string): boolean {
  const found = database.prepare("SELECT 1 FROM dbstat WHERE name = ? AND pagetype = 'corrupted' LIMIT 1")
  return found.get(name) !== undefined
}

function isOf(whole: string, name: string): boolean {
  return name === whole || name.startsWith(`${whole}_`)
}

function make(database: DatabaseSync, sql: string, name: string): void {
  try {
    database.exec(sql)
  } catch (error) {
    throw new Unusable('incomplete', `${name}: ${error instanceof Error ? error.message : error}`)
  }
}

function mustHave(missing: readonly string[]): void {
  if (missing.length > 0) throw new Unusable('incomplete', missing.join(', '))
}

/** The schema of a new file after these migrations. */
function schemaAfter(migrations: readonly string[]): Schema {
  const database = new DatabaseSync(':memory:')
  database.exec(migrations.join(''))
  const schema = { made: madeIn(database), columns: columnsOf(database) }
  database.close()
  return schema
}

/** Without SQLite's internal objects. */
function madeIn(database: DatabaseSync): Made[] {
  const found = database.prepare(
    "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY rowid",
  )
  return found.all() as unknown as Made[]
}

function columnsOf(database: DatabaseSync): Set<string> {
  const found = database.prepare(
    `SELECT tables.name || '.' || columns.name AS name
     FROM sqlite_schema AS tables, pragma_table_xinfo(tables.name) AS columns WHERE tables.type = 'table'`,
  )
  return new Set(found.all().map(({ name }) => String(name)))
}

export function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
}
