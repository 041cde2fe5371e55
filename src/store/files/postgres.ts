// Files in PostgreSQL, for several nodes: in rows of 256 KB, all full but the last of a file.

import { constants } from 'node:fs'
import { open, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Instant } from '../../core/model/model.ts'
import { type FileKey, type FileStorage, OffsetMismatch } from '../../core/ports/file-storage.ts'
import { BEGIN, COMMIT, type Connection, query, ROLLBACK, stateOf } from '../postgres/connection.ts'
import type { ConnectionPool } from '../postgres/connection-pool.ts'
import type { PostgresStore } from '../postgres/store.ts'
import { number, sql, text } from '../scripts/sql.ts'
import { blocksOf, readAhead } from './blocks.ts'
import { orFull, readBlock, SAFELY, sizeOf } from './disk.ts'
import { checkKey } from './keys.ts'
import { Scratch } from './scratch.ts'

/** Size of stored rows in bytes. Must never change: rows are addressed by it. */
const CHUNK = 256 * 1024
/** Connections of a node. A file that is read or written by a slow client takes none while it waits. */
const CONNECTIONS = 4
/** Chunks deleted at once: within a second, much less than statement_timeout. */
const MOST_DELETED = 256
/** Keys listed at once. */
const PAGE = 1_000
/** SQLSTATE of a violated foreign key: the file was removed. */
const NO_SUCH_FILE = '23503'

export class PostgresFileStorage implements FileStorage {
  readonly #pool: ConnectionPool
  readonly #scratch: Scratch
  readonly #appends = new Set<FileKey>()

  private constructor(pool: ConnectionPool, scratch: Scratch) {
    this.#pool = pool
    this.#scratch = scratch
  }

  /** @param scratch path of a folder of this node alone, for files on their way */
  static async open(store: PostgresStore, scratch: string): Promise<PostgresFileStorage> {
    return new PostgresFileStorage(store.pool(CONNECTIONS), await Scratch.open(scratch))
  }

  /** Each chunk is committed. On two nodes at once the first to commit one of them goes on. */
  async append(key: FileKey, offset: number, chunks: AsyncIterable<Uint8Array>): Promise<number> {
    checkKey(key)
    if (this.#appends.has(key)) throw new OffsetMismatch()
    this.#appends.add(key)
    try {
      if (offset === 0) await this.#create(key)
      if ((await this.length(key)) !== offset) throw new OffsetMismatch()
      let length = offset
      for await (const bytes of blocksOf(chunks, CHUNK, CHUNK - (offset % CHUNK))) {
        await this.#put(key, length, bytes)
        length += bytes.length
        // point: chunk-stored
      }
      return length
    } finally {
      this.#appends.delete(key)
    }
  }

  async #create(key: FileKey): Promise<void> {
    await this.#pool.run(connection =>
      connection.ask(sql`INSERT INTO files_stored (key) VALUES (${key}) ON CONFLICT DO NOTHING`),
    )
  }

  /** Stores bytes that do not go beyond the end of a chunk. */
  async #put(key: FileKey, at: number, bytes: Uint8Array): Promise<void> {
    const [n, within] = [Math.floor(at / CHUNK), at % CHUNK]
    const stored = await this.#pool
      .run(async (connection, isAgain) => {
        const done = await connection.ask(
          within === 0
            ? query`INSERT INTO file_chunks (key, n, bytes) VALUES (${key}, ${n}, ${bytes})
                  ON CONFLICT DO NOTHING RETURNING n`
            : query`UPDATE file_chunks SET bytes = bytes || ${bytes}
                  WHERE key = ${key} AND n = ${n} AND octet_length(bytes) = ${within} RETURNING n`,
        )
        if (done.length > 0 || !isAgain) return done
        // An attempt whose answer was lost may have stored them.
        return connection.ask(
          query`SELECT n FROM file_chunks
              WHERE key = ${key} AND n = ${n} AND substring(bytes FROM ${within + 1}) = ${bytes}`,
        )
      })
      .catch(error => {
        throw stateOf(error) === NO_SUCH_FILE ? new OffsetMismatch() : error
      })
    if (stored.length === 0) throw new OffsetMismatch()
  }

  async length(key: FileKey): Promise<number | undefined> {
    checkKey(key)
    const [found] = await this.#pool.run(connection =>
      connection.ask(
        sql`SELECT COALESCE((SELECT CAST(n AS BIGINT) * ${CHUNK} + octet_length(bytes) FROM file_chunks
                             WHERE file_chunks.key = files_stored.key ORDER BY n DESC LIMIT 1), 0) AS length
            FROM files_stored WHERE key = ${key}`,
      ),
    )
    return found && number(found, 'length')
  }

  async *read(key: FileKey, start: number, end: number): AsyncGenerator<Uint8Array> {
    checkKey(key)
    if (start === end && ((await this.length(key)) ?? -1) < end) throw tooShort(key, end)
    yield* readAhead(start, end, at => this.#chunk(key, at, end))
  }

  /** As base64: the driver reads bytes as text, which twice as many hexadecimal digits would be. */
  async #chunk(key: FileKey, at: number, end: number): Promise<Uint8Array> {
    const [n, within] = [Math.floor(at / CHUNK), at % CHUNK]
    const length = Math.min(CHUNK - within, end - at)
    const [found] = await this.#pool.run(connection =>
      connection.ask(
        sql`SELECT encode(substring(bytes FROM ${within + 1} FOR ${length}), 'base64') AS bytes
            FROM file_chunks WHERE key = ${key} AND n = ${n}`,
      ),
    )
    const bytes = found && Buffer.from(text(found, 'bytes'), 'base64')
    if (bytes?.length !== length) throw tooShort(key, end)
    return bytes
  }

  async withLocalFile<T>(key: FileKey, use: (path: string) => Promise<T>): Promise<T> {
    const length = await this.length(key)
    if (length === undefined) throw tooShort(key, 0)
    await using scratch = await this.scratch()
    const path = join(scratch.path, 'file')
    await orFull(writeFile(path, this.read(key, 0, length), { mode: 0o600 }))
    return await use(path)
  }

  /** In one transaction: nobody sees a part of the file. */
  async adopt(key: FileKey, path: string): Promise<void> {
    checkKey(key)
    await using file = await open(path, constants.O_RDONLY | SAFELY)
    const end = await sizeOf(file)
    const bytes = () => readAhead(0, end, start => readBlock(file, { start, end, most: CHUNK }))
    await this.#pool.run(connection =>
      inTransaction(connection, async () => {
        await insertFile(connection, key, bytes())
        // point: before-adoption
      }),
    )
    // point: after-adoption
    await unlink(path)
  }

  async remove(key: FileKey): Promise<void> {
    checkKey(key)
    while ((await this.#removeEnd(key)) === MOST_DELETED);
    await this.#pool.run(connection => connection.ask(sql`DELETE FROM files_stored WHERE key = ${key}`))
  }

  /** Deletes the last chunks. @returns how many */
  async #removeEnd(key: FileKey): Promise<number> {
    const gone = await this.#pool.run(connection =>
      connection.ask(
        sql`DELETE FROM file_chunks WHERE key = ${key}
              AND n > (SELECT max(n) FROM file_chunks WHERE key = ${key}) - ${MOST_DELETED}
            RETURNING n`,
      ),
    )
    return gone.length
  }

  async storedAt(key: FileKey): Promise<Instant | undefined> {
    checkKey(key)
    const [found] = await this.#pool.run(connection =>
      connection.ask(sql`SELECT stored_at FROM files_stored WHERE key = ${key}`),
    )
    return found && (number(found, 'stored_at') as Instant)
  }

  async *keys(): AsyncGenerator<FileKey> {
    for (let last = ''; ; ) {
      const page = await this.#pool.run(connection =>
        connection.ask(sql`SELECT key FROM files_stored WHERE key > ${last} ORDER BY key LIMIT ${PAGE}`),
      )
      for (const each of page) {
        last = text(each, 'key')
        yield last
      }
      if (page.length < PAGE) return
    }
  }

  scratch(): Promise<AsyncDisposable & { readonly path: string }> {
    return orFull(this.#scratch.folder())
  }

  async close(): Promise<void> {
    await this.#pool.close()
    await this.#scratch.close()
  }
}

/** Stores a file in the connection's transaction, in place of what there is of it. */
export async function insertFile(
  connection: Connection,
  key: FileKey,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  await connection.ask(
    sql`INSERT INTO files_stored (key) VALUES (${key}) ON CONFLICT (key) DO UPDATE SET key = EXCLUDED.key`,
  )
  await connection.ask(sql`DELETE FROM file_chunks WHERE key = ${key}`)
  let n = 0
  for await (const bytes of blocksOf(chunks, CHUNK))
    await connection.ask(query`INSERT INTO file_chunks (key, n, bytes) VALUES (${key}, ${n++}, ${bytes})`)
}

function tooShort(key: FileKey, end: number): Error {
  return new Error(`${key} has fewer than ${end} bytes`)
}

async function inTransaction(connection: Connection, work: () => Promise<void>): Promise<void> {
  await connection.ask(BEGIN)
  try {
    await work()
    await connection.ask(COMMIT)
  } catch (error) {
    if (!connection.isLost) await connection.ask(ROLLBACK)
    throw error
  }
}
