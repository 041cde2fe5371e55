// Copies the files beside a chat.db to PostgreSQL, with the chat itself.

import { existsSync } from 'node:fs'
import type { FileKey } from '../../core/ports/file-storage.ts'
import type { Connection } from '../postgres/connection.ts'
import { number, sql, text } from '../scripts/sql.ts'
import { FolderFileStorage } from './folder.ts'
import { insertFile } from './postgres.ts'

/** A file of the chat whose bytes are not in the copy, or too few or too many. */
export interface LostFile {
  readonly key: FileKey
  /** Why they could not be read; undefined where they are missing, or copied as they are. */
  readonly error?: unknown
  /** They are copied, but of another length than the file. */
  readonly isCut: boolean
}

/**
 * Copies all of them in the connection's transaction, which has the tables of the chat already.
 * @param path of the folder, which no server uses; there may be none
 */
export async function copyFiles(path: string, connection: Connection): Promise<readonly LostFile[]> {
  const errors = existsSync(path) ? await copyFolder(path, connection) : new Map<FileKey, unknown>()
  const lost = await connection.ask(
    sql`SELECT wanted.key, files_stored.key IS NOT NULL AS is_cut FROM (
          SELECT key, size FROM files WHERE variants NOT LIKE '%clean%'
          UNION ALL SELECT key || '.' || variant, CASE variant WHEN 'clean' THEN size END
          FROM files, unnest(string_to_array(variants, ' ')) AS variant
        ) AS wanted LEFT JOIN files_stored ON files_stored.key = wanted.key
        WHERE files_stored.key IS NULL
           OR size <> (SELECT COALESCE(sum(length(bytes)), 0) FROM file_chunks WHERE file_chunks.key = wanted.key)
        ORDER BY wanted.key`,
  )
  return lost.map(found => {
    const key = text(found, 'key')
    return { key, error: errors.get(key), isCut: number(found, 'is_cut') === 1 }
  })
}

/** @returns what could not be read, and why */
async function copyFolder(path: string, connection: Connection): Promise<Map<FileKey, unknown>> {
  const errors = new Map<FileKey, unknown>()
  const files = await FolderFileStorage.open(path)
  try {
    for await (const key of files.keys()) {
      const error = await copyFile(key, files, connection)
      if (error !== undefined) errors.set(key, error)
    }
  } finally {
    await files.close()
  }
  return errors
}

/** @returns why it could not be read; undefined once it is copied */
async function copyFile(key: FileKey, files: FolderFileStorage, connection: Connection): Promise<unknown> {
  let failure: unknown
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    try {
      const length = await files.length(key)
      if (length === undefined) throw new Error(`${key} is gone`)
      yield* files.read(key, 0, length)
    } catch (error) {
      failure = error
      throw error
    }
  }
  await connection.ask(sql`SAVEPOINT file`)
  await insertFile(connection, key, bytes()).catch(async error => {
    if (error !== failure) throw error
    await connection.ask(sql`ROLLBACK TO file`)
  })
  await connection.ask(sql`RELEASE file`)
  return failure
}
