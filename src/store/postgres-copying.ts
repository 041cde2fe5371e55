// A chat.db copied to a database of PostgreSQL that holds no chat yet: once in the life of a chat that outgrows a file.

import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { migrations as fileMigrations } from './migrations.ts'
import { type Connection, storableText } from './postgres-connection.ts'
import { Database } from './postgres-database.ts'
import { SILENT_SECONDS } from './postgres-lease.ts'
import { migrations } from './postgres-migrations.ts'
import { prepareSchema } from './postgres-schema.ts'
import { type Row, sql, text } from './sql.ts'
import { lock, openWriter } from './sqlite-file.ts'
import { Unusable } from './unusable.ts'

/** In an order in which nobody is named before they are there. */
const TABLES = [
  ...['users', 'rooms', 'memberships', 'sanctions', 'epochs', 'messages', 'changes', 'reactions', 'pins'],
  ...['mentions', 'blocks', 'invitations', 'invitation_rooms', 'sessions', 'masks', 'metadata'],
]
/** Whose ids PostgreSQL goes on counting. */
const COUNTED = ['users', 'rooms', 'epochs', 'sessions']
/** What is not copied as it stands: an epoch of a file has no cluster; a session without a token ended with the server. */
const CHOSEN: Readonly<Record<string, string>> = {
  epochs: "SELECT *, '' AS cluster, '' AS timeline FROM epochs",
  sessions: 'SELECT * FROM sessions WHERE hash IS NOT NULL',
}
const ROWS_AT_ONCE = 1_000

/** A chat.db while no server uses it. */
export class ChatFile implements Disposable {
  readonly #held: DatabaseSync
  readonly #database: DatabaseSync

  /** Brings it up to this version. Throws Unusable. */
  constructor(path: string) {
    this.#held = lock(path)
    try {
      this.#database = openWriter(path, fileMigrations)
    } catch (error) {
      this.#held.close()
      throw error
    }
  }

  [Symbol.dispose](): void {
    this.#database.close()
    this.#held.close()
  }

  count(table: 'users' | 'rooms' | 'messages'): number {
    return Number(this.#database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows)
  }

  /**
   * All of it or nothing. Seqs and epochs are copied, so that people's cursors hold; the nodes' epoch comes behind them.
   * The nodes will index the texts. Throws ConnectionLost, and Unusable: 'not-empty' where there is a chat, 'in-use'
   * where nodes work.
   * @param urls where the database is
   * @param progress is told now and then how many messages PostgreSQL has
   */
  async copyTo(urls: readonly string[], progress: (messages: number) => void): Promise<void> {
    const connection = await new Database({ urls }, randomUUID()).connect()
    try {
      await prepareSchema(connection, migrations, async () => {
        await claim(connection)
        for (const table of TABLES)
          await this.#copy(table, connection, table === 'messages' ? progress : () => {})
        await connection.ask(sql`UPDATE rooms SET indexed_seq = 0`)
        for (const table of COUNTED) await connection.execute(countingOn(table))
        await connection.execute('ANALYZE')
      })
    } finally {
      await connection.close()
    }
  }

  async #copy(table: string, connection: Connection, progress: (rows: number) => void): Promise<void> {
    const template = insertion(table, await columnsOf(table, connection))
    const found = this.#database.prepare(CHOSEN[table] ?? `SELECT * FROM ${table}`).iterate() as Iterable<Row>
    let copied = 0
    let sent: Promise<unknown> = Promise.resolve()
    for (const batch of batches(found)) {
      const values = [JSON.stringify(batch, storable)]
      await sent // PostgreSQL takes one batch while the next one is read
      progress(copied)
      sent = connection.ask({ template, values })
      copied += batch.length
    }
    await sent
  }
}

/** A node that is started meanwhile waits until the copy is there. */
async function claim(connection: Connection): Promise<void> {
  await connection.ask(sql`LOCK TABLE nodes IN ACCESS EXCLUSIVE MODE`)
  const [found] = await connection.ask(
    sql`SELECT EXISTS (SELECT 1 FROM users) AS inhabited,
               EXISTS (SELECT 1 FROM nodes
                       WHERE seen_at > clock_timestamp() - make_interval(secs => ${SILENT_SECONDS})) AS used`,
  )
  if (found?.inhabited === 1) throw new Unusable('not-empty')
  if (found?.used === 1) throw new Unusable('in-use')
  await connection.execute('DELETE FROM rooms; DELETE FROM epochs')
}

/** But for those that PostgreSQL reckons itself. */
async function columnsOf(table: string, connection: Connection): Promise<string> {
  const found = await connection.ask(
    sql`SELECT attname AS name FROM pg_attribute
        WHERE attrelid = CAST(${table} AS REGCLASS) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
  )
  return found.map(column => text(column, 'name')).join(', ')
}

function insertion(table: string, columns: string): TemplateStringsArray {
  const select = `SELECT ${columns} FROM json_populate_recordset(CAST(NULL AS ${table}), CAST(`
  const parts = [`INSERT INTO ${table} (${columns}) ${select}`, ' AS JSON))']
  return Object.assign(parts, { raw: parts })
}

function countingOn(table: string): string {
  return `SELECT setval(pg_get_serial_sequence('${table}', 'id'), COALESCE(max(id), 0) + 1, false) FROM ${table}`
}

function* batches(rows: Iterable<Row>): Generator<readonly Row[]> {
  let batch: Row[] = []
  for (const row of rows) {
    batch.push(row)
    if (batch.length < ROWS_AT_ONCE) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function storable(_column: string, value: unknown): unknown {
  return typeof value === 'string' ? storableText(value) : value
}
