// Who may do what in a room. Pure; the store asks it with the facts it has just read. Who is outside ranks below
// everything, and has been refused 'not-a-member' before any of it but writing and arriving is asked.

import type { Instant, Role, RoomKind, RoomRole, UserId } from './model.ts'
import { refuse } from './refusals.ts'

/** A person in a room, or before its door. */
export interface Standing {
  readonly id: UserId
  readonly role: Role
  /** undefined for who is not in the room. */
  readonly roomRole: RoomRole | undefined
  readonly mutedUntil: Instant
  readonly bannedUntil: Instant
}

export interface Place {
  readonly kind: RoomKind
  readonly archived: boolean
  readonly everyones: boolean
}

/** From who is not in it to who may do everything. Whoever runs the server runs its rooms, but for direct ones. */
export function rankOf({ role, roomRole }: Standing, { kind }: Place): 0 | 1 | 2 | 3 {
  if (roomRole === undefined) return 0
  if (kind === 'direct') return 1
  if (roomRole === 'owner' || role === 'owner' || role === 'admin') return 3
  return roomRole === 'moderator' ? 2 : 1
}

/** Refuses 'not-a-member', 'archived', 'muted', 'read-only'. */
export function mayWrite(who: Standing, place: Place, now: Instant): void {
  mayTakePart(who, place, now)
  if (place.kind === 'announcement' && rankOf(who, place) < 2) refuse('read-only')
}

/** Reacting is less than writing. Refuses 'not-a-member', 'archived', 'muted'. */
export function mayTakePart(who: Standing, place: Place, now: Instant): void {
  if (rankOf(who, place) === 0) refuse('not-a-member')
  if (place.archived) refuse('archived')
  if (who.mutedUntil > now) refuse('muted')
}

/** Pins, topic. In a direct room everybody may. Refuses 'forbidden'. */
export function mayModerate(who: Standing, place: Place): void {
  if (rankOf(who, place) < 2 && place.kind !== 'direct') refuse('forbidden')
}

/** Name, archive, roles. Refuses 'forbidden'. */
export function mayGovern(who: Standing, place: Place): void {
  if (rankOf(who, place) < 3) refuse('forbidden')
}

/** Sending out, banning, muting: moderators, and only who ranks below them. Refuses 'forbidden'. */
export function mayDiscipline(who: Standing, whom: Standing, place: Place): void {
  const rank = rankOf(who, place)
  // Whoever runs the server is above moderators also where they are not in the room.
  const theirs = whom.role === 'member' ? rankOf(whom, place) : 3
  if (rank < 2 || place.kind === 'direct' || rank <= theirs) refuse('forbidden')
}

/**
 * Joining, or being brought in by somebody; a moderator may bring in who was banned.
 * Refuses 'no-such-room', 'forbidden', 'already-there', 'banned', 'archived'.
 */
export function mayArrive(who: Standing, whom: Standing, place: Place, now: Instant): void {
  const self = who.id === whom.id
  if (self && whom.roomRole === undefined && (place.kind === 'closed' || place.kind === 'direct'))
    refuse('no-such-room')
  if (place.kind === 'direct') refuse('forbidden')
  if (!self && place.kind !== 'open' && rankOf(who, place) < 2) refuse('forbidden')
  if (whom.roomRole !== undefined) refuse('already-there')
  if (whom.bannedUntil > now && (self || rankOf(who, place) < 2)) refuse('banned')
  if (place.archived) refuse('archived')
}

/** Going of one's own will. Refuses 'everyones', 'forbidden'. */
export function mayLeave(place: Place): void {
  if (place.everyones) refuse('everyones')
  if (place.kind === 'direct') refuse('forbidden')
}
