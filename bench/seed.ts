// Accounts for the bench: b0 to b18999, all with the password x. Its hash is cheap, so that joining does not take
// hours, but for b12000 to b12999, whose hash costs what it does in production. From b13000 on each is also in one of
// 200 rooms: b13007 in room7. Each has a token: its name, padded.

import { argon2Sync, hash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { GENERAL, type RoomId } from '../src/core/model/model.ts'
import { idOf } from '../src/store/scripts/open-room.ts'
import { index, renew, tidy } from '../src/store/scripts/search.ts'
import type { Script } from '../src/store/scripts/sql.ts'
import { openWriter, Runner } from '../src/store/sqlite/file.ts'
import { migrations } from '../src/store/sqlite/migrations.ts'

const ACCOUNTS = 19_000
const FIRST_PROPERLY_HASHED = 12_000
const FIRST_IN_ROOMS = 13_000
const ROOMS = 200

export async function seed(path: string): Promise<void> {
  const database = openWriter(path, migrations)
  const [cheap, proper] = [cheapPassword(), phc({ memory: 19_456, passes: 2 })]
  const user = database.prepare(
    `INSERT INTO users (id, name, username, password, folded, skeleton, role, created_at, verifier)
     VALUES (?, ?, ?, ?, ?, ?, 'member', 0, 'none')`,
  )
  const room = database.prepare('INSERT INTO rooms (id, name, folded, skeleton) VALUES (?1, ?2, ?2, ?2)')
  const member = database.prepare('INSERT INTO memberships (room_id, user_id) VALUES (?, ?)')
  const session = database.prepare(
    `INSERT INTO sessions (user_id, door, address, created_at, used_at, hash, scope)
     VALUES (?1, 'web', '127.0.0.1', ?2, ?2, ?3, 'admin')`,
  )
  const now = Date.now()
  database.exec('BEGIN')
  for (let i = 0; i < ROOMS; i++) room.run(FIRST_ROOM + i, `room${i}`)
  for (let i = 0; i < ACCOUNTS; i++) {
    user.run(i + 1, `B${i}`, `b${i}`, isProperlyHashed(i) ? proper : cheap, `b${i}`, `b${i}`)
    member.run(1, i + 1)
    session.run(i + 1, now, hash('sha256', tokenOf(i)))
    if (i >= FIRST_IN_ROOMS) member.run(FIRST_ROOM + (i % ROOMS), i + 1)
  }
  database.exec('COMMIT')
  database.close()
}

interface Talk {
  readonly text: (seq: number) => string
  /** Milliseconds since 1970. */
  readonly at: (seq: number) => number
  /** The author: the number of an account. */
  readonly by: (seq: number) => number
}

const MONOTONE: Talk = {
  text: seq => `${seq} `.padEnd(TEXT, 'x'),
  at: seq => seq,
  by: seq => seq % 1000,
}

/** Seeds accounts, and `count` messages in `general`; by default from the first thousand accounts in turn. */
export async function seedWithMessages(path: string, count: number, talk = MONOTONE): Promise<void> {
  await seed(path)
  const database = openWriter(path, migrations)
  const epoch = database.prepare("INSERT INTO epochs (epoch, began_at) VALUES ('seeded', 0)").run()
  const message = database.prepare(
    'INSERT INTO messages (id, user_id, message, created_at, epoch_id) VALUES (?, ?, ?, ?, ?)',
  )
  database.exec('BEGIN')
  for (let seq = 1; seq <= count; seq++) {
    message.run(idOf(GENERAL, seq), 1 + talk.by(seq), talk.text(seq), talk.at(seq), epoch.lastInsertRowid)
  }
  const head = database.prepare('UPDATE rooms SET last_seq = ?1, last_at = ?2 WHERE id = ?3')
  head.run(count, talk.at(count), GENERAL)
  database.exec('COMMIT')
  indexAll(database)
  database.close()
}

/** Indexes everything, as an idle server does (core/search/indexer.ts), in larger steps. */
export function indexAll(database: DatabaseSync): void {
  const runner = new Runner(database)
  const within = <T>(script: Script<T>): T => {
    database.exec('BEGIN')
    const value = runner.run(script)
    database.exec('COMMIT')
    return value
  }
  within(renew())
  const nowhere = 0 as RoomId
  for (let before: RoomId | undefined = nowhere; before !== undefined; ) {
    const next: RoomId | undefined = within(index(before, 1000))
    before = next ?? (before === nowhere ? undefined : nowhere)
  }
  while (within(tidy(4096)));
}

/** Characters of a message, as in load.c. */
const TEXT = 56
const FIRST_ROOM = 2

/** The account's token; the same as in ws.h and http.c. */
export function tokenOf(account: number): string {
  return `b${account}`.padEnd(43, '_')
}

function isProperlyHashed(account: number): boolean {
  return account >= FIRST_PROPERLY_HASHED && account < FIRST_IN_ROOMS
}

/** A hash of the password x that takes no time to verify. */
export function cheapPassword(): string {
  return phc({ memory: 8, passes: 1 })
}

/** The password x, hashed (core/people/passwords.ts). */
function phc({ memory, passes }: { memory: number; passes: number }): string {
  const nonce = Buffer.from('benchsalt')
  const tag = argon2Sync('argon2id', { message: 'x', nonce, parallelism: 1, tagLength: 32, memory, passes })
  const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${unpadded(nonce)}$${unpadded(tag)}`
}
