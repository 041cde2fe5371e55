// Saved messages: a private list of each person.

import type { Instant, Message, Room, RoomId, Seq, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import { MOST_SAVED } from '../../core/model/rules.ts'
import type { Saved, SavedPage } from '../../core/ports/keeping.ts'
import { idOf, isSeq, LAST_ROOM, lockPerson, roomOf, seqOf } from './open-room.ts'
import { messagesAmong } from './pages.ts'
import { room as roomFrom } from './room.ts'
import { instant, number, row, rows, run, type Script, sql } from './sql.ts'

export function* save(person: UserId, room: RoomId, seq: Seq, at: Instant): Script<boolean> {
  yield* lockPerson(person)
  const [message] = yield* messagesAmong(person, room, [seq])
  if (!message) refuse('no-such-message')
  if (yield* isSaved(person, room, seq)) return false
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM saved WHERE user_id = ${person}`,
  )
  if ((count ?? 0) >= MOST_SAVED) refuse('too-many-saved')
  yield* run(
    sql`INSERT INTO saved (user_id, message_id, saved_at) VALUES (${person}, ${idOf(room, seq)}, ${at})`,
  )
  return true
}

export function* unsave(person: UserId, room: RoomId, seq: Seq): Script<boolean> {
  if (!isSeq(seq) || room > LAST_ROOM) return false
  const gone = yield* row(
    found => number(found, 'id'),
    sql`DELETE FROM saved WHERE user_id = ${person} AND message_id = ${idOf(room, seq)} RETURNING id`,
  )
  return gone !== undefined
}

export function* isSaved(person: UserId, room: RoomId, seq: Seq): Script<boolean> {
  if (!isSeq(seq) || room > LAST_ROOM) return false
  const found = yield* row(
    each => number(each, 'id'),
    sql`SELECT id FROM saved WHERE user_id = ${person} AND message_id = ${idOf(room, seq)}`,
  )
  return found !== undefined
}

interface Row {
  readonly number: number
  readonly at: Instant
  readonly id: number
}

export function* saved(person: UserId, { before, limit }: SavedPage): Script<Saved[]> {
  const found: Row[] = yield* rows(
    each => ({ number: number(each, 'id'), at: instant(each, 'saved_at'), id: number(each, 'message_id') }),
    sql`SELECT id, saved_at, message_id FROM saved
        WHERE user_id = ${person} AND (${before ?? 0} = 0 OR id < ${before ?? 0})
        ORDER BY id DESC LIMIT ${limit}`,
  )
  const readable = yield* readableBy(person, found)
  return found.map(({ number, at, id }) => {
    const there = readable.get(id)
    return { number, room: roomOf(id), seq: seqOf(id), at, ...(there && { found: there }) }
  })
}

/** The messages among these that the person may read now, by id, each with its room. */
function* readableBy(
  person: UserId,
  found: readonly Row[],
): Script<ReadonlyMap<number, { message: Message; room: Room }>> {
  const seqs = Map.groupBy(found, ({ id }) => roomOf(id))
  const rooms = yield* rows(
    roomFrom,
    sql`SELECT id, kind, title, grouped, topic, archived FROM titled
        WHERE viewer = ${person}
          AND id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify([...seqs.keys()])}) AS asked)`,
  )
  const readable = new Map<number, { message: Message; room: Room }>()
  for (const room of rooms) {
    const wanted = (seqs.get(room.id) ?? []).map(({ id }) => seqOf(id))
    for (const message of yield* messagesAmong(person, room.id, wanted))
      readable.set(idOf(room.id, message.seq), { message, room })
  }
  return readable
}

/** Everybody's: the message is gone. */
export function* forgetSaved(message: number): Script<void> {
  yield* run(sql`DELETE FROM saved WHERE message_id = ${message}`)
}
