// The log: every room's events under consecutive seqs.

import type { Instant, LogEvent, Message, RoomId, Seq, UserId } from '../core/model.ts'
import type { Draft, Head, Opening, Receipt } from '../core/ports.ts'
import { refuse } from '../core/refusals.ts'
import { number, type Row, row, rows, run, type Script, sql, text } from './sql.ts'

const ROOM = 2 ** 32

/** A message's primary key; (room, 0) lies before a room's first and behind the last of the room before. */
function idOf(room: RoomId, seq: number): number {
  return room * ROOM + seq
}

function message(found: Row): Message {
  const id = number(found, 'id')
  return {
    kind: 'message',
    room: Math.floor(id / ROOM) as RoomId,
    seq: (id % ROOM) as Seq,
    author: { id: number(found, 'user_id') as UserId, username: text(found, 'username') },
    text: text(found, 'message'),
    at: number(found, 'created_at') as Instant,
  }
}

export function* append(drafts: readonly Draft[], at: Instant): Script<Receipt[]> {
  const epoch = yield* row(found => number(found, 'id'), sql`SELECT MAX(id) AS id FROM epochs`)
  if (epoch === undefined) throw new Error('no epoch has begun')
  const desks = new Map<RoomId, Desk>()
  const receipts: Receipt[] = []
  for (const draft of drafts) {
    let desk = desks.get(draft.room)
    if (!desk) desks.set(draft.room, (desk = yield* openDesk(draft.room, at)))
    receipts.push(yield* appendOne(desk, draft, epoch))
  }
  for (const desk of desks.values()) yield* closeDesk(desk)
  return receipts
}

/** What one round of appends knows of a room; written back at its end. */
interface Desk {
  readonly room: RoomId
  readonly found: boolean
  /** Never before the last row's. */
  readonly at: Instant
  readonly marks: Map<UserId, { mark: number; moved: boolean } | undefined>
  readonly firstFree: number
  last: number
}

function* openDesk(room: RoomId, at: Instant): Script<Desk> {
  const state = yield* row(
    found => ({ last: number(found, 'last_seq'), lastAt: number(found, 'last_at') }),
    sql`SELECT last_seq, last_at FROM rooms WHERE id = ${room}`,
  )
  const { last, lastAt } = state ?? { last: 0, lastAt: 0 }
  const time = Math.max(at, lastAt) as Instant
  return { room, found: state !== undefined, at: time, marks: new Map(), firstFree: last + 1, last }
}

function* appendOne(desk: Desk, draft: Draft, epoch: number): Script<Receipt> {
  if (!desk.marks.has(draft.author)) desk.marks.set(draft.author, yield* readMark(desk.room, draft.author))
  const reader = desk.marks.get(draft.author)
  if (!desk.found || !reader) return { refused: 'not-a-member' }
  if (draft.key !== undefined) {
    const earlier = yield* postedUnder(draft, draft.key)
    if (earlier) return earlier
  }
  const seq = (desk.last + 1) as Seq
  desk.last += draft.texts.length
  yield* run(
    sql`INSERT INTO messages (id, user_id, message, created_at, epoch_id, key)
        SELECT ${idOf(desk.room, seq)} + key, ${draft.author}, value, ${desk.at}, ${epoch}, ${draft.key ?? null}
        FROM json_each(${JSON.stringify(draft.texts)})`,
  )
  // Who writes has read what they had been shown, and their own words when nothing stands between.
  const seen = Math.max(reader.mark, draft.seen)
  const mark = seen === seq - 1 ? desk.last : seen
  desk.marks.set(draft.author, { mark, moved: true })
  return { seq, at: desk.at }
}

function* closeDesk(desk: Desk): Script<void> {
  if (desk.last < desk.firstFree) return
  yield* run(sql`UPDATE rooms SET last_seq = ${desk.last}, last_at = ${desk.at} WHERE id = ${desk.room}`)
  for (const [user, reader] of desk.marks) {
    if (!reader?.moved) continue
    yield* run(
      sql`UPDATE memberships SET last_read_seq = ${reader.mark}
          WHERE room_id = ${desk.room} AND user_id = ${user} AND last_read_seq < ${reader.mark}`,
    )
  }
}

function* readMark(room: RoomId, user: UserId): Script<{ mark: number; moved: boolean } | undefined> {
  return yield* row(
    found => ({ mark: number(found, 'last_read_seq'), moved: false }),
    sql`SELECT last_read_seq FROM memberships WHERE room_id = ${room} AND user_id = ${user}`,
  )
}

function* postedUnder(draft: Draft, key: string): Script<Receipt | undefined> {
  const earlier = yield* row(
    found => ({
      id: number(found, 'id'),
      text: text(found, 'message'),
      at: number(found, 'created_at') as Instant,
    }),
    sql`SELECT id, message, created_at FROM messages
        WHERE room_id = ${draft.room} AND key = ${key} AND user_id = ${draft.author}`,
  )
  if (!earlier) return undefined
  if (earlier.text !== draft.texts[0]) return { refused: 'key-reused' }
  return { seq: (earlier.id % ROOM) as Seq, at: earlier.at, repeated: true }
}

export function* read(room: RoomId, after: Seq, upto: Seq, limit: number): Script<LogEvent[]> {
  return yield* rows(
    message,
    sql`SELECT messages.id, user_id, username, message, messages.created_at
        FROM messages JOIN users ON users.id = user_id
        WHERE messages.id > ${idOf(room, after)} AND messages.id <= ${idOf(room, upto)}
        ORDER BY messages.id LIMIT ${limit}`,
  )
}

export function* readInTurn(room: RoomId, after: Seq, limit: number): Script<LogEvent[]> {
  return yield* read(room, after, (ROOM - 1) as Seq, limit)
}

export function* heads(rooms: readonly RoomId[]): Script<Head[]> {
  const found: Head[] = []
  for (const room of rooms) {
    const head = yield* headOf(room)
    if (head !== undefined) found.push({ room, head })
  }
  return found
}

function* headOf(room: RoomId): Script<Seq | undefined> {
  return yield* row(
    found => number(found, 'last_seq') as Seq,
    sql`SELECT last_seq FROM rooms WHERE id = ${room}`,
  )
}

export function* opening(reader: UserId, room: RoomId, least: number, most: number): Script<Opening> {
  const head = yield* headOf(room)
  const read = yield* readMark(room, reader)
  if (head === undefined || !read) refuse('not-a-member')
  const nearest = yield* seqBefore(room, least)
  const farthest = yield* seqBefore(room, most)
  return { head, after: Math.max(farthest, Math.min(nearest, read.mark)) as Seq }
}

/** The seq behind which the room's last `count` messages lie. */
function* seqBefore(room: RoomId, count: number): Script<number> {
  const before = yield* row(
    found => number(found, 'id') % ROOM,
    sql`SELECT id FROM messages WHERE id > ${idOf(room, 0)} AND id < ${idOf(room, ROOM - 1)}
        ORDER BY id DESC LIMIT 1 OFFSET ${count}`,
  )
  return before ?? 0
}

export function* markRead(reader: UserId, room: RoomId, seq: Seq): Script<Seq> {
  const head = yield* headOf(room)
  const read = yield* readMark(room, reader)
  if (head === undefined || !read) refuse('not-a-member')
  const mark = Math.max(read.mark, Math.min(seq, head))
  yield* run(
    sql`UPDATE memberships SET last_read_seq = ${mark}
        WHERE room_id = ${room} AND user_id = ${reader} AND last_read_seq < ${mark}`,
  )
  return mark as Seq
}
