// How long this disk takes to commit that many messages with nothing else running: the bound for any server that stores
// them.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWriter } from '../src/store/sqlite/file.ts'
import { migrations } from '../src/store/sqlite/migrations.ts'
import { quantile } from './timed.ts'

const COMMITS = 1000
const LONGEST_MS = 3000
const TEXT = 'x'.repeat(56)

/** @returns the 99th percentile over the transactions, in milliseconds */
export async function bareCommit(messages: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-bench-'))
  const database = openWriter(join(folder, 'chat.db'), migrations)
  database.exec(`INSERT INTO users (id, name, username, password, folded, skeleton, role, created_at)
                 VALUES (1, 'B', 'b', 'x', 'b', 'b', 'member', 0)`)
  const insert = database.prepare(
    'INSERT INTO messages (id, user_id, message, created_at, epoch_id) VALUES (?, 1, ?, 0, 1)',
  )
  const took: number[] = []
  let id = 2 ** 32
  const end = performance.now() + LONGEST_MS
  while (took.length < COMMITS && performance.now() < end) {
    const start = performance.now()
    database.exec('BEGIN IMMEDIATE')
    for (let i = 0; i < messages; i++) insert.run(++id, TEXT)
    database.exec('COMMIT')
    took.push(performance.now() - start)
  }
  database.close()
  await rm(folder, { recursive: true, force: true })
  return quantile(took, 0.99)
}
