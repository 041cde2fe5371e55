// The words of the chat. Ids are branded, so that a room's number cannot be passed where a seq belongs.

declare const brand: unique symbol
type Branded<T, Name extends string> = T & { readonly [brand]: Name }

export type UserId = Branded<number, 'UserId'>
export type RoomId = Branded<number, 'RoomId'>
/** A place in a room's log: 1, 2, 3, … without holes. 0 is the place before the first. */
export type Seq = Branded<number, 'Seq'>
/** Milliseconds since 1970, UTC. */
export type Instant = Branded<number, 'Instant'>

export type Role = 'owner' | 'member'

export interface Person {
  readonly id: UserId
  /** As typed when registering; compared folded (rules.ts). */
  readonly username: string
  /** Full name. */
  readonly name: string
  readonly role: Role
}

/** What an event shows of its author. */
export type Author = Pick<Person, 'id' | 'username'>

/** A room that everyone is in from the start, and where the lab's broadcasts go. */
export const GENERAL = 1 as RoomId

export interface Message {
  readonly kind: 'message'
  readonly room: RoomId
  readonly seq: Seq
  readonly author: Author
  /** 1–4,000 code points; lines are separated by \n. Not safe for a terminal as it is. */
  readonly text: string
  readonly at: Instant
}

/** A person's seat in a room ends here: kicked, banned, left, or a lost right. */
export interface Removal {
  readonly kind: 'removal'
  readonly room: RoomId
  readonly seq: Seq
  readonly person: Author
  readonly at: Instant
}

/** What takes a seq: stored, replayed, never lost. */
export type LogEvent = Message | Removal

/** A person's first connection came or the last one went. No seq, not stored, never replayed. */
export interface Presence {
  readonly kind: 'presence'
  readonly person: Author
  readonly online: boolean
}

export type Happening = LogEvent | Presence
