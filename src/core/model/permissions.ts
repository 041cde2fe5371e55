// Who may do what in a room. Pure; the store asks it with the facts it has just read. Who is outside ranks below
// everything, and has been refused 'not-a-member' before any of it but writing and arriving is asked.

import type { Instant, MaskList, Role, RoomFlag, RoomKind, RoomRole, UserId } from './model.ts'
import { refuse } from './refusals.ts'

/** A person in a room, or before its door. */
export interface Participant {
  readonly id: UserId
  readonly role: Role
  /** undefined for who is not in the room. */
  readonly roomRole: RoomRole | undefined
  readonly mutedUntil: Instant
  readonly bannedUntil: Instant
  /** Of their last text, in rooms with slow mode. */
  readonly spokeAt: Instant
  /** The room's lists in which a mask matches their name. */
  readonly listed: readonly MaskList[]
}

export interface RoomRules {
  readonly kind: RoomKind
  readonly archived: boolean
  readonly everyones: boolean
  /** Only speakers and who ranks above them write until then. */
  readonly silencedUntil: Instant
  /** Seconds between two texts of one person. */
  readonly slow: number
  /** What who joins by themselves must know; empty for nothing. */
  readonly key: string
  /** How many people may be in it; 0 for any number. */
  readonly limit: number
  readonly flags: readonly RoomFlag[]
}

/** Somebody comes to a room. */
export interface JoinAttempt {
  readonly room: RoomRules
  readonly now: Instant
  /** As they have typed it. */
  readonly key: string
  /** Who are in it already. */
  readonly people: number
  /** Who has asked them to come, as they stand now. */
  readonly host?: Participant | undefined
  /** It is a conversation that was begun with them in it. */
  readonly isTheirs?: boolean
}

type Rank = 0 | 1 | 2 | 3 | 4 | 5

/**
 * A speaker writes where only some may: in rooms for announcements, in silence, without rest in slow mode, whatever mask
 * is on their name. A helper also deletes what who ranks below them has said, and mutes and sends out who does. A
 * moderator also bans, keeps the topic, the lists and the modes, and makes speakers. Everything else is an owner's: who
 * is a helper, a moderator or an owner, the name, the kind, the archive.
 */
const RANKS_IN_ROOM: Readonly<Record<RoomRole, Rank>> = {
  member: 1,
  speaker: 2,
  helper: 3,
  moderator: 4,
  owner: 5,
}
export const { speaker: SPEAKER, helper: HELPER, moderator: MODERATOR, owner: OWNER } = RANKS_IN_ROOM

/** From who is not in it to who may do everything. Whoever runs the server runs its rooms, but for direct ones. */
export function rankOf({ role, roomRole }: Participant, { kind }: Pick<RoomRules, 'kind'>): Rank {
  if (roomRole === undefined) return 0
  if (kind === 'direct') return 1
  return isAdmin(role) ? OWNER : RANKS_IN_ROOM[roomRole]
}

/** Whether a member has at least that rank; whoever runs the server has. */
export function hasRank(member: { person: { role: Role }; role: RoomRole }, least: RoomRole): boolean {
  return isAdmin(member.person.role) || RANKS_IN_ROOM[member.role] >= RANKS_IN_ROOM[least]
}

/** The same for who need not be in it: whoever runs the server is above moderators everywhere. */
function effectiveRank(whom: Participant, room: RoomRules): Rank {
  return isAdmin(whom.role) ? OWNER : rankOf(whom, room)
}

/** Refuses 'not-a-member', 'archived', 'muted', 'read-only', 'silenced', 'quiet-guests'. */
export function mayWrite(who: Participant, room: RoomRules, now: Instant): void {
  mayTakePart(who, room, now)
  if (rankOf(who, room) >= SPEAKER) return
  if (room.kind === 'announcement') refuse('read-only')
  if (room.silencedUntil > now) refuse('silenced')
  if (who.role === 'guest' && room.flags.includes('quiet-guests')) refuse('quiet-guests')
}

/** Milliseconds that must lie between two of their texts. */
export function slowModeDelay(who: Participant, room: RoomRules): number {
  return rankOf(who, room) >= SPEAKER ? 0 : room.slow * 1000
}

/** Reacting is less than writing. Refuses 'not-a-member', 'archived', 'muted'. */
export function mayTakePart(who: Participant, room: RoomRules, now: Instant): void {
  if (rankOf(who, room) === 0) refuse('not-a-member')
  if (room.archived) refuse('archived')
  // Who is banned by a mask and inside all the same may stay, but has no voice.
  if (who.mutedUntil > now || isMatchedBy('mute', who, room) || isMatchedBy('ban', who, room)) refuse('muted')
}

/** Masks hold members and who is outside; not who ranks higher, nor who is on the list of exceptions. */
export function isMatchedBy(list: 'ban' | 'mute', who: Participant, room: RoomRules): boolean {
  if (who.listed.length === 0 || effectiveRank(who, room) >= SPEAKER) return false
  return who.listed.includes(list) && !who.listed.includes('exception')
}

/** Pins. In a direct room everybody may. Refuses 'forbidden'. */
export function mayModerate(who: Participant, room: RoomRules): void {
  if (rankOf(who, room) < MODERATOR && room.kind !== 'direct') refuse('forbidden')
}

/** Silence, slow mode, key, limit, lists of masks, and the like: not in direct rooms. Refuses 'forbidden'. */
export function maySetModes(who: Participant, room: RoomRules): void {
  if (rankOf(who, room) < MODERATOR) refuse('forbidden')
}

/** Moderators; where the topic is everybody's, whoever may write. Refuses 'forbidden', and what writing does. */
export function maySetTopic(who: Participant, room: RoomRules, now: Instant): void {
  if (!room.flags.includes('open-topic')) maySetModes(who, room)
  else if (rankOf(who, room) < MODERATOR) mayWrite(who, room, now)
}

/** Name, kind, archive. Refuses 'forbidden'. */
export function mayConfigure(who: Participant, room: RoomRules): void {
  if (rankOf(who, room) < OWNER) refuse('forbidden')
}

/** Owners anybody to anything; moderators make speakers of members, and members of speakers. Refuses 'forbidden'. */
export function mayAppoint(who: Participant, whom: Participant, { room, role }: Appointing): void {
  const rank = rankOf(who, room)
  if (rank === OWNER) return
  const within = Math.max(rankOf(whom, room), RANKS_IN_ROOM[role]) <= SPEAKER
  if (rank !== MODERATOR || !within) refuse('forbidden')
}

interface Appointing {
  readonly room: RoomRules
  readonly role: RoomRole
}

/** Sending out, muting: helpers, and only who ranks below them. Refuses 'forbidden'. */
export function mayDiscipline(who: Participant, whom: Participant, room: RoomRules): void {
  const rank = rankOf(who, room)
  if (rank < HELPER || rank <= effectiveRank(whom, room)) refuse('forbidden')
}

/** The same for moderators. Refuses 'forbidden'. */
export function mayBan(who: Participant, whom: Participant, room: RoomRules): void {
  if (rankOf(who, room) < MODERATOR) refuse('forbidden')
  mayDiscipline(who, whom, room)
}

/** One's own; moderators what anybody has said, helpers what who ranks below them has. Refuses 'forbidden'. */
export function mayDelete(who: Participant, author: Participant | undefined, room: RoomRules): void {
  if (who.id === author?.id) return
  const rank = rankOf(who, room)
  const theirs = author === undefined ? 0 : effectiveRank(author, room)
  if (rank < HELPER || (rank === HELPER && theirs >= HELPER)) refuse('forbidden')
}

/** A room, or one for a few. Refuses 'account-needed'. */
export function mayCreateRooms(role: Role): void {
  if (role === 'guest') refuse('account-needed')
}

/** Programs, and whoever runs the server, have something to tell many who need not answer. */
export function needsAnswers(role: Role): boolean {
  return role !== 'bot' && !isAdmin(role)
}

/**
 * Joining, or being brought in by somebody. A moderator lets in whom they like, by bringing or by asking them; what stands
 * at the door holds who comes by themselves and whom members bring or ask, but for the key, which those know. Who has left
 * a conversation comes back by themselves alone.
 * Refuses 'no-such-room', 'forbidden', 'account-needed', 'already-there', 'banned', 'no-guests', 'wrong-key', 'room-full',
 * 'archived'.
 */
export function mayJoin(who: Participant, whom: Participant, coming: JoinAttempt): void {
  const { room } = coming
  const self = who.id === whom.id
  const host = coming.host && mayHost(coming.host, room) ? coming.host : undefined
  if (room.kind === 'direct' && self && coming.isTheirs && whom.roomRole === undefined) return
  if (self && whom.roomRole === undefined && !host && !mayDiscover(whom, room)) refuse('no-such-room')
  if (room.kind === 'direct') refuse('forbidden')
  if (!self && !mayBring(who, room)) refuse(who.role === 'guest' ? 'account-needed' : 'forbidden')
  if (whom.roomRole !== undefined) refuse('already-there')
  if (!isModerator(self ? host : who, room)) checkEntry(whom, self && !host, coming)
  if (room.archived) refuse('archived')
}

/** From outside: closed rooms show to who is on their list of invitations, others to everybody. */
export function mayDiscover(who: Pick<Participant, 'listed'>, { kind }: Pick<RoomRules, 'kind'>): boolean {
  if (kind === 'closed') return who.listed.includes('invitation')
  return kind !== 'direct'
}

/** Refuses 'banned', 'no-guests', 'wrong-key', 'room-full'. */
function checkEntry(whom: Participant, needsKey: boolean, { room, now, key, people }: JoinAttempt): void {
  if (whom.bannedUntil > now || isMatchedBy('ban', whom, room)) refuse('banned')
  if (whom.role === 'guest' && room.flags.includes('no-guests')) refuse('no-guests')
  if (needsKey && key !== room.key && room.key !== '') refuse('wrong-key')
  if (room.limit > 0 && people >= room.limit) refuse('room-full')
}

/** Into an open room any member brings others, but guests; into others moderators. */
export function mayBring(who: Participant, room: RoomRules): boolean {
  return rankOf(who, room) >= MODERATOR || (room.kind === 'open' && who.role !== 'guest')
}

/**
 * Giving out codes by which people without an account come into a room at once: into one's own as far as one may bring
 * others, and into those that anybody may enter by themselves. Refuses 'no-such-room', 'forbidden', 'wrong-key'.
 */
export function mayIssueCode(host: Participant, room: RoomRules): void {
  if (host.roomRole !== undefined) {
    if (!mayBring(host, room)) refuse('forbidden')
  } else if (room.kind === 'closed' || room.kind === 'direct') refuse('no-such-room')
  else if (room.key !== '') refuse('wrong-key')
}

/** A member of that rank, or whoever runs the server. */
export function isModerator(who: Participant | undefined, room: Pick<RoomRules, 'kind'>): boolean {
  return who !== undefined && rankOf(who, room) >= MODERATOR
}

/** Whether they may ask others to come, who then may: members but guests; into a closed room moderators. */
export function mayHost(who: Participant, room: Pick<RoomRules, 'kind'>): boolean {
  if (room.kind === 'direct') return false
  return (
    isModerator(who, room) || (room.kind !== 'closed' && who.roomRole !== undefined && who.role !== 'guest')
  )
}

/** Refuses 'forbidden', 'account-needed', 'already-there', 'archived'; to who is no moderator 'banned', 'no-guests' of whom they ask. */
export function mayInvite(
  who: Participant,
  whom: Participant,
  { room, now }: Pick<JoinAttempt, 'room' | 'now'>,
): void {
  if (!mayHost(who, room)) refuse(who.role === 'guest' ? 'account-needed' : 'forbidden')
  if (whom.roomRole !== undefined) refuse('already-there')
  if (room.archived) refuse('archived')
  if (!isModerator(who, room)) checkEntry(whom, false, { room, now, key: '', people: 0 })
}

/**
 * Going of one's own will; of two who talk neither does, who may block the other. Refuses 'everyones', 'forbidden'.
 * @param isPair whether it is the conversation of two
 */
export function mayLeave(room: RoomRules, isPair: boolean): void {
  if (room.everyones) refuse('everyones')
  if (isPair) refuse('forbidden')
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
export function mayActOn(by: Role | undefined, over: Role): void {
  mayAdminister(by)
  if (by !== undefined && RANKS[over] >= RANKS[by]) refuse('forbidden')
}

/** Nobody gives more than they have. Refuses 'forbidden'. */
export function mayGrant(by: Role | undefined, role: Role): void {
  if (by !== undefined && RANKS[role] > RANKS[by]) refuse('forbidden')
}
