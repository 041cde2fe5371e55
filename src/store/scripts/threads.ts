// Threads: their answers, and who follows them.

import type { Message, RoomId, Seq, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { FollowedThread, ThreadPage, ThreadStanding } from '../../core/ports/threads.ts'
import { message } from './event-rows.ts'
import { idOf, isSeq, LAST_ROOM, messageId, roomOf, seqIn, seqOf } from './open-room.ts'
import { withDetails } from './pages.ts'
import { viewOf } from './room-view.ts'
import { number, row, rows, run, type Script, sql } from './sql.ts'
import { withThreads } from './thread-summaries.ts'

/** Unread answers of one thread that are counted, as in rooms. */
const MOST_UNREAD = 100

/** The root of the thread that a message is in. Refuses 'no-such-message'. */
function* rootOf(room: RoomId, seq: Seq): Script<Seq> {
  const root = yield* row(
    found => seqIn(found, 'root') || seq,
    sql`SELECT COALESCE(thread_seq, seq) AS root FROM messages WHERE id = ${messageId(room, seq)}`,
  )
  return root ?? refuse('no-such-message')
}

export function* page(reader: UserId, room: RoomId, seq: Seq, page: ThreadPage): Script<Message[]> {
  const view = yield* viewOf(reader, room)
  const root = yield* rootOf(room, seq)
  const end = Math.max(0, Math.min(page.before ?? view.reach + 1, view.reach + 1))
  const messages = yield* rows(
    message,
    sql`SELECT * FROM (
          SELECT * FROM said
          WHERE room_id = ${room} AND thread_seq = ${root} AND id < ${idOf(room, end)} AND deleted_at IS NULL
            AND id > ${idOf(room, view.since)}
            AND (${view.hiding} = 0
                 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
          ORDER BY id DESC LIMIT ${page.limit}) AS answers
        UNION ALL
        SELECT * FROM said
        WHERE id = ${idOf(room, root)} AND id > ${idOf(room, view.since)}
          AND (${view.hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))`,
  )
  return yield* withDetails(
    view,
    messages.sort((a, b) => a.seq - b.seq),
  )
}

export function* standing(reader: UserId, room: RoomId, seq: Seq): Script<ThreadStanding> {
  yield* viewOf(reader, room)
  const root = yield* rootOf(room, seq)
  const [found] = yield* standings(reader, { only: idOf(room, root), skip: 0, limit: 1 })
  return found ? standingOf(found) : { root, following: false, read: 0 as Seq, unread: 0 }
}

export function* follow(reader: UserId, room: RoomId, seq: Seq, on: boolean): Script<boolean> {
  const { last, since } = yield* viewOf(reader, room)
  if (seq <= since) refuse('no-such-message')
  const id = idOf(room, yield* rootOf(room, seq))
  const there = yield* row(
    found => number(found, 'following') === 1,
    sql`SELECT following FROM followed_threads WHERE user_id = ${reader} AND root_id = ${id}`,
  )
  if ((there ?? false) === on) return false
  yield* run(
    sql`INSERT INTO followed_threads (user_id, root_id, following, read_seq)
        VALUES (${reader}, ${id}, ${on ? 1 : 0}, ${last})
        ON CONFLICT (user_id, root_id) DO UPDATE SET following = ${on ? 1 : 0}, read_seq = ${last}`,
  )
  return true
}

export function* markRead(reader: UserId, room: RoomId, seq: Seq, upto: Seq): Script<boolean> {
  const { last } = yield* viewOf(reader, room)
  const mark = isSeq(upto) ? Math.min(upto, last) : 0
  const moved = yield* row(
    found => number(found, 'root_id'),
    sql`UPDATE followed_threads SET read_seq = ${mark}
        WHERE user_id = ${reader} AND root_id = ${idOf(room, yield* rootOf(room, seq))} AND following = 1
          AND read_seq < ${mark}
        RETURNING root_id`,
  )
  return moved !== undefined
}

interface StandingRow extends ThreadStanding {
  /** Ids of messages; `latest` is 0 where there is no answer. */
  readonly id: number
  readonly latest: number
}

/** @param which `only`: the id of one root, whether or not it is followed; 0 for all that are */
function* standings(
  reader: UserId,
  { only, skip, limit }: { only: number; skip: number; limit: number },
): Script<StandingRow[]> {
  return yield* rows(
    found => ({
      id: number(found, 'root_id'),
      root: seqOf(number(found, 'root_id')),
      following: number(found, 'following') === 1,
      read: seqIn(found, 'read_seq'),
      unread: number(found, 'unread'),
      latest: number(found, 'latest'),
    }),
    sql`SELECT root_id, following, read_seq, latest, unread FROM (
          SELECT root_id, following, read_seq, COALESCE((
                   SELECT messages.id FROM messages
                   WHERE messages.room_id = followed.room_id AND thread_seq = root_seq AND deleted_at IS NULL
                   ORDER BY messages.id DESC LIMIT 1), 0) AS latest,
                 CASE WHEN level = 'invisible' OR following = 0 THEN 0 ELSE (
                   SELECT count(*) FROM (
                     SELECT 1 FROM messages
                     WHERE messages.room_id = followed.room_id AND thread_seq = root_seq AND deleted_at IS NULL
                       AND messages.id > root_id - root_seq + read_seq AND messages.user_id <> ${reader}
                       AND (thread_only = 1 OR seq > last_read_seq)
                       AND messages.user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader})
                     LIMIT ${MOST_UNREAD}) AS counted) END AS unread
          FROM (
            SELECT root_id, following, CASE WHEN read_seq BETWEEN 0 AND 4294967295 THEN read_seq ELSE 0 END AS read_seq,
                   root_id >> 32 AS room_id, root_id & 4294967295 AS root_seq
            FROM followed_threads
            WHERE user_id = ${reader} AND ((${only === 0 ? 1 : 0} = 1 AND following = 1) OR root_id = ${only})
          ) AS followed
          JOIN memberships ON memberships.user_id = ${reader} AND memberships.room_id = followed.room_id
          WHERE followed.room_id <= ${LAST_ROOM}
        ) AS counted
        ORDER BY unread = 0, latest DESC, root_id DESC LIMIT ${limit} OFFSET ${skip}`,
  )
}

function standingOf({ root, following, read, unread }: StandingRow): ThreadStanding {
  return { root, following, read, unread }
}

export function* followed(reader: UserId, skip: number, limit: number): Script<FollowedThread[]> {
  const found = yield* standings(reader, { only: 0, skip, limit })
  const ids = JSON.stringify(found.flatMap(({ id, latest }) => (latest === 0 ? [id] : [id, latest])))
  const messages = new Map<number, Message>()
  const said = yield* rows(
    message,
    sql`SELECT * FROM said WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(${ids}))`,
  )
  for (const [room, some] of Map.groupBy(said, each => each.room)) {
    const view = yield* viewOf(reader, room)
    for (const each of yield* withThreads(view, some)) messages.set(idOf(room, each.seq), each)
  }
  return found.flatMap(each => {
    const root = messages.get(each.id)
    if (!root) return [] // another program has deleted its row
    return [{ ...standingOf(each), room: roomOf(each.id), message: root, last: messages.get(each.latest) }]
  })
}
