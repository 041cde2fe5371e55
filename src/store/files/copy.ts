// Copies the files beside a chat.db to PostgreSQL, with the chat itself.

import { existsSync } from 'node:fs'
import type { Connection } from '../postgres/connection.ts'
import { FolderFileStorage } from './folder.ts'
import { insertFile } from './postgres.ts'

/**
 * Copies all of them in the connection's transaction.
 * @param path of the folder, which no server uses; there may be none
 */
export async function copyFiles(path: string, connection: Connection): Promise<void> {
  if (!existsSync(path)) return
  const files = await FolderFileStorage.open(path)
  for await (const key of files.keys())
    await insertFile(connection, key, files.read(key, 0, (await files.length(key)) ?? 0))
  await files.close()
}
