// The store's rooms: which there are, who is in them, and reconnecting to them.

import type {
  Author,
  Instant,
  Level,
  LogEvent,
  MaskList,
  Profile,
  Room,
  RoomFlag,
  RoomId,
  RoomKind,
  RoomRole,
  Seq,
  UserId,
} from '../model/model.ts'
import type { Standing } from '../model/standing.ts'
import type { Change } from './log.ts'
import type { Skeletons } from './people.ts'

/** How far somebody has a room's log. Valid while the row at `seq` is of that epoch. */
export interface Cursor {
  readonly room: RoomId
  readonly epoch: string
  readonly seq: Seq
}

/** A membership of somebody who reconnects, with or without a cursor. */
export interface ResumedMembership extends Membership {
  /** The epoch of the row at the head. */
  readonly epoch: string
  /** They resume after this seq; undefined if their cursor is not valid, or too much has happened since. */
  readonly after: Seq | undefined
}

/** What has happened in a room since a cursor. */
export interface RoomUpdates {
  readonly room: Room
  /** The cursor for the next time. */
  readonly cursor: Cursor
  /** Everything after the cursor, or 'reset' if it is missing or not valid, or too much has happened since. */
  readonly events: readonly LogEvent[] | 'reset'
}

export interface NewRoom extends Skeletons {
  readonly kind: Exclude<RoomKind, 'direct'>
  readonly name: string
  readonly folded: string
}

/** A direct room, for the person who opens it. */
export interface DirectRoom {
  readonly room: Room
  readonly isNew: boolean
  /** False if they have left it. */
  readonly isMember: boolean
  /** They have hidden it. */
  readonly isHidden: boolean
}

/** A person's membership of a room, with what a seat needs to begin. */
export interface Membership {
  readonly room: Room
  readonly head: Seq
  /** The last seq that this person has read. */
  readonly read: Seq
  /** The seq of their arrival; 0 for people who are in the room from the start. */
  readonly joined: Seq
  readonly level: Level
}

/**
 * An invitation into a room. The person may join once, whatever the room is to others, as far as the inviter may let
 * them in.
 */
export interface RoomInvitation {
  readonly room: Room
  readonly by: Author
  readonly at: Instant
}

/** A room as one person sees it in a list. */
export interface Listing extends Room {
  readonly head: Seq
  /** undefined for people who are not in it. */
  readonly role: RoomRole | undefined
  /** The last seq that this person has read. */
  readonly read: Seq
  readonly level: Level
  /**
   * Unread messages by others, and those of them that mention the person, each counted up to 100. None in a room
   * whose level is invisible; in direct rooms those of blocked people do not count, nor their mentions.
   */
  readonly unread: number
  readonly mentions: number
  /** When others than moderators may write (text/hours.ts). Both only for people who are in it. */
  readonly hours?: string
  /** The address of its call. */
  readonly call?: string
  /** A direct room with an owner or admin of the server in it. */
  readonly staff?: true
}

export type SizedListing = Listing & { readonly people: number }

export interface Member {
  readonly person: Profile
  readonly role: RoomRole
  readonly mutedUntil: Instant
  /** The account is disabled; they are still a member. */
  readonly disabled: boolean
}

/** A mask on one of a room's lists. A banned person appears as a mask that names them. */
export interface MaskEntry {
  readonly list: MaskList
  readonly mask: string
  /** Who put it there; undefined if that was not recorded. */
  readonly by: string | undefined
  readonly at: Instant
}

/** A room's settings, which only its members see. */
export interface RoomSettings {
  readonly kind: RoomKind
  readonly silencedUntil: Instant
  readonly slow: number
  /** text/hours.ts; empty for always. */
  readonly hours: string
  /** The address of its call; empty for none. */
  readonly call: string
  /** As it was typed, empty for none: all members see it, since they may let others in. */
  readonly key: string
  readonly limit: number
  readonly flags: readonly RoomFlag[]
  /** By list, oldest first. */
  readonly masks: readonly MaskEntry[]
}

/** Somebody who may not come into a room. */
export interface Ban {
  readonly person: Profile
  readonly until: Instant
  /** Who has banned them; undefined if that was not recorded. */
  readonly by: string | undefined
  readonly at: Instant
  /** What they were told; may be empty. */
  readonly reason: string
}

/** uncounted: no message is read; a room with anything after the read mark has one unread, and no mentions. */
export type Counting = 'counted' | 'uncounted'

export interface Rooms {
  /**
   * All memberships of the person, or that of one room. In turn, like Log.readInTurn: anyone who gets the answer has
   * been told everything that was answered before.
   */
  memberships(person: UserId, room?: RoomId): Promise<readonly Membership[]>
  /** Like `memberships`, for somebody who reconnects with cursors. @param most events to be shown, over all rooms */
  resume(person: UserId, cursors: readonly Cursor[], most: number): Promise<readonly ResumedMembership[]>
  /** Makes a room owned by `by`. Refuses 'room-taken'. */
  create(by: UserId, room: NewRoom, at: Instant): Promise<Room>
  /**
   * Changes the room under its next seq. Judged by permissions.ts on what is true in the same transaction, and
   * refuses what that refuses.
   * @returns undefined when it was so already
   */
  change(actor: UserId, room: RoomId, change: Change, at: Instant): Promise<LogEvent | undefined>
  /**
   * The direct room of exactly these people that nobody has left or been added to, made if there is none. The first of them asks for it: the answer is as they
   * see it, and a new room counts as opened by them. Refuses 'account-needed', 'too-many-rooms', 'too-many-unanswered', and
   * 'forbidden' where one of several has blocked whoever opens it.
   */
  direct(people: readonly UserId[], at: Instant): Promise<DirectRoom>
  /** The rooms that the person is in, or one of them: `general` first, then by name. */
  mine(person: UserId, room?: RoomId, counting?: Counting): Promise<readonly Listing[]>
  /** The number of people in each of the person's rooms. */
  sizes(person: UserId): Promise<readonly { readonly room: RoomId; readonly people: number }[]>
  /** The other rooms that they may join. */
  others(person: UserId): Promise<readonly SizedListing[]>
  /** A room that the person is in, may join, or is invited into. */
  find(person: UserId, folded: string): Promise<Room | undefined>
  /** By name, those whose folded name comes after `after`. Refuses 'not-a-member'. */
  members(person: UserId, room: RoomId, after: string, limit: number): Promise<readonly Member[]>
  /**
   * Members of higher rank in the room or on the server, and those who are muted then, by name. Refuses
   * 'not-a-member'.
   */
  notable(person: UserId, room: RoomId, at: Instant, limit: number): Promise<readonly Member[]>
  /** Those of these people who are in the room, by name. Refuses 'not-a-member'. */
  among(person: UserId, room: RoomId, people: readonly UserId[]): Promise<readonly Member[]>
  /** Refuses 'not-a-member'. */
  settings(person: UserId, room: RoomId, at: Instant): Promise<RoomSettings>
  /** Whether the person may write there then (model/standing.ts). Refuses 'not-a-member'. */
  standing(person: UserId, room: RoomId, at: Instant): Promise<Standing>
  /** Who is banned then, the latest first, for moderators. Refuses 'not-a-member', 'forbidden'. */
  bans(person: UserId, room: RoomId, at: Instant, limit: number): Promise<readonly Ban[]>
  /**
   * Invites a person to join once.
   * @returns undefined if they are invited already, or have blocked the inviter. Refuses 'not-a-member',
   * 'no-such-person', 'forbidden', 'account-needed', 'already-there', 'archived', 'banned', 'no-guests'.
   */
  invite(by: UserId, room: RoomId, person: UserId, at: Instant): Promise<RoomInvitation | undefined>
  /** The person's open invitations, newest first. */
  invitations(person: UserId): Promise<readonly RoomInvitation[]>
  /** @returns false if they were not invited */
  decline(person: UserId, room: RoomId): Promise<boolean>
  /** Of a direct room: not in `mine` until something new is said. @returns false when it was so already. Refuses 'not-a-member'. */
  hide(person: UserId, room: RoomId, on: boolean): Promise<boolean>
  /** @returns false when it was so already. Refuses 'not-a-member'. */
  setLevel(person: UserId, room: RoomId, level: Level): Promise<boolean>
  /** All rooms but direct ones, for whoever runs the server. */
  all(): Promise<readonly (SizedListing & { readonly kind: NewRoom['kind'] })[]>
  /**
   * Like `change`, for whoever runs the server: in the name of the server's owner, who need not be in the room.
   * Refuses 'no-such-room'; 'no-such-person' where there is no owner yet.
   */
  govern(folded: string, change: Change, at: Instant): Promise<LogEvent | undefined>
}
