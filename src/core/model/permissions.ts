// Who may do what in a room. Pure: the store calls it with what it has just read. People who are not in the room rank
// below everything, and have been refused 'not-a-member' before anything but writing and joining is judged.

import { type Hours, isOpenAt, opensAt } from '../text/hours.ts'
import type { Instant, MaskList, Role, RoomFlag, RoomKind, RoomRole, UserId } from './model.ts'
import { refuse } from './refusals.ts'
import type { ServerSettings } from './server-settings.ts'

/** A person as a room's rules see them, whether they are in it or not. */
export interface Participant {
  readonly id: UserId
  readonly role: Role
  /** undefined for people who are not in the room. */
  readonly roomRole: RoomRole | undefined
  readonly mutedUntil: Instant
  readonly bannedUntil: Instant
  /** When they sent their last text, in rooms with slow mode. */
  readonly spokeAt: Instant
  /** The room's lists with a mask that matches their name. */
  readonly listed: readonly MaskList[]
}

export interface RoomRules {
  readonly kind: RoomKind
  readonly archived: boolean
  readonly everyones: boolean
  /** Only speakers and higher ranks may write until then. */
  readonly silencedUntil: Instant
  /** Seconds between two texts of one person. */
  readonly slow: number
  /** Outside of them only moderators and higher ranks may write; undefined for always. */
  readonly hours: Hours | undefined
  /** Who may write in direct rooms, and whether an owner or admin of the server is in this one. */
  readonly privacy: Privacy
  /** What people who join by themselves must know; empty for none. */
  readonly key: string
  /** How many people may be in it; 0 for any number. */
  readonly limit: number
  readonly flags: readonly RoomFlag[]
}

export interface Privacy {
  readonly setting: ServerSettings['privateMessages']
  readonly hasStaff: boolean
}

/** A person is about to become a member. */
export interface JoinAttempt {
  readonly room: RoomRules
  readonly now: Instant
  /** As they typed it. */
  readonly key: string
  /** The number of members. */
  readonly people: number
  /** Who has invited them, as that person is in the room now. */
  readonly host?: Participant | undefined
  /** It is a direct room that was opened with them in it. */
  readonly isTheirs?: boolean
  /** It is a conversation of more than two, or that once had more. */
  readonly isGroup?: boolean
}

type Rank = 0 | 1 | 2 | 3 | 4 | 5

/**
 * A speaker may write where only some may: in announcement rooms, during a silence, without waiting in slow mode, and
 * whatever mask matches their name. A helper may also delete messages of lower ranks, mute them and kick them. A
 * moderator may also ban, set the topic, the lists and the modes, and appoint speakers. An owner may do the rest:
 * appoint helpers, moderators and owners, change the name and the kind, archive.
 */
const RANKS_IN_ROOM: Readonly<Record<RoomRole, Rank>> = {
  member: 1,
  speaker: 2,
  helper: 3,
  moderator: 4,
  owner: 5,
}
export const { speaker: SPEAKER, helper: HELPER, moderator: MODERATOR, owner: OWNER } = RANKS_IN_ROOM

/**
 * A person's rank in the room, from 0 outside to an owner's. Whoever runs the server ranks as an owner in its rooms,
 * except direct ones.
 */
export function rankOf({ role, roomRole }: Participant, { kind }: Pick<RoomRules, 'kind'>): Rank {
  if (roomRole === undefined) return 0
  if (kind === 'direct') return 1
  return isAdmin(role) ? OWNER : RANKS_IN_ROOM[roomRole]
}

/** Whether a member has at least that rank; owners and admins of the server do. */
export function hasRank(member: { person: { role: Role }; role: RoomRole }, least: RoomRole): boolean {
  return isAdmin(member.person.role) || RANKS_IN_ROOM[member.role] >= RANKS_IN_ROOM[least]
}

/** Like `rankOf`, but owners and admins of the server rank as owners even in rooms that they are not in. */
function effectiveRank(whom: Participant, room: RoomRules): Rank {
  return isAdmin(whom.role) ? OWNER : rankOf(whom, room)
}

/**
 * Refuses 'not-a-member', 'archived', 'muted', 'private-off', 'private-staff', 'read-only', 'silenced', 'quiet-guests',
 * 'out-of-hours'.
 */
export function mayWrite(who: Participant, room: RoomRules, now: Instant): void {
  mayTakePart(who, room, now)
  const rank = rankOf(who, room)
  if (rank < MODERATOR && room.hours) mustBeOpen(room.hours, now)
  if (rank >= SPEAKER) return
  if (room.kind === 'announcement') refuse('read-only')
  if (room.silencedUntil > now) refuse('silenced')
  if (who.role === 'guest' && room.flags.includes('quiet-guests')) refuse('quiet-guests')
}

/** Refuses 'out-of-hours'. */
function mustBeOpen(hours: Hours, now: Instant): void {
  if (!isOpenAt(hours, now)) refuse('out-of-hours', opensAt(hours, now) as Instant | undefined)
}

/** Writing to each other in direct rooms, and opening them. Refuses 'private-off', 'private-staff'. */
export function mayTalkPrivately({ setting, hasStaff }: Privacy): void {
  if (setting === 'off') refuse('private-off')
  if (setting === 'staff' && !hasStaff) refuse('private-staff')
}

/** @returns the milliseconds that must pass between two of their texts */
export function slowModeDelay(who: Participant, room: RoomRules): number {
  return rankOf(who, room) >= SPEAKER ? 0 : room.slow * 1000
}

/** Reacting needs less than writing. Refuses 'not-a-member', 'archived', 'muted', 'private-off', 'private-staff'. */
export function mayTakePart(who: Participant, room: RoomRules, now: Instant): void {
  if (rankOf(who, room) === 0) refuse('not-a-member')
  if (room.archived) refuse('archived')
  if (room.kind === 'direct') mayTalkPrivately(room.privacy)
  // Anyone inside who is banned by a mask may stay, but not speak.
  if (who.mutedUntil > now || isMatchedBy('mute', who, room) || isMatchedBy('ban', who, room)) refuse('muted')
}

/** Masks apply to members and to people outside; not to higher ranks, nor to anyone on the list of exceptions. */
export function isMatchedBy(list: 'ban' | 'mute', who: Participant, room: RoomRules): boolean {
  if (who.listed.length === 0 || effectiveRank(who, room) >= SPEAKER) return false
  return who.listed.includes(list) && !who.listed.includes('exception')
}

/** For pins. In a direct room everybody may. Refuses 'forbidden'. */
export function mayModerate(who: Participant, room: RoomRules): void {
  if (rankOf(who, room) < MODERATOR && room.kind !== 'direct') refuse('forbidden')
}

/** For silence, slow mode, hours, key, limit, lists of masks and flags. Nobody may in direct rooms. Refuses 'forbidden'. */
export function maySetModes(who: Participant, room: RoomRules): void {
  if (rankOf(who, room) < MODERATOR) refuse('forbidden')
}

/** For the room's call: moderators; in a direct room, whoever may write. Refuses 'forbidden', and what reacting refuses. */
export function maySetCall(who: Participant, room: RoomRules, now: Instant): void {
  mayModerate(who, room)
  mayTakePart(who, room, now)
}

/** Moderators may; with the flag open-topic, anyone who may write. Refuses 'forbidden', and what writing refuses. */
export function maySetTopic(who: Participant, room: RoomRules, now: Instant): void {
  if (!room.flags.includes('open-topic')) maySetModes(who, room)
  else if (rankOf(who, room) < MODERATOR) mayWrite(who, room, now)
}

/** For name, kind and archive. Refuses 'forbidden'. */
export function mayConfigure(who: Participant, room: RoomRules): void {
  if (rankOf(who, room) < OWNER) refuse('forbidden')
}

/**
 * Owners appoint anybody to anything; moderators make members speakers, and speakers members. Refuses 'forbidden'.
 */
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

/** For kicks and mutes: helpers, over lower ranks. Refuses 'forbidden'. */
export function mayDiscipline(who: Participant, whom: Participant, room: RoomRules): void {
  const rank = rankOf(who, room)
  if (rank < HELPER || rank <= effectiveRank(whom, room)) refuse('forbidden')
}

/** Like `mayDiscipline`, for moderators. Refuses 'forbidden'. */
export function mayBan(who: Participant, whom: Participant, room: RoomRules): void {
  if (rankOf(who, room) < MODERATOR) refuse('forbidden')
  mayDiscipline(who, whom, room)
}

/** One's own messages; for moderators anybody's, for helpers those of lower ranks. Refuses 'forbidden'. */
export function mayDelete(who: Participant, author: Participant | undefined, room: RoomRules): void {
  if (who.id === author?.id) return
  const rank = rankOf(who, room)
  const theirs = author === undefined ? 0 : effectiveRank(author, room)
  if (rank < HELPER || (rank === HELPER && theirs >= HELPER)) refuse('forbidden')
}

/** For rooms and direct rooms. Refuses 'account-needed'. */
export function mayCreateRooms(role: Role): void {
  if (role === 'guest') refuse('account-needed')
}

/**
 * Whether the direct rooms they open count while nobody answers: bots and admins have news for many who need not
 * answer.
 */
export function needsAnswers(role: Role): boolean {
  return role !== 'bot' && !isAdmin(role)
}

/**
 * Joining, or being brought in by somebody. Moderators let in anyone they bring or invite. People who join by
 * themselves, or whom other members bring or invite, must pass the room's ban, limit and flags, and without a
 * member's help its key. Into a group conversation its members bring others. Refuses 'no-such-room',
 * 'forbidden', 'account-needed', 'already-there', 'banned', 'no-guests', 'wrong-key', 'room-full', 'archived'.
 */
export function mayJoin(who: Participant, whom: Participant, coming: JoinAttempt): void {
  const { room } = coming
  const self = who.id === whom.id
  const host = coming.host && mayHost(coming.host, room) ? coming.host : undefined
  if (room.kind === 'direct' && self && coming.isTheirs && whom.roomRole === undefined) return
  if (self && whom.roomRole === undefined && !host && !mayDiscover(whom, room)) refuse('no-such-room')
  if (room.kind === 'direct') return checkGrowth(who, whom, coming)
  if (!self && !mayBring(who, room)) refuse(who.role === 'guest' ? 'account-needed' : 'forbidden')
  if (whom.roomRole !== undefined) refuse('already-there')
  if (!isModerator(self ? host : who, room)) checkEntry(whom, self && !host, coming)
  if (room.archived) refuse('archived')
}

/** All but guests bring others into a group; into a conversation of two nobody. */
function checkGrowth(who: Participant, whom: Participant, { isGroup }: JoinAttempt): void {
  if (!isGroup || who.roomRole === undefined) refuse('forbidden')
  if (who.role === 'guest') refuse('account-needed')
  if (whom.roomRole !== undefined) refuse('already-there')
}

/**
 * Whether people outside may know that the room exists: closed ones show only to those on their list of invitations.
 */
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

/** Into an open room all members but guests may bring others; into other rooms moderators. */
export function mayBring(who: Participant, room: RoomRules): boolean {
  return rankOf(who, room) >= MODERATOR || (room.kind === 'open' && who.role !== 'guest')
}

/**
 * Issuing a code by which people without an account come straight into a room: for one's own rooms as far as one may
 * bring others, and for rooms that anyone may join. Refuses 'no-such-room', 'forbidden', 'wrong-key'.
 */
export function mayIssueCode(host: Participant, room: RoomRules): void {
  if (host.roomRole !== undefined) {
    if (!mayBring(host, room)) refuse('forbidden')
  } else if (room.kind === 'closed' || room.kind === 'direct') refuse('no-such-room')
  else if (room.key !== '') refuse('wrong-key')
}

/** Whether they have at least a moderator's rank there. */
export function isModerator(who: Participant | undefined, room: Pick<RoomRules, 'kind'>): boolean {
  return who !== undefined && rankOf(who, room) >= MODERATOR
}

/** Whether they may invite others, who then may join: all members but guests; into a closed room moderators. */
export function mayHost(who: Participant, room: Pick<RoomRules, 'kind'>): boolean {
  if (room.kind === 'direct') return false
  return (
    isModerator(who, room) || (room.kind !== 'closed' && who.roomRole !== undefined && who.role !== 'guest')
  )
}

/**
 * Refuses 'forbidden', 'account-needed', 'already-there', 'archived'; unless a moderator invites, also 'banned' and
 * 'no-guests' for the person invited.
 */
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
 * Leaving by oneself. Of a conversation of two neither may; they may block each other. Refuses 'everyones',
 * 'forbidden'.
 * @param isPair whether it is a direct room of two
 */
export function mayLeave(room: RoomRules, isPair: boolean): void {
  if (room.everyones) refuse('everyones')
  if (isPair) refuse('forbidden')
}

// --- on the server ---------------------------------------------------------------------------------------

/** Owners and admins manage people and invitations. */
export function isAdmin(role: Role): boolean {
  return role === 'owner' || role === 'admin'
}

const RANKS: Readonly<Record<Role, number>> = { guest: 1, bot: 1, member: 1, admin: 2, owner: 3 }

/** @param by undefined for whoever runs the server. Refuses 'forbidden'. */
export function mayAdminister(by: Role | undefined): void {
  if (by !== undefined && !isAdmin(by)) refuse('forbidden')
}

/** Only over lower ranks. Refuses 'forbidden'. */
export function mayActOn(by: Role | undefined, over: Role): void {
  mayAdminister(by)
  if (by !== undefined && RANKS[over] >= RANKS[by]) refuse('forbidden')
}

/** Nobody can grant more than they have. Refuses 'forbidden'. */
export function mayGrant(by: Role | undefined, role: Role): void {
  if (by !== undefined && RANKS[role] > RANKS[by]) refuse('forbidden')
}
