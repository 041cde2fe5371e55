// Reading the log: what happened, in order, and messages as they are now.

import type {
  Alteration,
  Appointment,
  Author,
  Instant,
  LogEvent,
  Masking,
  Message,
  RoomId,
  Seq,
  UserId,
} from '../../core/model/model.ts'
import { NOBODY } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { LastSaid, Page, PageState, Span } from '../../core/ports/pages.ts'
import { idsBlockedBy } from './blocks.ts'
import { formatOf, stylesOf, tagsOf } from './format.ts'
import { listOf } from './masks.ts'
import {
  END,
  FARTHEST,
  headOf,
  idOf,
  isSeq,
  knownRoomRole,
  messageId,
  mustBeIn,
  reachOf,
  roomOf,
  seqIn,
  seqOf,
} from './open-room.ts'
import {
  instant,
  number,
  oneOf,
  type Row,
  row,
  rows,
  type Script,
  type Statement,
  sql,
  text,
  username,
} from './sql.ts'

/** From a row of `said`. */
export function message(found: Row): Message {
  const { reply_username: original, edited_at: edited, deleted_at: deleted } = found
  return {
    kind: 'message',
    ...happened(found),
    text: text(found, 'message'),
    format: formatOf(found),
    ...(found.styles === null ? {} : { styles: stylesOf(found) }),
    ...(found.action === 1 ? { action: true } : {}),
    ...(original !== null && replyTo(found)),
    ...(found.notice === 1 ? { notice: true } : {}),
    ...(found.tags === null ? {} : tagsOf(found)),
    ...(found.everyone === 1 ? { everyone: true } : {}),
    ...(edited === null ? {} : { edited: true }),
    ...(deleted === null ? {} : { deleted: true }),
  }
}

/** Nothing for a place that is in another room. */
function replyTo(found: Row): Pick<Message, 'reply'> {
  const seq = number(found, 'reply_seq')
  return isSeq(seq) ? { reply: { seq: seq as Seq, username: username(found, 'reply_username') } } : {}
}

function happened(found: Row) {
  const id = number(found, 'id')
  return {
    room: roomOf(id),
    seq: seqOf(id),
    author: { id: number(found, 'user_id') as UserId, username: username(found) },
    at: instant(found, 'created_at'),
  }
}

const WHATS: readonly Alteration['what'][] = [
  'name',
  'topic',
  'archived',
  'silenced',
  'slow',
  'kind',
  'key',
  'limit',
  'open-topic',
  'no-ctcp',
  'no-guests',
  'quiet-guests',
]
/** Those whose value is a whole number. */
const COUNTED: readonly Alteration['what'][] = ['silenced', 'slow', 'limit']
const HOWS = ['left', 'kicked', 'banned'] as const

/** From the columns of `changesIn`. Throws TypeError for what makes no sense: it is shown as a hole. */
function change(found: Row): LogEvent {
  const base = happened(found)
  const kind = text(found, 'kind')
  switch (kind) {
    case 'edit':
      if (found.now === null) return { kind: 'deletion', ...base, target: target(found) } // by another program
      return { kind, ...base, target: target(found), text: text(found, 'now'), format: formatOf(found) }
    case 'deletion':
      return { kind, ...base, target: target(found), ...reasonIn(text(found, 'detail')) }
    case 'reaction':
      return { kind, ...base, target: target(found), emoji: text(found, 'value'), on: isOn(found) }
    case 'pin':
      return { kind, ...base, target: target(found), text: text(found, 'now'), on: isOn(found) }
    case 'arrival':
      return { kind, ...base, person: subject(found) }
    case 'removal': {
      const how = sensible(oneOf(HOWS, found, 'value'))
      const [reason = '', until] = text(found, 'detail').split('\n')
      const end = until === undefined ? {} : { until: moment(until) }
      return { kind, ...base, person: subject(found), how, reason, ...end }
    }
    case 'appointment':
      return {
        kind,
        ...base,
        person: subject(found),
        role: sensible(knownRoomRole(found, 'value')),
        ...roleBefore(found),
      }
    case 'muting':
      return { kind, ...base, person: subject(found), until: moment(text(found, 'value')) }
    case 'mask':
      return { kind, ...base, ...masking(found), mask: text(found, 'value') }
    case 'alteration':
      return { kind, ...base, ...altering(found) }
    default:
      throw new TypeError(`no kind of change: ${kind}`)
  }
}

function sensible<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('it makes no sense')
  return value
}

/** Written as text, as are those of which many are for ever. */
function moment(written: string): Instant {
  const at = Number(written)
  return sensible(Number.isSafeInteger(at) && at >= 0 ? (at as Instant) : undefined)
}

/** Files of before it was noted have nothing there. */
function roleBefore(found: Row): Pick<Appointment, 'before'> {
  const before = knownRoomRole(found, 'detail')
  return before === undefined ? {} : { before }
}

/** `topic`; of a name maybe with a reason behind it: `name it was misspelt` */
function altering(found: Row): Pick<Alteration, 'what' | 'value' | 'reason'> {
  const [said = '', reason = ''] = text(found, 'detail').split(/ (.*)/s)
  const what = sensible(oneOf(WHATS, { said }, 'said'))
  const value = text(found, 'value')
  if (COUNTED.includes(what)) moment(value)
  return { what, value, ...reasonIn(reason) }
}

function reasonIn(reason: string): { readonly reason?: string } {
  return reason === '' ? {} : { reason }
}

/** `ban on` */
function masking(found: Row): Pick<Masking, 'list' | 'on'> {
  const [list = '', on] = text(found, 'detail').split(' ')
  return { list: sensible(listOf({ list })), on: on === 'on' }
}

function target(found: Row): Seq {
  const seq = number(found, 'target_seq')
  return sensible(isSeq(seq) ? (seq as Seq) : undefined)
}

function isOn(found: Row): boolean {
  return text(found, 'detail') === 'on'
}

function subject(found: Row): Author {
  sensible(found.person ?? undefined)
  return { id: number(found, 'person_id') as UserId, username: username(found, 'person') }
}

export function* read(room: RoomId, after: Seq, upto: Seq, limit: number): Script<LogEvent[]> {
  const last = Math.min(upto, after + limit)
  if (last <= after) return []
  const found = yield* rowsIn(idOf(room, after), idOf(room, last))
  if (found.length === last - after) return found
  const head = (yield* headOf(room)) ?? 0
  return withoutHoles(found, { room, after, last: Math.max(Math.min(last, head), found.at(-1)?.seq ?? 0) })
}

function* rowsIn(after: number, upto: number): Script<LogEvent[]> {
  const messages = yield* rows(
    message,
    sql`SELECT * FROM said
        WHERE id > ${after} AND id <= ${upto}
        ORDER BY id`,
  )
  const changes = yield* changesIn(after, upto)
  if (changes.length === 0) return messages
  return [...messages, ...changes].sort((a, b) => a.seq - b.seq)
}

/** Other programs may have deleted rows, and the people whose they were: what is missing is shown as deleted. */
function withoutHoles(
  found: readonly LogEvent[],
  { room, after, last }: { room: RoomId; after: Seq; last: number },
): LogEvent[] {
  const events: LogEvent[] = []
  const bySeq = new Map(found.map(event => [event.seq, event]))
  let at = found[0]?.at ?? (0 as Instant)
  for (let seq = after + 1; seq <= last; seq++) {
    const event = bySeq.get(seq as Seq) ?? hole(room, seq as Seq, at)
    events.push(event)
    at = event.at
  }
  return events
}

function hole(room: RoomId, seq: Seq, at: Instant): Message {
  return { kind: 'message', room, seq, author: NOBODY, at, text: '', format: 'plain', deleted: true }
}

function* changesIn(after: number, upto: number): Script<LogEvent[]> {
  const found = yield* rows(
    legible,
    sql`SELECT changes.id, changes.user_id, actor.username, kind, target_seq, person_id, person.username AS person,
               value, detail, changes.created_at,
               original.message AS now, original.format
        FROM changes JOIN users AS actor ON actor.id = changes.user_id LEFT JOIN users AS person ON person.id = person_id
        LEFT JOIN messages AS original ON original.id = changes.id - (changes.id & 4294967295)
          + CASE WHEN target_seq BETWEEN 1 AND 4294967294 THEN target_seq END
        WHERE changes.id > ${after} AND changes.id <= ${upto}
        ORDER BY changes.id`,
  )
  return found.filter(event => event !== undefined)
}

/** undefined for one that makes no sense: somebody has changed it, or whom it is about, from outside. */
function legible(found: Row): LogEvent | undefined {
  try {
    return change(found)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

export function* readInTurn(room: RoomId, after: Seq, limit: number): Script<LogEvent[]> {
  return yield* read(room, after, END, limit)
}

/** One event, which was written just now: another program's trigger may have left it out. Refuses 'store-refused'. */
export function* eventAt(room: RoomId, seq: Seq): Script<LogEvent> {
  const [event] = yield* read(room, (seq - 1) as Seq, seq, 1)
  return event && event.author.id !== NOBODY.id ? event : refuse('store-refused')
}

function* messagesBy(statement: Statement): Script<Message[]> {
  return yield* rows(message, statement)
}

/** A room, as the reader may look back at it. */
interface Shown {
  readonly reader: UserId
  readonly room: RoomId
  /** Where the reader is not shown what somebody says whom they have blocked: 1 in a direct room, else 0. */
  readonly hiding: number
  /** Nothing behind it is the room's. */
  readonly reach: number
}

/** Refuses 'not-a-member'. */
function* shownTo(reader: UserId, room: RoomId): Script<Shown> {
  yield* mustBeIn(room, reader)
  const found = yield* row(
    ({ kind, last_seq: last }) => ({ hiding: kind === 'direct' ? 1 : 0, reach: reachOf(Number(last)) }),
    sql`SELECT kind, last_seq FROM rooms WHERE id = ${room}`,
  )
  return { reader, room, ...(found ?? refuse('not-a-member')) }
}

/** Without what those do in direct rooms whom the reader has blocked. */
export function* between(reader: UserId, room: RoomId, { after, upto, limit }: Span): Script<LogEvent[]> {
  const { hiding } = yield* shownTo(reader, room)
  const hidden = hiding === 1 ? yield* idsBlockedBy(reader) : []
  const events = yield* read(room, after, upto, limit)
  return events.filter(({ author }) => !hidden.includes(author.id))
}

export function* countOthers(
  reader: UserId,
  room: RoomId,
  { after, upto }: Omit<Span, 'limit'>,
): Script<number> {
  const { hiding } = yield* shownTo(reader, room)
  const found = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM messages
        WHERE id > ${idOf(room, clamped(after))} AND id <= ${idOf(room, clamped(upto))}
          AND user_id <> ${reader} AND deleted_at IS NULL
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))`,
  )
  return found ?? 0
}

export function* page(reader: UserId, room: RoomId, page: Page): Script<Message[]> {
  const shown = yield* shownTo(reader, room)
  return yield* withReactions(reader, yield* messagesOf(shown, page))
}

function* messagesOf(shown: Shown, page: Page): Script<Message[]> {
  const { limit } = page
  switch (page.side) {
    case 'after':
      return yield* after(shown, page.seq, limit)
    case 'before':
      return (yield* before(shown, page.seq, limit)).reverse()
    case 'around':
      return yield* about(shown, page.seq, { ahead: Math.ceil(limit / 2), limit })
    case 'at': {
      const earlier = yield* lastBefore(shown.room, page.at)
      return yield* about(shown, earlier, { ahead: Math.floor(limit / 2), limit })
    }
  }
}

/** As many as `ahead` up to the seq, and what comes behind it. */
function* about(
  shown: Shown,
  seq: Seq,
  { ahead, limit }: { ahead: number; limit: number },
): Script<Message[]> {
  const upto = yield* before(shown, (seq + 1) as Seq, ahead)
  const behind = yield* after(shown, seq, limit - upto.length)
  return [...upto.reverse(), ...behind]
}

/**
 * A seq behind which lies all that was said at that instant or later, and nothing that was said before: the times of a
 * room never go back, so its seqs can be halved.
 */
export function* lastBefore(room: RoomId, at: Instant): Script<Seq> {
  let low = 0
  let high = Math.max(0, Math.min((yield* headOf(room)) ?? 0, FARTHEST))
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const next = yield* firstIn(idOf(room, middle), idOf(room, high))
    if (next && next.at < at) low = next.seq
    else high = middle
  }
  return low as Seq
}

/** The first message in (after, upto], by ids. */
function* firstIn(after: number, upto: number): Script<{ seq: Seq; at: number } | undefined> {
  return yield* row(
    found => ({ seq: seqOf(number(found, 'id')), at: instant(found, 'created_at') }),
    sql`SELECT id, created_at FROM messages WHERE id > ${after} AND id <= ${upto} ORDER BY id LIMIT 1`,
  )
}

function* withReactions(reader: UserId, messages: Message[]): Script<Message[]> {
  const ids = messages.map(({ room, seq }) => idOf(room, seq))
  const found = yield* rows(
    found => ({
      id: number(found, 'message_id'),
      reacted: { emoji: text(found, 'emoji'), count: number(found, 'count'), mine: found.mine === 1 },
    }),
    sql`SELECT message_id, emoji, count(*) AS count, max(CASE WHEN user_id = ${reader} THEN 1 ELSE 0 END) AS mine FROM reactions
        WHERE message_id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify(ids)}))
        GROUP BY message_id, emoji ORDER BY message_id, emoji`,
  )
  if (found.length === 0) return messages
  const byMessage = Map.groupBy(found, ({ id }) => id)
  return messages.map((each, i) => {
    const reactions = byMessage.get(ids[i] ?? 0)?.map(({ reacted }) => reacted)
    return reactions ? { ...each, reactions } : each
  })
}

/** Whatever is asked for, a place in the room. */
function clamped(seq: Seq): number {
  return Math.max(0, Math.min(Math.trunc(seq), END))
}

function* before({ reader, room, hiding, reach }: Shown, seq: Seq, limit: number): Script<Message[]> {
  return yield* messagesBy(
    sql`SELECT * FROM said
        WHERE id > ${idOf(room, 0)} AND id < ${idOf(room, Math.min(clamped(seq), reach + 1))}
          AND deleted_at IS NULL
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY id DESC LIMIT ${limit}`,
  )
}

function* after({ reader, room, hiding, reach }: Shown, seq: Seq, limit: number): Script<Message[]> {
  return yield* messagesBy(
    sql`SELECT * FROM said
        WHERE id > ${idOf(room, clamped(seq))} AND id <= ${idOf(room, reach)}
          AND deleted_at IS NULL
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY id LIMIT ${limit}`,
  )
}

export function* lastSaid(reader: UserId, only?: RoomId): Script<LastSaid[]> {
  const timeOf = (found: Row, column: string) =>
    found[column] === null ? undefined : (number(found, column) as Instant)
  return yield* rows(
    found => ({
      room: number(found, 'id') as RoomId,
      at: timeOf(found, 'said_at'),
      read: timeOf(found, 'read_at'),
    }),
    sql`WITH mine AS (
          SELECT rooms.id, last_seq, last_read_seq, kind = 'direct' AS hiding
          FROM memberships JOIN rooms ON rooms.id = room_id
          WHERE user_id = ${reader} AND (${only ?? 0} = 0 OR room_id = ${only ?? 0})
        ), hidden AS (SELECT blocked_id FROM blocks WHERE user_id = ${reader})
        SELECT id, (
                 SELECT created_at FROM messages
                 WHERE messages.id > mine.id * 4294967296 AND messages.id <= mine.id * 4294967296 + last_seq
                   AND deleted_at IS NULL AND NOT (hiding AND user_id IN (SELECT blocked_id FROM hidden))
                 ORDER BY messages.id DESC LIMIT 1) AS said_at, (
                 SELECT created_at FROM messages
                 WHERE messages.id > mine.id * 4294967296 AND messages.id <= mine.id * 4294967296 + last_read_seq
                   AND deleted_at IS NULL AND NOT (hiding AND user_id IN (SELECT blocked_id FROM hidden))
                 ORDER BY messages.id DESC LIMIT 1) AS read_at
        FROM mine ORDER BY id`,
  )
}

export function* state(reader: UserId, room: RoomId): Script<PageState> {
  yield* mustBeIn(room, reader)
  const found = yield* row(
    found => ({
      head: seqIn(found, 'last_seq'),
      changed: found.changed === null ? (0 as Seq) : seqOf(number(found, 'changed')),
      personal: found.kind === 'direct',
    }),
    sql`SELECT kind, last_seq, (SELECT max(id) FROM changes WHERE id > ${idOf(room, 0)} AND id < ${idOf(room, END)}) AS changed
        FROM rooms WHERE id = ${room}`,
  )
  return found ?? refuse('not-a-member')
}

export function* thread(reader: UserId, room: RoomId, seq: Seq, limit: number): Script<Message[]> {
  const { hiding } = yield* shownTo(reader, room)
  const root = yield* row(
    found => seqIn(found, 'root') || seq,
    sql`SELECT COALESCE(thread_seq, seq) AS root FROM messages WHERE id = ${messageId(room, seq)}`,
  )
  if (root === undefined) refuse('no-such-message')
  const messages = yield* messagesBy(
    sql`SELECT * FROM said
        WHERE (id = ${idOf(room, root)} OR (room_id = ${room} AND thread_seq = ${root}))
          AND deleted_at IS NULL
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY id LIMIT ${limit}`,
  )
  return yield* withReactions(reader, messages)
}

export function* pins(reader: UserId, room: RoomId, limit: number): Script<Message[]> {
  const { hiding } = yield* shownTo(reader, room)
  const messages = yield* messagesBy(
    sql`SELECT said.* FROM pins JOIN said ON said.id = message_id
        WHERE message_id > ${idOf(room, 0)} AND message_id < ${idOf(room, END)}
          AND (${hiding} = 0 OR said.user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY message_id LIMIT ${limit}`,
  )
  return yield* withReactions(reader, messages)
}
