// The store's rooms: which there are, who is in them, and coming back to them.

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
import type { Change } from './log.ts'
import type { Skeletons } from './people.ts'

/** Up to where somebody has a room's log: valid while the row at `seq` is of that epoch. */
export interface Cursor {
  readonly room: RoomId
  readonly epoch: string
  readonly seq: Seq
}

/** Where somebody stands who comes back with a cursor, or with none. */
export interface ResumedMembership extends Membership {
  /** Of the row at the head. */
  readonly epoch: string
  /** They go on behind it; undefined where it is not valid, or too much lies behind it. */
  readonly after: Seq | undefined
}

/** A room of somebody who comes back with a cursor. */
export interface RoomUpdates {
  readonly room: Room
  /** What to come back with next time. */
  readonly cursor: Cursor
  /** Everything behind the cursor, or 'reset': it is not valid, there is none, or too much lies behind it. */
  readonly events: readonly LogEvent[] | 'reset'
}

export interface NewRoom extends Skeletons {
  readonly kind: Exclude<RoomKind, 'direct'>
  readonly name: string
  readonly folded: string
}

/** A conversation with whoever begins it. */
export interface DirectRoom {
  readonly room: Room
  readonly isNew: boolean
  /** Who has left it is not. */
  readonly isMember: boolean
}

/** A room as one of its people comes into it. */
export interface Membership {
  readonly room: Room
  readonly head: Seq
  /** The last seq this person has read. */
  readonly read: Seq
  /** The seq of their arrival; 0 for who is there from the start. */
  readonly joined: Seq
  readonly level: Level
}

/** Somebody is asked into a room: they may follow once, whatever the room is to others, as far as who asks may let them in. */
export interface RoomInvitation {
  readonly room: Room
  readonly by: Author
  readonly at: Instant
}

/** A room as one person sees it in a list. */
export interface Listing extends Room {
  readonly head: Seq
  /** undefined for who is not in it. */
  readonly role: RoomRole | undefined
  /** The last seq this person has read. */
  readonly read: Seq
  readonly level: Level
  /**
   * Messages of others not read, and those that mention the person; both stop at 100. None of a room that is
   * invisible; what somebody who is blocked says in direct rooms is not counted, nor whom they mention.
   */
  readonly unread: number
  readonly mentions: number
}

export type SizedListing = Listing & { readonly people: number }

export interface Member {
  readonly person: Profile
  readonly role: RoomRole
  readonly mutedUntil: Instant
  /** The account is; they are still a member. */
  readonly disabled: boolean
}

/** A mask on a list of a room's; a person who is banned counts as one that names them. */
export interface MaskEntry {
  readonly list: MaskList
  readonly mask: string
  /** Who has put it there; undefined where that was not noted. */
  readonly by: string | undefined
  readonly at: Instant
}

/** How a room is kept; only who is in it learns of it. */
export interface RoomSettings {
  readonly kind: RoomKind
  readonly silencedUntil: Instant
  readonly slow: number
  /** As it was typed, empty for none: whoever is in the room may let others in. */
  readonly key: string
  readonly limit: number
  readonly flags: readonly RoomFlag[]
  /** By list, the oldest first. */
  readonly masks: readonly MaskEntry[]
}

export interface Rooms {
  /**
   * Where the person stands in their rooms, or in one of them; in turn, like Log.readInTurn: whoever is told this has
   * heard of all that was answered before.
   */
  memberships(person: UserId, room?: RoomId): Promise<readonly Membership[]>
  /** The same for who comes back with cursors, with at most `most` events to be shown in all. */
  resume(person: UserId, cursors: readonly Cursor[], most: number): Promise<readonly ResumedMembership[]>
  /** Who creates it is its owner. Refuses 'room-taken'. */
  create(by: UserId, room: NewRoom, at: Instant): Promise<Room>
  /**
   * Changes the room, under its next seq. undefined when it is so already.
   * Refuses what permissions.ts says, judged by what is true when it is done.
   */
  change(actor: UserId, room: RoomId, change: Change, at: Instant): Promise<LogEvent | undefined>
  /**
   * The direct room of exactly these people, made where there is none: the first begins it.
   * Refuses 'account-needed', 'too-many-rooms', 'too-many-unanswered'.
   */
  direct(people: readonly UserId[], at: Instant): Promise<DirectRoom>
  /** The rooms that the person is in, `general` first, then by name; or one of them. */
  mine(person: UserId, room?: RoomId): Promise<readonly Listing[]>
  /** How many people are in each room of the person. */
  sizes(person: UserId): Promise<readonly { readonly room: RoomId; readonly people: number }[]>
  /** Those that they may join besides. */
  others(person: UserId): Promise<readonly SizedListing[]>
  /** A room that the person is in or may join, or that they are invited to. */
  find(person: UserId, folded: string): Promise<Room | undefined>
  /** By name, those whose folded name comes behind `after`. Refuses 'not-a-member'. */
  members(person: UserId, room: RoomId, after: string, limit: number): Promise<readonly Member[]>
  /** Those in the room who rank above its members or look after the server, or are muted then, by name. Refuses 'not-a-member'. */
  notable(person: UserId, room: RoomId, at: Instant, limit: number): Promise<readonly Member[]>
  /** Those of these people who are in the room, by name. Refuses 'not-a-member'. */
  among(person: UserId, room: RoomId, people: readonly UserId[]): Promise<readonly Member[]>
  /** Refuses 'not-a-member'. */
  settings(person: UserId, room: RoomId, at: Instant): Promise<RoomSettings>
  /**
   * Asks somebody to come: a pass for one entry. undefined where they are asked already, or have blocked whoever asks.
   * Refuses 'not-a-member', 'no-such-person', 'forbidden', 'account-needed', 'already-there', 'archived', 'banned', 'no-guests'.
   */
  invite(by: UserId, room: RoomId, person: UserId, at: Instant): Promise<RoomInvitation | undefined>
  /** The rooms that somebody asks the person into, the newest first. */
  invitations(person: UserId): Promise<readonly RoomInvitation[]>
  /** @returns false when nobody had asked them */
  decline(person: UserId, room: RoomId): Promise<boolean>
  /** @returns false when it was so already. Refuses 'not-a-member'. */
  setLevel(person: UserId, room: RoomId, level: Level): Promise<boolean>
  /** All that there are but direct ones, for whoever runs the server. */
  all(): Promise<readonly (SizedListing & { readonly kind: NewRoom['kind'] })[]>
  /**
   * Like `change` for whoever runs the server, in the name of its owner, who need not be in the room.
   * Refuses 'no-such-room', 'no-such-person' where there is no owner yet.
   */
  govern(folded: string, change: Change, at: Instant): Promise<LogEvent | undefined>
}
