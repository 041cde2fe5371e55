// Reading the log: what happened, in order, and messages as they are now.

import type { Author, Instant, LogEvent, Message, RoomId, Seq, UserId } from '../core/model.ts'
import type { Page } from '../core/ports.ts'
import { refuse } from '../core/refusals.ts'
import { END, idOf, messageId, mustBeIn, roomOf, roomRoleOf, seqOf } from './place.ts'
import { number, oneOf, type Row, row, rows, type Script, type Statement, sql, text } from './sql.ts'

/** From a row of `said`. */
export function message(found: Row): Message {
  const { reply_seq: reply, edited_at: edited, deleted_at: deleted } = found
  return {
    kind: 'message',
    ...happened(found),
    text: text(found, 'message'),
    ...(reply === null ? {} : { reply: { seq: reply as Seq, username: text(found, 'reply_username') } }),
    ...(edited === null ? {} : { edited: true }),
    ...(deleted === null ? {} : { deleted: true }),
  }
}

function happened(found: Row) {
  const id = number(found, 'id')
  return {
    room: roomOf(id),
    seq: seqOf(id),
    author: { id: number(found, 'user_id') as UserId, username: text(found, 'username') },
    at: number(found, 'created_at') as Instant,
  }
}

const WHATS = ['name', 'topic', 'archived', 'silenced', 'slow'] as const
const HOWS = ['left', 'kicked', 'banned'] as const

/** From the columns of `changesIn`. */
function change(found: Row): LogEvent {
  const base = happened(found)
  const kind = text(found, 'kind')
  switch (kind) {
    case 'edit':
      return { kind, ...base, target: target(found), text: text(found, 'now') }
    case 'deletion':
      return { kind, ...base, target: target(found) }
    case 'reaction':
      return { kind, ...base, target: target(found), emoji: text(found, 'value'), on: isOn(found) }
    case 'pin':
      return { kind, ...base, target: target(found), on: isOn(found) }
    case 'arrival':
      return { kind, ...base, person: subject(found) }
    case 'removal': {
      const how = oneOf(HOWS, found, 'value')
      return { kind, ...base, person: subject(found), how, reason: text(found, 'detail') }
    }
    case 'appointment':
      return { kind, ...base, person: subject(found), role: roomRoleOf(found, 'value') }
    case 'muting':
      return { kind, ...base, person: subject(found), until: Number(text(found, 'value')) as Instant }
    case 'alteration':
      return { kind, ...base, what: oneOf(WHATS, found, 'detail'), value: text(found, 'value') }
    default:
      throw new TypeError(`no kind of change: ${kind}`)
  }
}

function target(found: Row): Seq {
  return number(found, 'target_seq') as Seq
}

function isOn(found: Row): boolean {
  return text(found, 'detail') === 'on'
}

function subject(found: Row): Author {
  return { id: number(found, 'person_id') as UserId, username: text(found, 'person') }
}

export function* read(room: RoomId, after: Seq, upto: Seq, limit: number): Script<LogEvent[]> {
  const [first, last] = [idOf(room, after), idOf(room, upto)]
  const messages = yield* rows(
    message,
    sql`SELECT * FROM said
        WHERE id > ${first} AND id <= ${last}
        ORDER BY id LIMIT ${limit}`,
  )
  const changes = yield* changesIn(first, last, limit)
  if (changes.length === 0) return messages
  return [...messages, ...changes].sort((a, b) => a.seq - b.seq).slice(0, limit)
}

function* changesIn(first: number, last: number, limit: number): Script<LogEvent[]> {
  return yield* rows(
    change,
    sql`SELECT changes.id, user_id, actor.username, kind, target_seq, person_id, person.username AS person,
               value, detail, changes.created_at,
               (SELECT message FROM messages
                WHERE messages.id = changes.id - (changes.id & 0xffffffff) + target_seq) AS now
        FROM changes JOIN users AS actor ON actor.id = user_id LEFT JOIN users AS person ON person.id = person_id
        WHERE changes.id > ${first} AND changes.id <= ${last}
        ORDER BY changes.id LIMIT ${limit}`,
  )
}

export function* readInTurn(room: RoomId, after: Seq, limit: number): Script<LogEvent[]> {
  return yield* read(room, after, END, limit)
}

/** One event, which must be there. */
export function* eventAt(room: RoomId, seq: Seq): Script<LogEvent> {
  const [event] = yield* read(room, (seq - 1) as Seq, seq, 1)
  if (!event) throw new Error(`nothing is at ${room}/${seq}`)
  return event
}

function* messagesBy(statement: Statement): Script<Message[]> {
  return yield* rows(message, statement)
}

/**
 * The ids, as JSON, of those whose words the reader is not shown in the room: who is blocked, in a direct one.
 */
export function* hiddenFrom(reader: UserId, room: RoomId): Script<string> {
  const ids = yield* rows(
    found => number(found, 'blocked_id'),
    sql`SELECT blocked_id FROM blocks
        WHERE user_id = ${reader} AND EXISTS (SELECT 1 FROM rooms WHERE id = ${room} AND kind = 'direct')`,
  )
  return JSON.stringify(ids)
}

export function* page(reader: UserId, room: RoomId, { side, seq, limit }: Page): Script<Message[]> {
  yield* mustBeIn(room, reader)
  const hidden = yield* hiddenFrom(reader, room)
  if (side === 'after') return yield* after({ room, hidden }, seq, limit)
  if (side === 'before') return (yield* before({ room, hidden }, seq, limit)).reverse()
  const ahead = yield* before({ room, hidden }, (seq + 1) as Seq, Math.ceil(limit / 2))
  return [...ahead.reverse(), ...(yield* after({ room, hidden }, seq, limit - ahead.length))]
}

interface Shown {
  readonly room: RoomId
  readonly hidden: string
}

/** Whatever is asked for, a place in the room. */
function clamped(seq: Seq): number {
  return Math.max(0, Math.min(Math.trunc(seq), END))
}

function* before({ room, hidden }: Shown, seq: Seq, limit: number): Script<Message[]> {
  return yield* messagesBy(
    sql`SELECT * FROM said
        WHERE id > ${idOf(room, 0)} AND id < ${idOf(room, clamped(seq))}
          AND deleted_at IS NULL AND user_id NOT IN (SELECT value FROM json_each(${hidden}))
        ORDER BY id DESC LIMIT ${limit}`,
  )
}

function* after({ room, hidden }: Shown, seq: Seq, limit: number): Script<Message[]> {
  return yield* messagesBy(
    sql`SELECT * FROM said
        WHERE id > ${idOf(room, clamped(seq))} AND id < ${idOf(room, END)}
          AND deleted_at IS NULL AND user_id NOT IN (SELECT value FROM json_each(${hidden}))
        ORDER BY id LIMIT ${limit}`,
  )
}

export function* thread(reader: UserId, room: RoomId, seq: Seq, limit: number): Script<Message[]> {
  yield* mustBeIn(room, reader)
  const root = yield* row(
    found => number(found, 'root') as Seq,
    sql`SELECT COALESCE(thread_seq, seq) AS root FROM messages WHERE id = ${messageId(room, seq)}`,
  )
  if (root === undefined) refuse('no-such-message')
  return yield* messagesBy(
    sql`SELECT * FROM said
        WHERE (id = ${idOf(room, root)} OR (room_id = ${room} AND thread_seq = ${root}))
          AND deleted_at IS NULL
          AND user_id NOT IN (SELECT value FROM json_each(${yield* hiddenFrom(reader, room)}))
        ORDER BY id LIMIT ${limit}`,
  )
}

export function* pins(reader: UserId, room: RoomId, limit: number): Script<Message[]> {
  yield* mustBeIn(room, reader)
  return yield* messagesBy(
    sql`SELECT said.* FROM pins JOIN said ON said.id = message_id
        WHERE message_id > ${idOf(room, 0)} AND message_id < ${idOf(room, END)}
          AND said.user_id NOT IN (SELECT value FROM json_each(${yield* hiddenFrom(reader, room)}))
        ORDER BY message_id LIMIT ${limit}`,
  )
}
