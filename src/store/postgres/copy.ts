// Copies a chat.db to an empty PostgreSQL database, for a chat that has outgrown one file.

import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { copyFiles, type LostFile } from '../files/copy.ts'
import { GUESTS_GONE } from '../scripts/guests.ts'
import { number, type Row, sql, text } from '../scripts/sql.ts'
import { lock, openWriter, usable } from '../sqlite/file.ts'
import { migrations as fileMigrations } from '../sqlite/migrations.ts'
import { Unusable } from '../unusable.ts'
import { type Connection, storableText } from './connection.ts'
import { COUNTED, EACH_PERSON, SELECTED, TABLES, VALID, WITHIN_REACH } from './copied-tables.ts'
import { Database } from './database.ts'
import { SILENT_SECONDS } from './lease.ts'
import { migrations } from './migrations.ts'
import { isLockTimeout, isRowError } from './run-script.ts'
import { prepareSchema } from './schema.ts'

/** Rows that are silently skipped: a session without a token ended with its server. */
const OBSOLETE: Readonly<Record<string, string>> = {
  sessions: `hash IS NULL OR id NOT ${WITHIN_REACH}`,
  epochs: `id NOT ${WITHIN_REACH}`,
}
/** PostgreSQL's INTEGER. */
const INT4 = [-(2 ** 31), 2 ** 31 - 1] as const
const SAFE = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const
/** Bounds on one batch, rows and characters of text: a slow line must carry it within seconds. */
const MOST_ROWS = 1_000
const MOST_CHARACTERS = 128 << 10

/** Rows of a table that were not copied as they are. */
export interface CopyIssue {
  readonly table: string
  /** Rows that belong to people or rooms that do not exist. */
  readonly leftOut: number
  /** Rows that PostgreSQL refused: duplicates where a file tells them apart, or too long for an index. */
  readonly refused: number
  /** Numbers out of range, replaced by the nearest in range, and references to people who do not exist, removed. */
  readonly mended: number
}

/** What was not copied as it is. */
export interface Copied {
  readonly mishaps: readonly CopyIssue[]
  readonly lost: readonly LostFile[]
}

export interface Counts {
  readonly accounts: number
  readonly rooms: number
  readonly messages: number
}

/** A chat.db, locked so that no server uses it meanwhile. */
export class ChatFile implements Disposable {
  readonly #path: string
  readonly #held: DatabaseSync
  readonly #database: DatabaseSync
  /** Numbers of what will be copied, for people. */
  readonly counts: Counts

  /** Opens the file, and migrates it to this version. Throws Unusable. */
  constructor(path: string) {
    this.#path = path
    this.#held = lock(path)
    try {
      this.#database = openWriter(path, fileMigrations)
      this.counts = this.#count()
    } catch (error) {
      this.#held.close()
      throw error
    }
  }

  [Symbol.dispose](): void {
    this.#database.close()
    this.#held.close()
  }

  #count(): Counts {
    const [found = {}] = this.#ask(
      `SELECT (SELECT count(*) FROM users WHERE guest = 0 AND folded <> '~' || id AND ${VALID.users}) AS accounts,
              (SELECT count(*) FROM rooms WHERE ${VALID.rooms}) AS rooms,
              (SELECT count(*) FROM messages WHERE ${VALID.messages}) AS messages`,
    )
    return {
      accounts: number(found, 'accounts'),
      rooms: number(found, 'rooms'),
      messages: number(found, 'messages'),
    }
  }

  /**
   * Copies everything in one transaction, files included, as far as they can be read. Seqs and epochs are kept, so that cursors stay valid; the nodes'
   * own epoch comes after them. The nodes will index the texts. Throws ConnectionLost; Unusable 'not-empty' for a database with a chat,
   * 'in-use' for one that nodes use, 'damaged' for a damaged file; and PostgreSQL's errors.
   * @param urls addresses of the database
   * @param progress called now and then with the number of messages copied so far
   */
  async copyTo(urls: readonly string[], progress: (messages: number) => void): Promise<Copied> {
    const mishaps: CopyIssue[] = []
    let lost: readonly LostFile[] = []
    const connection = await new Database({ urls }, randomUUID()).connect()
    try {
      await prepareSchema(connection, migrations, async () => {
        await claim(connection)
        for (const table of TABLES)
          mishaps.push(await this.#copy(table, connection, table === 'messages' ? progress : () => {}))
        await connection.ask(sql`UPDATE rooms SET indexed_seq = 0, searchable_seq = 0`)
        await connection.execute(GUESTS_GONE)
        for (const table of COUNTED) await this.#countOn(table, connection)
        lost = await copyFiles(join(dirname(this.#path), 'files'), connection)
      })
      // For good plans from the start; should it fail, autovacuum does it later.
      await connection.execute(`ANALYZE ${TABLES}`).catch(() => {})
    } finally {
      await connection.close()
    }
    return { mishaps: mishaps.filter(({ leftOut, refused, mended }) => leftOut + refused + mended > 0), lost }
  }

  async #copy(table: string, connection: Connection, progress: (rows: number) => void): Promise<CopyIssue> {
    const columns = await columnsOf(table, connection)
    const template = insertion(table, columns.map(({ name }) => name).join(', '))
    const int4 = new Set(columns.filter(({ type }) => type === 'int4').map(({ name }) => name))
    const { question, leftOut, mended } = this.#selection(table)
    const found = this.#ask(question, { big: true })
    let clamped = 0
    const storable = (column: string, value: unknown): unknown => {
      if (typeof value === 'string') return storableText(value)
      if (typeof value !== 'bigint') return value
      const number = clamp(value, int4.has(column) ? INT4 : SAFE)
      if (BigInt(number) !== value) clamped++
      return number
    }
    let [copied, refused] = [0, 0]
    let sent = Promise.resolve(0)
    for (const batch of batches(found)) {
      const rows = batch.map(row => JSON.stringify(row, storable))
      refused += await sent // PostgreSQL inserts one batch while the next one is read
      progress(copied)
      sent = insertAll(connection, template, rows)
      copied += batch.length
    }
    refused += await sent
    return { table, leftOut, refused, mended: mended + clamped }
  }

  /** The query for a table's rows, how many rows it leaves out, and how many it mends. */
  #selection(table: string): { question: string; leftOut: number; mended: number } {
    const [valid = '1', obsolete = '0'] = [VALID[table], OBSOLETE[table]]
    const all = `FROM ${table} WHERE NOT (${obsolete})`
    const [found = {}] = this.#ask(`SELECT count(*) AS count ${all} AND NOT (${valid})`)
    const [named = {}] =
      table === 'sanctions'
        ? this.#ask(`SELECT count(banned_by) AS count ${all} AND (${valid}) AND banned_by NOT ${EACH_PERSON}`)
        : [{ count: 0 }]
    return {
      question: `SELECT ${SELECTED[table] ?? '*'} ${all} AND (${valid})`,
      leftOut: number(found, 'count'),
      mended: number(named, 'count'),
    }
  }

  /** @param big gives integers as BigInt: another program may have written unsafe ones */
  *#ask(question: string, { big = false } = {}): Generator<Row> {
    const found = usable(() => {
      const statement = this.#database.prepare(question)
      statement.setReadBigInts(big)
      return statement.iterate()
    })
    for (let next = usable(() => found.next()); !next.done; next = usable(() => found.next()))
      yield next.value as Row
  }

  /** Continues the table's sequence after every id that was ever used: no session's id is used twice. */
  async #countOn(table: string, connection: Connection): Promise<void> {
    const [found = {}] = this.#ask(
      `SELECT max(COALESCE((SELECT max(id) FROM ${table} WHERE id ${WITHIN_REACH}), 0),
                  COALESCE((SELECT seq FROM sqlite_sequence WHERE name = '${table}' AND seq ${WITHIN_REACH}), 0)) AS last`,
    )
    const next = number(found, 'last') + 1
    await connection.ask(
      sql`SELECT setval(CAST(pg_get_serial_sequence(${table}, 'id') AS REGCLASS), ${next}, false)`,
    )
  }
}

/** Locks out nodes that start meanwhile, and checks that the database is empty. Throws Unusable. */
async function claim(connection: Connection): Promise<void> {
  await connection.ask(sql`LOCK TABLE nodes IN ACCESS EXCLUSIVE MODE`).catch(error => {
    throw isLockTimeout(error) ? new Unusable('in-use', error) : error
  })
  const [found] = await connection.ask(
    sql`SELECT EXISTS (SELECT 1 FROM users) OR EXISTS (SELECT 1 FROM invitations) AS inhabited,
               EXISTS (SELECT 1 FROM nodes
                       WHERE seen_at > clock_timestamp() - make_interval(secs => ${SILENT_SECONDS})) AS used`,
  )
  if (found?.inhabited === 1) throw new Unusable('not-empty')
  if (found?.used === 1) throw new Unusable('in-use')
  await connection.execute('DELETE FROM rooms; DELETE FROM epochs; DELETE FROM secrets')
}

/** The columns of a table but for generated ones. */
async function columnsOf(table: string, connection: Connection): Promise<{ name: string; type: string }[]> {
  const found = await connection.ask(
    sql`SELECT attname AS name, CAST(typname AS TEXT) AS type
        FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
        WHERE attrelid = CAST(${table} AS REGCLASS) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
  )
  return found.map(column => ({ name: text(column, 'name'), type: text(column, 'type') }))
}

function insertion(table: string, columns: string): TemplateStringsArray {
  const select = `SELECT ${columns} FROM json_populate_recordset(CAST(NULL AS ${table}), CAST(`
  const parts = [`INSERT INTO ${table} (${columns}) ${select}`, ' AS JSON))']
  return Object.assign(parts, { raw: parts })
}

const SAVEPOINT = sql`SAVEPOINT batch`
const RELEASE = sql`RELEASE batch`
const ROLLBACK_TO = sql`ROLLBACK TO batch`

/** Inserts a batch. A row that PostgreSQL refuses is found by bisection and left out. @returns how many were */
async function insertAll(
  connection: Connection,
  template: TemplateStringsArray,
  rows: readonly string[],
): Promise<number> {
  try {
    await connection.askAll([SAVEPOINT, { template, values: [`[${rows.join()}]`] }, RELEASE])
    return 0
  } catch (error) {
    if (!isRowError(error)) throw error
  }
  await connection.askAll([ROLLBACK_TO, RELEASE])
  if (rows.length === 1) return 1
  const half = Math.ceil(rows.length / 2)
  return (
    (await insertAll(connection, template, rows.slice(0, half))) +
    (await insertAll(connection, template, rows.slice(half)))
  )
}

function* batches(rows: Iterable<Row>): Generator<readonly Row[]> {
  let batch: Row[] = []
  let characters = 0
  for (const row of rows) {
    batch.push(row)
    for (const value of Object.values(row)) if (typeof value === 'string') characters += value.length
    if (batch.length < MOST_ROWS && characters < MOST_CHARACTERS) continue
    yield batch
    batch = []
    characters = 0
  }
  if (batch.length > 0) yield batch
}

function clamp(value: bigint, [least, most]: readonly [number, number]): number {
  if (value < least) return least
  return value > most ? most : Number(value)
}
