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
  /** Of their last text, in rooms with slow mode. */
  readonly spokeAt: Instant
}

export interface Place {
  readonly kind: RoomKind
  readonly archived: boolean
  readonly everyones: boolean
  /** Only moderators write until then. */
  readonly silencedUntil: Instant
  /** Seconds between two texts of one person. */
  readonly slow: number
}

/** From who is not in it to who may do everything. Whoever runs the server runs its rooms, but for direct ones. */
export function rankOf({ role, roomRole }: Standing, { kind }: Place): 0 | 1 | 2 | 3 {
  if (roomRole === undefined) return 0
  if (kind === 'direct') return 1
  if (roomRole === 'owner' || isAdmin(role)) return 3
  return roomRole === 'moderator' ? 2 : 1
}

/** Refuses 'not-a-member', 'archived', 'muted', 'read-only', 'silenced'. */
export function mayWrite(who: Standing, place: Place, now: Instant): void {
  mayTakePart(who, place, now)
  if (rankOf(who, place) > 1) return
  if (place.kind === 'announcement') refuse('read-only')
  if (place.silencedUntil > now) refuse('silenced')
}

/** Milliseconds that must lie between two of their texts. */
export function restOf(who: Standing, place: Place): number {
  return rankOf(who, place) > 1 ? 0 : place.slow * 1000
}

/** Reacting is less than writing. Refuses 'not-a-member', 'archived', 'muted'. */
export function mayTakePart(who: Standing, place: Place, now: Instant): void {
  if (rankOf(who, place) === 0) refuse('not-a-member')
  if (place.archived) refuse('archived')
  if (who.mutedUntil > now) refuse('muted')
}

/** Pins. In a direct room everybody may. Refuses 'forbidden'. */
export function mayModerate(who: Standing, place: Place): void {
  if (rankOf(who, place) < 2 && place.kind !== 'direct') refuse('forbidden')
}

/** Topic, silence, slow mode: not in direct rooms. Refuses 'forbidden'. */
export function mayQuieten(who: Standing, place: Place): void {
  if (rankOf(who, place) < 2) refuse('forbidden')
}

/** Name, archive, roles. Refuses 'forbidden'. */
export function mayGovern(who: Standing, place: Place): void {
  if (rankOf(who, place) < 3) refuse('forbidden')
}

/** Sending out, banning, muting: moderators, and only who ranks below them. Refuses 'forbidden'. */
export function mayDiscipline(who: Standing, whom: Standing, place: Place): void {
  const rank = rankOf(who, place)
  // Whoever runs the server is above moderators also where they are not in the room.
  const theirs = isAdmin(whom.role) ? 3 : rankOf(whom, place)
  if (rank < 2 || place.kind === 'direct' || rank <= theirs) refuse('forbidden')
}

/** A room, or one for a few. Refuses 'forbidden' for guests. */
export function mayOpenRooms(role: Role): void {
  if (role === 'guest') refuse('forbidden')
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
  if (!self && !mayBring(who, place)) refuse('forbidden')
  if (whom.roomRole !== undefined) refuse('already-there')
  if (whom.bannedUntil > now && (self || rankOf(who, place) < 2)) refuse('banned')
  if (place.archived) refuse('archived')
}

/** Into an open room any member brings others, but guests; into others moderators. */
export function mayBring(who: Standing, place: Place): boolean {
  return rankOf(who, place) > 1 || (place.kind === 'open' && who.role !== 'guest')
}

/** Going of one's own will. Refuses 'everyones', 'forbidden'. */
export function mayLeave(place: Place): void {
  if (place.everyones) refuse('everyones')
  if (place.kind === 'direct') refuse('forbidden')
}

// --- on the server ---------------------------------------------------------------------------------------

/** Owners and admins look after people and invitations. */
export function isAdmin(role: Role): boolean {
  return role === 'owner' || role === 'admin'
}

const RANKS: Readonly<Record<Role, number>> = { guest: 1, bot: 1, member: 1, admin: 2, owner: 3 }

/** @param by undefined: whoever runs the server. Refuses 'forbidden'. */
export function mayAdminister(by: Role | undefined): void {
  if (by !== undefined && !isAdmin(by)) refuse('forbidden')
}

/** Only over who ranks below. Refuses 'forbidden'. */
export function mayRule(by: Role | undefined, over: Role): void {
  mayAdminister(by)
  if (by !== undefined && RANKS[over] >= RANKS[by]) refuse('forbidden')
}

/** Nobody gives more than they have. Refuses 'forbidden'. */
export function mayGive(by: Role | undefined, role: Role): void {
  if (by !== undefined && RANKS[role] > RANKS[by]) refuse('forbidden')
}
