// Accounts for the bench: b0 to b12999, all with the password x, hashed cheaply, so that joining does not take hours.

import { argon2Sync } from 'node:crypto'
import { migrations } from '../src/store/migrations.ts'
import { openWriter } from '../src/store/sqlite-file.ts'

const ACCOUNTS = 13_000

export async function seed(path: string): Promise<void> {
  const database = openWriter(path, migrations)
  const salt = Buffer.from('benchsalt')
  const tag = argon2Sync('argon2id', {
    message: 'x',
    nonce: salt,
    parallelism: 1,
    tagLength: 32,
    memory: 8,
    passes: 1,
  })
  const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  const phc = `$argon2id$v=19$m=8,t=1,p=1$${unpadded(salt)}$${unpadded(tag)}`
  const user = database.prepare(
    `INSERT INTO users (id, name, username, password, folded, skeleton, role, created_at) VALUES (?, ?, ?, ?, ?, ?, 'member', 0)`,
  )
  const member = database.prepare('INSERT INTO memberships (room_id, user_id) VALUES (1, ?)')
  database.exec('BEGIN')
  for (let i = 0; i < ACCOUNTS; i++) {
    user.run(i + 1, `B${i}`, `b${i}`, phc, `b${i}`, `b${i}`)
    member.run(i + 1)
  }
  database.exec('COMMIT')
  database.close()
}
