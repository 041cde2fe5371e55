// A process that stores one file and is killed meanwhile (test/store/files-killed.test.ts). Arguments: the place of the
// storage, a folder or a PostgreSQL URL; a folder for what is on its way; 'append' or 'adopt'; the key; the size in bytes.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileStorage } from '../../src/core/ports/file-storage.ts'
import { FolderFileStorage } from '../../src/store/files/folder.ts'
import { PostgresFileStorage } from '../../src/store/files/postgres.ts'
import { PostgresStore } from '../../src/store/postgres/store.ts'
import { chunked, numbered } from '../contracts/files.ts'

const [place = '', scratch = '', way, key = '', size] = process.argv.slice(2)
const files = await open()
const bytes = numbered(Number(size))
if (way === 'append') {
  const from = (await files.length(key)) ?? 0
  await files.append(key, from, chunked(bytes.subarray(from), 50_000))
} else {
  const folder = await files.scratch()
  const path = join(folder.path, 'made')
  await writeFile(path, bytes)
  await files.adopt(key, path)
}
process.stdout.write('stored\n')
process.stdin.resume() // it lives until it is killed

async function open(): Promise<FileStorage> {
  if (!place.startsWith('postgres:')) return FolderFileStorage.open(place)
  return PostgresFileStorage.open(await PostgresStore.open({ urls: [place] }), scratch)
}
