// Resuming from cursors: what happened meanwhile in all rooms of a person.

import { costOf } from '../../core/log/history.ts'
import type { LogEvent, Room, RoomId, Seq, UserId } from '../../core/model/model.ts'
import type { Head } from '../../core/ports/log.ts'
import type { CatchUp } from '../../core/ports/pages.ts'
import type { Cursor, ResumedMembership, RoomUpdates } from '../../core/ports/rooms.ts'
import { idsBlockedBy } from './blocks.ts'
import { firstRead } from './conversations.ts'
import { read } from './events.ts'
import { headOf, idOf, isSeq, LAST_ROOM, seqIn } from './open-room.ts'
import { room as roomFrom } from './room.ts'
import { isAbout } from './room-view.ts'
import { memberships } from './rooms.ts'
import { row, rows, type Script, type Statement, sql, text } from './sql.ts'

/** Approximate bytes of one answer (costOf), which is in memory as a whole, several times over while it is built. */
const LARGEST = 2 << 20
/** Bytes read for rooms that turn out not to fit; afterwards only rooms that are sure to fit are read. */
const LARGEST_UNSENT = LARGEST
/** Events that are read at a time. */
const PORTION = 100
/** No event has more bytes: a text of 4,000 code points, and the tags that came with it. */
const LONGEST_EVENT = 24 << 10

/**
 * What has happened since the cursors in all rooms of a person, for an HTTP answer.
 * @param most events, over all rooms
 */
export function* catchUp(reader: UserId, cursors: readonly Cursor[], most: number): Script<CatchUp> {
  const byRoom = new Map(cursors.map(cursor => [cursor.room, cursor]))
  const found: RoomUpdates[] = []
  const left = { events: most, bytes: LARGEST, unsent: LARGEST_UNSENT }
  for (const { room, head, since } of yield* roomsOf(reader)) {
    const cursor = byRoom.get(room.id)
    const events = cursor && cursor.seq >= since ? yield* eventsAfter(cursor, head, left) : undefined
    const hidden = room.kind === 'direct' ? yield* idsBlockedBy(reader) : []
    const visible = events?.filter(event => !hidden.includes(event.author.id) && !isAbout(event, since))
    found.push({
      room,
      cursor: { room: room.id, seq: head, epoch: (yield* epochAt(room.id, head)) ?? '' },
      events: visible ?? 'reset',
    })
  }
  return { rooms: found, unsent: LARGEST_UNSENT - left.unsent }
}

/** The same for sessions to which the rooms' feeds deliver the events. */
export function* resume(
  person: UserId,
  cursors: readonly Cursor[],
  most: number,
): Script<ResumedMembership[]> {
  const byRoom = new Map(cursors.map(cursor => [cursor.room, cursor]))
  const found: ResumedMembership[] = []
  let left = most
  for (const membership of yield* memberships(person)) {
    const { room, head } = membership
    const cursor = byRoom.get(room.id)
    const missed = cursor && (yield* isValid(cursor)) ? head - cursor.seq : Number.POSITIVE_INFINITY
    const isSince = cursor !== undefined && cursor.seq >= firstRead(room, membership)
    const after = missed <= left && isSince ? cursor.seq : undefined
    if (after !== undefined) left -= missed
    found.push({ ...membership, epoch: (yield* epochAt(room.id, head)) ?? '', after })
  }
  return found
}

export function* cursors(places: readonly Head[]): Script<Cursor[]> {
  const found: Cursor[] = []
  for (const { room, head } of places) {
    const epoch = head === 0 ? '' : isSeq(head) ? yield* epochAt(room, head) : undefined
    if (epoch !== undefined) found.push({ room, epoch, seq: head })
  }
  return found
}

function* roomsOf(reader: UserId): Script<{ room: Room; head: Seq; since: Seq }[]> {
  return yield* rows(
    found => {
      const room = roomFrom(found)
      const since = firstRead(room, { joined: seqIn(found, 'joined_seq') })
      return { room, head: seqIn(found, 'last_seq'), since }
    },
    sql`SELECT id, kind, title, grouped, topic, archived, last_seq, joined_seq FROM titled
        WHERE viewer = ${reader} AND id <= ${LAST_ROOM} ORDER BY id`,
  )
}

/** What is left of one answer; each room that is read takes its share. */
interface Budget {
  events: number
  bytes: number
  /** Bytes that may still be read for rooms which then do not fit and are not sent. */
  unsent: number
}

/**
 * The events after a cursor, taken from what is left.
 * @returns undefined if the cursor is invalid, or the events exceed the budget in number or bytes: a reset
 */
function* eventsAfter(cursor: Cursor | undefined, head: Seq, left: Budget): Script<LogEvent[] | undefined> {
  if (!cursor || !(yield* isValid(cursor))) return undefined
  const count = head - cursor.seq
  const isSureToFit = count * LONGEST_EVENT <= left.bytes
  if (count > left.events || (left.unsent <= 0 && !isSureToFit)) return undefined
  const found: LogEvent[] = []
  let bytes = 0
  for (let { seq } = cursor; seq < head; seq = (seq + PORTION) as Seq) {
    const events = yield* read(cursor.room, seq, head, PORTION)
    bytes += events.reduce((sum, event) => sum + costOf(event), 0)
    if (bytes > left.bytes) {
      left.unsent -= bytes
      return undefined
    }
    found.push(...events)
  }
  left.events -= found.length
  left.bytes -= bytes
  return found
}

/** Seq 0, before the first event, is valid in every epoch. */
function* isValid({ room, epoch, seq }: Cursor): Script<boolean> {
  if (seq === 0) return true
  return isSeq(seq) && (yield* epochAt(room, seq)) === epoch
}

function* epochAt(room: RoomId, seq: Seq): Script<string | undefined> {
  if (seq === 0) return ''
  const id = idOf(room, seq)
  const found = yield* epoch(
    sql`SELECT epoch FROM epochs WHERE id = COALESCE(
          (SELECT epoch_id FROM messages WHERE messages.id = ${id}),
          (SELECT epoch_id FROM changes WHERE changes.id = ${id}))`,
  )
  return found ?? (yield* epochAtHole(room, seq))
}

/** The epoch of a seq whose row another program has deleted: that of the last row before it. */
function* epochAtHole(room: RoomId, seq: Seq): Script<string | undefined> {
  if (seq > ((yield* headOf(room)) ?? 0)) return undefined
  const [first, id] = [idOf(room, 0), idOf(room, seq)]
  return yield* epoch(
    sql`SELECT epoch FROM epochs WHERE id IN (
          (SELECT epoch_id FROM messages WHERE messages.id > ${first} AND messages.id < ${id}
           ORDER BY messages.id DESC LIMIT 1),
          (SELECT epoch_id FROM changes WHERE changes.id > ${first} AND changes.id < ${id}
           ORDER BY changes.id DESC LIMIT 1))
        ORDER BY id DESC LIMIT 1`,
  )
}

function* epoch(statement: Statement): Script<string | undefined> {
  return yield* row(found => text(found, 'epoch'), statement)
}
