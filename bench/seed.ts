// Accounts for the bench: b0 to b18999, all with the password x, hashed cheaply, so that joining does not take hours;
// from b12000 to b12999 hashed as in use. From b13000 on they are in one of 200 rooms besides `general`: b13007 in
// room7.

import { argon2Sync } from 'node:crypto'
import { migrations } from '../src/store/migrations.ts'
import { openWriter } from '../src/store/sqlite-file.ts'

const ACCOUNTS = 19_000
const FIRST_HASHED_AS_IN_USE = 12_000
const FIRST_IN_ROOMS = 13_000
const ROOMS = 200

export async function seed(path: string): Promise<void> {
  const database = openWriter(path, migrations)
  const [cheap, inUse] = [phc({ memory: 8, passes: 1 }), phc({ memory: 19_456, passes: 2 })]
  const user = database.prepare(
    `INSERT INTO users (id, name, username, password, folded, skeleton, role, created_at) VALUES (?, ?, ?, ?, ?, ?, 'member', 0)`,
  )
  const room = database.prepare('INSERT INTO rooms (id, name, folded, skeleton) VALUES (?1, ?2, ?2, ?2)')
  const member = database.prepare('INSERT INTO memberships (room_id, user_id) VALUES (?, ?)')
  database.exec('BEGIN')
  for (let i = 0; i < ROOMS; i++) room.run(FIRST_ROOM + i, `room${i}`)
  for (let i = 0; i < ACCOUNTS; i++) {
    user.run(i + 1, `B${i}`, `b${i}`, isInUse(i) ? inUse : cheap, `b${i}`, `b${i}`)
    member.run(1, i + 1)
    if (i >= FIRST_IN_ROOMS) member.run(FIRST_ROOM + (i % ROOMS), i + 1)
  }
  database.exec('COMMIT')
  database.close()
}

const FIRST_ROOM = 2

function isInUse(account: number): boolean {
  return account >= FIRST_HASHED_AS_IN_USE && account < FIRST_IN_ROOMS
}

/** The password x, hashed (passwords.ts). */
function phc({ memory, passes }: { memory: number; passes: number }): string {
  const nonce = Buffer.from('benchsalt')
  const tag = argon2Sync('argon2id', { message: 'x', nonce, parallelism: 1, tagLength: 32, memory, passes })
  const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${unpadded(nonce)}$${unpadded(tag)}`
}
