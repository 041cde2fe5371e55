// Five million messages in 200 rooms: how long the store takes to read, search, count and erase among them.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Instant, RoomId, Seq, UserId } from '../src/core/model/model.ts'
import { parseQuery } from '../src/core/search/query.ts'
import { idOf } from '../src/store/scripts/open-room.ts'
import { openWriter } from '../src/store/sqlite/file.ts'
import { migrations } from '../src/store/sqlite/migrations.ts'
import { SqliteStore } from '../src/store/sqlite/store.ts'
import { indexAll } from './seed.ts'
import { quantile } from './timed.ts'

const MESSAGES = 5_000_000
export const ROOMS = 200
const SMALL = 200 as RoomId
const IN_SMALL = 100
export const EACH = Math.floor((MESSAGES - IN_SMALL) / (ROOMS - 1))
const VOCABULARY = 20_000
const RARE_EVERY = 500_000
const COMMON_EVERY = 10
const TRIES = 300

/** A member of all rooms; of the small one only; of a hundred rooms, all unread. */
const [EVERYWHERE, ALONE, BEHIND] = [1, 2, 3] as UserId[] as [UserId, UserId, UserId]

/** @returns median and 99th percentile of each call in milliseconds, the way to the store's thread and back included */
export async function fiveMillion(): Promise<[string, string][]> {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-bench-'))
  const path = join(folder, 'chat.db')
  fill(path)
  const store = await SqliteStore.open(path)
  try {
    const room = () => (1 + random(ROOMS - 1)) as RoomId
    const somewhere = () => (101 + random(EACH - 101)) as Seq
    const find = (who: UserId, typed: string) => () => store.search.find(who, parseQuery(typed, 'UTC'), 0, 20)
    const erase = () =>
      store.rooms
        .change(EVERYWHERE, room(), { kind: 'deletion', target: somewhere() }, 0 as Instant)
        .catch(() => {})
    const measured: [string, () => Promise<unknown>][] = [
      [
        'a page of 50',
        () => store.pages.page(EVERYWHERE, room(), { side: 'before', seq: somewhere(), limit: 50 }),
      ],
      [
        'a page of 50 by its time',
        () =>
          store.pages.page(EVERYWHERE, room(), {
            side: 'at',
            at: (1000 * somewhere()) as Instant,
            limit: 50,
          }),
      ],
      ['catching up with 100', () => catchUp(store, room(), somewhere())],
      ['a rare word, in all rooms', find(EVERYWHERE, 'rarísima')],
      ['a common word, in all rooms', find(EVERYWHERE, 'común')],
      ['a common word, by one who is in one small room', find(ALONE, 'común')],
      ['the unread counts of 100 rooms', () => store.rooms.mine(BEHIND)],
      ['erasing a text', erase],
    ]
    const found: [string, string][] = []
    for (const [what, call] of measured) found.push([`5 million messages: ${what}, ms`, await p99(call)])
    return found
  } finally {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function catchUp(store: SqliteStore, room: RoomId, after: Seq): Promise<unknown> {
  return store.log.read(room, (after - 100) as Seq, after, 100)
}

async function p99(call: () => Promise<unknown>): Promise<string> {
  const took: number[] = []
  for (let i = 0; i < TRIES; i++) {
    const start = performance.now()
    await call()
    took.push(performance.now() - start)
  }
  return `${quantile(took, 0.5).toFixed(2)}, p99 ${quantile(took, 0.99).toFixed(2)}`
}

let seed = 1
/** The same numbers in every run (Park and Miller's generator). */
export function random(below: number): number {
  seed = (seed * 48_271) % 0x7fffffff
  return seed % below
}

/** Writes the messages to a new file. @param password everybody's, hashed */
export function fill(path: string, password = 'x'): void {
  const database = openWriter(path, migrations)
  database.exec('PRAGMA synchronous = OFF; BEGIN')
  const user = database.prepare(
    `INSERT INTO users (id, name, username, password, folded, skeleton, role, created_at)
     VALUES (?1, ?2, ?2, ?3, ?2, ?2, 'member', 0)`,
  )
  for (let id = 1; id <= 1000; id++) user.run(id, `p${id}`, password)
  const room = database.prepare('INSERT INTO rooms (id, name, folded, skeleton) VALUES (?1, ?2, ?2, ?2)')
  const member = database.prepare('INSERT INTO memberships (room_id, user_id, role) VALUES (?, ?, ?)')
  for (let id = 1; id <= ROOMS; id++) {
    if (id > 1) room.run(id, `sala${id}`)
    member.run(id, EVERYWHERE, 'owner')
    if (id <= 100) member.run(id, BEHIND, 'member')
  }
  member.run(SMALL, ALONE, 'member')
  const insert = database.prepare(
    'INSERT INTO messages (id, user_id, message, created_at, epoch_id) VALUES (?, ?, ?, ?, 1)',
  )
  for (let id = 1; id <= ROOMS; id++) {
    const count = id === SMALL ? IN_SMALL : EACH
    for (let seq = 1; seq <= count; seq++) {
      insert.run(idOf(id as RoomId, seq), 1 + random(1000), textOf(id * EACH + seq), seq * 1000)
    }
  }
  database.exec(`UPDATE rooms SET last_seq = ${EACH}, last_at = ${EACH * 1000};
                 UPDATE rooms SET last_seq = ${IN_SMALL} WHERE id = ${SMALL};
                 COMMIT`)
  indexAll(database)
  database.close()
}

/** Eight words, of which a few occur often, as in a language. */
function textOf(number: number): string {
  const words = Array.from(
    { length: 8 },
    () => `palabra${Math.floor(VOCABULARY * (random(1000) / 1000) ** 3)}`,
  )
  if (number % COMMON_EVERY === 0) words.push('común')
  if (number % RARE_EVERY === 0) words.push('rarísima')
  return words.join(' ')
}
