// Pages of messages as they are now, and the part of a room's log that one person may see.

import type { Instant, LogEvent, Message, RoomId, Seq, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import type {
  FilesPage,
  LastMessageTimes,
  Page,
  PageState,
  Reactor,
  ReactorsPage,
  Span,
} from '../../core/ports/pages.ts'
import { idsBlockedBy } from './blocks.ts'
import { message } from './event-rows.ts'
import { read } from './events.ts'
import { END, FARTHEST, headOf, idOf, isSeq, messageId, mustBeMember, seqIn, seqOf } from './open-room.ts'
import { withPolls } from './polls.ts'
import { previewsOf } from './previews.ts'
import { isAbout, type RoomView, viewOf } from './room-view.ts'
import {
  instant,
  number,
  type Row,
  row,
  rows,
  type Script,
  type Statement,
  sql,
  text,
  username,
} from './sql.ts'
import { withThreads } from './thread-summaries.ts'

function* messagesBy(statement: Statement): Script<Message[]> {
  return yield* rows(message, statement)
}

/** Without events of blocked people in direct rooms. */
export function* events(reader: UserId, room: RoomId, { after, upto, limit }: Span): Script<LogEvent[]> {
  const { hiding, since } = yield* viewOf(reader, room)
  const hidden = hiding === 1 ? yield* idsBlockedBy(reader) : []
  const events = yield* read(room, Math.max(clamped(after), since) as Seq, upto, limit)
  return events.filter(event => !hidden.includes(event.author.id) && !isAbout(event, since))
}

export function* countOthers(reader: UserId, room: RoomId, { after, upto, limit }: Span): Script<number> {
  const { hiding, since } = yield* viewOf(reader, room)
  const found = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM (
          SELECT 1 FROM messages
          WHERE id > ${idOf(room, Math.max(clamped(after), since))} AND id <= ${idOf(room, clamped(upto))}
            AND user_id <> ${reader} AND deleted_at IS NULL
            AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
          LIMIT ${limit}) AS others`,
  )
  return found ?? 0
}

export function* page(reader: UserId, room: RoomId, page: Page): Script<Message[]> {
  const view = yield* viewOf(reader, room, page)
  return yield* withDetails(view, yield* messagesOf(view, page))
}

function* messagesOf(view: RoomView, page: Page): Script<Message[]> {
  const { limit } = page
  switch (page.side) {
    case 'after':
      return yield* after(view, page.seq, limit)
    case 'before':
      return (yield* before(view, page.seq, limit)).reverse()
    case 'around':
      return yield* around(view, page.seq, { ahead: Math.ceil(limit / 2), limit })
    case 'at': {
      const earlier = yield* lastBefore(view.room, page.at)
      return yield* around(view, earlier, { ahead: Math.floor(limit / 2), limit })
    }
  }
}

/** Up to `ahead` messages up to the seq, and those after it. */
export function* around(
  view: RoomView,
  seq: Seq,
  { ahead, limit }: { ahead: number; limit: number },
): Script<Message[]> {
  const upto = yield* before(view, (seq + 1) as Seq, ahead)
  const behind = yield* after(view, seq, limit - upto.length)
  return [...upto.reverse(), ...behind]
}

/**
 * The seq after which everything at that instant or later lies, and nothing earlier: a binary search, since the times of a
 * room never go back.
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

/** Adds what does not stand in the messages' rows. */
export function* withDetails(view: RoomView, messages: Message[]): Script<Message[]> {
  const { reader } = view
  const reacted = yield* withPreviews(yield* withReactions(reader, messages))
  return yield* withThreads(view, yield* withPolls(reacted, reader))
}

function* withPreviews(messages: Message[]): Script<Message[]> {
  const linking = messages.filter(({ text }) => text.includes('://'))
  if (linking.length === 0) return messages
  const shown = yield* previewsOf(linking.map(({ room, seq }) => idOf(room, seq)))
  return messages.map(each => {
    const previews = shown.get(idOf(each.room, each.seq))
    return previews ? { ...each, previews } : each
  })
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

/** The nearest valid seq. */
export function clamped(seq: Seq): number {
  return Math.max(0, Math.min(Math.trunc(seq), END))
}

export function* before(
  { reader, room, hiding, since, reach, apart }: RoomView,
  seq: Seq,
  limit: number,
): Script<Message[]> {
  return yield* messagesBy(
    sql`SELECT * FROM said
        WHERE id > ${idOf(room, since)} AND id < ${idOf(room, Math.min(clamped(seq), reach + 1))}
          AND deleted_at IS NULL AND (${apart} = 0 OR thread_only = 0)
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY id DESC LIMIT ${limit}`,
  )
}

export function* after(
  { reader, room, hiding, since, reach, apart }: RoomView,
  seq: Seq,
  limit: number,
): Script<Message[]> {
  return yield* messagesBy(
    sql`SELECT * FROM said
        WHERE id > ${idOf(room, Math.max(clamped(seq), since))} AND id <= ${idOf(room, reach)}
          AND deleted_at IS NULL AND (${apart} = 0 OR thread_only = 0)
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY id LIMIT ${limit}`,
  )
}

export function* lastMessageTimes(reader: UserId, only?: RoomId): Script<LastMessageTimes[]> {
  const timeOf = (found: Row, column: string) =>
    found[column] === null ? undefined : (number(found, column) as Instant)
  return yield* rows(
    found => ({
      room: number(found, 'id') as RoomId,
      at: timeOf(found, 'said_at'),
      read: timeOf(found, 'read_at'),
    }),
    sql`WITH mine AS (
          SELECT rooms.id, last_seq, last_read_seq, kind = 'direct' AS hiding,
                 CASE WHEN kind = 'direct' AND joined_seq BETWEEN 0 AND 4294967295 THEN joined_seq ELSE 0 END AS since
          FROM memberships JOIN rooms ON rooms.id = room_id
          WHERE user_id = ${reader} AND (${only ?? 0} = 0 OR room_id = ${only ?? 0})
        ), hidden AS (SELECT blocked_id FROM blocks WHERE user_id = ${reader})
        SELECT id, (
                 SELECT created_at FROM messages
                 WHERE messages.id > mine.id * 4294967296 + since AND messages.id <= mine.id * 4294967296 + last_seq
                   AND deleted_at IS NULL AND NOT (hiding AND user_id IN (SELECT blocked_id FROM hidden))
                 ORDER BY messages.id DESC LIMIT 1) AS said_at, (
                 SELECT created_at FROM messages
                 WHERE messages.id > mine.id * 4294967296 + since AND messages.id <= mine.id * 4294967296 + last_read_seq
                   AND deleted_at IS NULL AND NOT (hiding AND user_id IN (SELECT blocked_id FROM hidden))
                 ORDER BY messages.id DESC LIMIT 1) AS read_at
        FROM mine ORDER BY id`,
  )
}

export function* state(reader: UserId, room: RoomId): Script<PageState> {
  yield* mustBeMember(room, reader)
  const found = yield* row(
    found => ({
      head: seqIn(found, 'last_seq'),
      changed: found.changed === null ? (0 as Seq) : seqOf(number(found, 'changed')),
      answered: found.answered === null ? (0 as Seq) : seqOf(number(found, 'answered')),
      personal: found.kind === 'direct',
    }),
    sql`SELECT kind, last_seq, (SELECT max(id) FROM changes WHERE id > ${idOf(room, 0)} AND id < ${idOf(room, END)}) AS changed,
               (SELECT max(id) FROM messages WHERE room_id = ${room} AND thread_seq IS NOT NULL) AS answered
        FROM rooms WHERE id = ${room}`,
  )
  return found ?? refuse('not-a-member')
}

/** Who has reacted, by emoji and name. */
export function* reactors(
  reader: UserId,
  room: RoomId,
  seq: Seq,
  { emoji, after, limit }: ReactorsPage,
): Script<Reactor[]> {
  const { since } = yield* viewOf(reader, room)
  if (seq <= since) refuse('no-such-message')
  return yield* rows(
    found => ({
      emoji: text(found, 'emoji'),
      person: { id: number(found, 'id') as UserId, username: username(found) },
    }),
    sql`SELECT emoji, users.id, username FROM reactions JOIN users ON users.id = user_id
        WHERE message_id = ${messageId(room, seq)} AND (${emoji ?? ''} = '' OR emoji = ${emoji ?? ''})
          AND (emoji > ${after?.emoji ?? ''} OR (emoji = ${after?.emoji ?? ''} AND folded > ${after?.username ?? ''}))
        ORDER BY emoji, folded LIMIT ${limit}`,
  )
}

/** Those of these messages that the reader may read now, by seq. Refuses 'not-a-member'. */
export function* messagesAmong(reader: UserId, room: RoomId, seqs: readonly Seq[]): Script<Message[]> {
  const view = yield* viewOf(reader, room)
  const { hiding, since } = view
  const ids = seqs.filter(seq => isSeq(seq) && seq > since).map(seq => idOf(room, seq))
  const messages = yield* messagesBy(
    sql`SELECT * FROM said
        WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify(ids)}) AS asked)
          AND deleted_at IS NULL
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY id`,
  )
  return yield* withDetails(view, messages)
}

export function* pins(reader: UserId, room: RoomId, limit: number): Script<Message[]> {
  const view = yield* viewOf(reader, room)
  const { hiding, since } = view
  const messages = yield* messagesBy(
    sql`SELECT said.* FROM pins JOIN said ON said.id = message_id
        WHERE message_id > ${idOf(room, since)} AND message_id < ${idOf(room, END)}
          AND (${hiding} = 0 OR said.user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY message_id LIMIT ${limit}`,
  )
  return yield* withDetails(view, messages)
}

export function* withFiles(
  reader: UserId,
  room: RoomId,
  { kind, before, limit }: FilesPage,
): Script<Message[]> {
  const { hiding, since, reach } = yield* viewOf(reader, room)
  const end = Math.min(before === undefined ? END : clamped(before), reach + 1)
  const wanted = { visual: 1, other: 0, any: 2 }[kind]
  return yield* messagesBy(
    sql`SELECT * FROM said
        WHERE id IN (SELECT message_id FROM attachments JOIN files ON files.key = file_key
                     WHERE message_id > ${idOf(room, since)} AND message_id < ${idOf(room, Math.max(end, since))}
                       AND (${wanted} = 2
                            OR ${wanted} = CASE WHEN waveform IS NULL AND (type LIKE 'image/%' OR type LIKE 'video/%')
                                           THEN 1 ELSE 0 END))
          AND deleted_at IS NULL
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY id DESC LIMIT ${limit}`,
  )
}
