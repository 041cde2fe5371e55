// Invitations of one person into one room, for one entry: valid as long as the inviter may let them in.

import { matchesMask } from '../../core/model/masks.ts'
import type { Instant, RoomId, UserId } from '../../core/model/model.ts'
import { isMatchedBy, isModerator, mayHost, mayInvite } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { RoomInvitation } from '../../core/ports/rooms.ts'
import { isBlockedBy } from './blocks.ts'
import { listsFor, masksOf, withLists } from './masks.ts'
import {
  kindOf,
  lockPerson,
  mustBeMember,
  type OpenRoom,
  openRoom,
  participantIn,
  type StoredParticipant,
} from './open-room.ts'
import { room } from './room.ts'
import { instant, number, type Row, row, rows, run, type Script, sql, username } from './sql.ts'

/**
 * Bound on a person's pending invitations. Beyond it the oldest of the most frequent inviter is dropped, so that nobody can
 * push out those of others.
 */
export const MOST_INVITATIONS = 100

/** @returns undefined if they are invited already, or have blocked the inviter */
export function* invite(
  by: UserId,
  id: RoomId,
  person: UserId,
  at: Instant,
): Script<RoomInvitation | undefined> {
  const room = (yield* openRoom(id, at)) ?? refuse('not-a-member')
  yield* lockPerson(person)
  const host = yield* mustBeMember(id, by)
  const found = (yield* participantIn(id, person)) ?? refuse('no-such-person')
  const [whom = found] = yield* withLists(room, [found])
  mayInvite(host, whom, { room, now: room.at })
  if (yield* isBlockedBy(person, by)) return undefined
  const before = yield* inviterOf(id, person)
  if (before && mayHost(before, room) && (isModerator(before, room) || !isModerator(host, room)))
    return undefined
  yield* run(
    sql`INSERT INTO passes (room_id, user_id, host_id, created_at) VALUES (${id}, ${person}, ${by}, ${room.at})
        ON CONFLICT (room_id, user_id) DO UPDATE SET host_id = ${by}, created_at = ${room.at}`,
  )
  yield* run(
    sql`DELETE FROM passes WHERE user_id = ${person} AND room_id NOT IN (
          SELECT room_id FROM (
            SELECT room_id, created_at,
                   row_number() OVER (PARTITION BY host_id ORDER BY created_at DESC, room_id DESC) AS newest_of_host
            FROM passes WHERE user_id = ${person}
          ) AS ranked ORDER BY newest_of_host, created_at DESC, room_id DESC LIMIT ${MOST_INVITATIONS})`,
  )
  return (yield* invitations(person)).find(each => each.room.id === id)
}

/** The inviter, as the room sees them now. */
export function* inviterOf(id: RoomId, person: UserId): Script<StoredParticipant | undefined> {
  const host = yield* row(
    found => number(found, 'host_id') as UserId,
    sql`SELECT host_id FROM passes WHERE room_id = ${id} AND user_id = ${person}`,
  )
  return host === undefined ? undefined : yield* participantIn(id, host)
}

function invitationFrom(found: Row): RoomInvitation {
  const by = { id: number(found, 'host_id') as UserId, username: username(found, 'host') }
  return { room: room(found), by, at: instant(found, 'asked_at') }
}

/** Valid ones, the newest first: without those of inviters who have left, may no longer invite, or are blocked. */
export function* invitations(person: UserId): Script<RoomInvitation[]> {
  const all = yield* rows(
    invitationFrom,
    sql`SELECT rooms.id, kind, rooms.name AS title, topic, archived, host_id, username AS host,
               passes.created_at AS asked_at
        FROM passes JOIN rooms ON rooms.id = passes.room_id JOIN users ON users.id = host_id
        WHERE passes.user_id = ${person} AND archived = 0
          AND host_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${person})
        ORDER BY passes.created_at DESC, passes.room_id DESC`,
  )
  const good: RoomInvitation[] = []
  for (const each of all) {
    const host = yield* participantIn(each.room.id, each.by.id)
    if (host && mayHost(host, each.room)) good.push(each)
  }
  return good
}

/** Whether a valid invitation makes a closed room visible to them. */
export function* isInvited(id: RoomId, person: UserId): Script<boolean> {
  const host = yield* inviterOf(id, person)
  const kind = host && (yield* row(kindOf, sql`SELECT kind FROM rooms WHERE id = ${id}`))
  return host !== undefined && kind !== undefined && mayHost(host, { kind })
}

/** Drops the invitations of people whom a new ban keeps out. */
export function* revokeInvitations(room: OpenRoom, ban: string): Script<void> {
  const holders = yield* rows(
    found => ({ id: number(found, 'id') as UserId, folded: username(found, 'folded') }),
    sql`SELECT users.id, folded FROM passes JOIN users ON users.id = user_id WHERE room_id = ${room.room}`,
  )
  const meant = holders.filter(({ folded }) => matchesMask(ban, folded))
  if (meant.length === 0) return
  const masks = yield* masksOf(room.room)
  for (const { id, folded } of meant) {
    const whom = yield* participantIn(room.room, id)
    const isHeld = whom && isMatchedBy('ban', { ...whom, listed: listsFor(folded, masks) }, room)
    if (isHeld) yield* decline(id, room.room)
  }
}

/** @returns whether there was one */
export function* decline(person: UserId, id: RoomId): Script<boolean> {
  const gone = yield* row(
    found => number(found, 'room_id'),
    sql`DELETE FROM passes WHERE room_id = ${id} AND user_id = ${person} RETURNING room_id`,
  )
  return gone !== undefined
}
