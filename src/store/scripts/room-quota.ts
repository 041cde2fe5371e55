// Quotas of rooms and direct conversations per person.

import type { Role, UserId } from '../../core/model/model.ts'
import { mayCreateRooms, needsAnswers } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import { MOST_ROOMS, MOST_UNANSWERED } from '../../core/model/rules.ts'
import { LAST_ROOM, lockPerson } from './open-room.ts'
import { roleOf } from './person.ts'
import { number, row, type Script, sql } from './sql.ts'

/**
 * Refuses 'too-many-rooms'. Rooms into which others have brought the person do not count. A conversation that they have
 * begun counts even after they have left it, as long as somebody else is in it.
 */
export function* mustHaveQuota(person: UserId, among: RoomQuota): Script<void> {
  yield* lockPerson(person)
  const count = yield* COUNTED[among](person)
  if (count >= MOST_ROOMS) refuse('too-many-rooms')
}

/** rooms: to join one. new: to create one. direct: to begin a conversation. */
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
 * The number of rooms that the person created (its first event is theirs) and that nobody is in any more. Their names
 * stay taken, so they count: otherwise one could create and leave rooms without end.
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

/** Checks rank and quotas. Refuses 'forbidden', 'account-needed', 'too-many-rooms', 'too-many-unanswered'. */
export function* mustBeAllowedToOpen(person: UserId, among: Exclude<RoomQuota, 'rooms'>): Script<Role> {
  const found = yield* row(roleOf, sql`SELECT role FROM users WHERE id = ${person} AND disabled = 0`)
  const role = found ?? refuse('forbidden')
  mayCreateRooms(role)
  yield* mustHaveQuota(person, among)
  if (among === 'direct' && needsAnswers(role)) yield* mustHaveAnswers(person)
  return role
}

/** The last messages of each conversation that are looked at: if all are the person's own, it counts as unanswered. */
const LOOKED_THROUGH = 20

/** Refuses 'too-many-unanswered'. A conversation that everybody else has left does not count. */
function* mustHaveAnswers(person: UserId): Script<void> {
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM (
          SELECT DISTINCT room_id FROM memberships JOIN rooms ON rooms.id = room_id
          WHERE host_id = ${person} AND kind = 'direct'
        ) AS begun
        WHERE NOT EXISTS (
          SELECT 1 FROM (
            SELECT user_id FROM messages
            WHERE id > begun.room_id * 4294967296 AND id < (begun.room_id + 1) * 4294967296
            ORDER BY id DESC LIMIT ${LOOKED_THROUGH}
          ) AS newest WHERE user_id <> ${person})`,
  )
  if ((count ?? 0) >= MOST_UNANSWERED) refuse('too-many-unanswered')
}
