// How many rooms and conversations one person may use up.

import type { UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import { MOST_ROOMS } from '../../core/model/rules.ts'
import { LAST_ROOM, lockPerson } from './open-room.ts'
import { number, row, type Script, sql } from './sql.ts'

/**
 * Refuses 'too-many-rooms'. What others have put the person in uses up nothing of theirs; a conversation that they have
 * begun counts when they have left it, too, as long as somebody else is in it.
 */
export function* mustHaveQuota(person: UserId, among: RoomQuota): Script<void> {
  yield* lockPerson(person)
  const count = yield* COUNTED[among](person)
  if (count >= MOST_ROOMS) refuse('too-many-rooms')
}

/** new: for a room that they make. */
export type RoomQuota = 'rooms' | 'new' | 'direct'

const COUNTED: Readonly<Record<RoomQuota, (person: UserId) => Script<number>>> = {
  rooms: roomsOf,
  *new(person) {
    return (yield* roomsOf(person)) + (yield* emptiedRoomsOf(person))
  },
  direct: conversationsOf,
}

function* roomsOf(person: UserId): Script<number> {
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM memberships JOIN rooms ON rooms.id = room_id
        WHERE user_id = ${person} AND host_id IS NULL AND kind <> 'direct'`,
  )
  return count ?? 0
}

/**
 * That they have made, as the first row of each says, and in which nobody is any more: they stay, under their names, so
 * whoever makes and leaves them has a bound, too.
 */
function* emptiedRoomsOf(person: UserId): Script<number> {
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM rooms JOIN changes
          ON changes.id = CASE WHEN rooms.id <= ${LAST_ROOM} THEN rooms.id END * 4294967296 + 1
        WHERE rooms.kind <> 'direct' AND changes.user_id = ${person}
          AND NOT EXISTS (SELECT 1 FROM memberships WHERE room_id = rooms.id)`,
  )
  return count ?? 0
}

function* conversationsOf(person: UserId): Script<number> {
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(DISTINCT room_id) AS count FROM memberships JOIN rooms ON rooms.id = room_id
        WHERE (host_id = ${person} OR (user_id = ${person} AND host_id IS NULL)) AND kind = 'direct'`,
  )
  return count ?? 0
}
