// What the core asks of the outside, and what it may rely on.

import type { Happening, Instant, LogEvent, Person, RoomId, Seq, UserId } from './model.ts'
import type { RefusalCode } from './refusals.ts'

// --- the store -------------------------------------------------------------------------------------------
// Each method is one atomic unit. When a writing method resolves, what it wrote is on disk and survives a
// power cut; when it rejects, it wrote nothing. A rejection is a Refusal, or an Error that nobody expected.

export interface NewAccount {
  readonly name: string
  readonly username: string
  /** rules.ts, foldUsername: what it is found by. */
  readonly folded: string
  /** What it looks like (UTS 39); no two accounts look alike. */
  readonly skeleton: string
  /** A PHC string; never the password. */
  readonly password: string
  readonly at: Instant
}

export interface Credentials {
  readonly person: Person
  readonly password: string
}

export interface People {
  /** Everyone is a member of `general`; the first account is the owner. Refuses 'name-taken'. */
  register(account: NewAccount): Promise<Person>
  /** undefined when nobody has that name. */
  credentials(folded: string): Promise<Credentials | undefined>
  hasAny(): Promise<boolean>
}

/** A run of texts that one person posts to one room, one behind the other. */
export interface Draft {
  readonly room: RoomId
  readonly author: UserId
  readonly texts: readonly string[]
  /** The last seq its author had been shown when posting: their read mark moves there, never back. */
  readonly seen: Seq
  /** Chosen by the client: posting again with the same key gives what the first try gave. One text only. */
  readonly key?: string
}

/** `seq` is that of the draft's first text, the others follow it without a hole. */
export type Posted = { readonly seq: Seq; readonly at: Instant; readonly repeated?: true }
export type Receipt = Posted | { readonly refused: RefusalCode }

export interface Head {
  readonly room: RoomId
  readonly head: Seq
}

/** Where somebody who comes back begins to read. */
export interface Opening {
  /** The last seq of the room. */
  readonly head: Seq
  /** Shown are the events after this one. */
  readonly after: Seq
}

export interface Log {
  /**
   * Stores each draft under its room's next seqs; order within a room is call order. A draft that can't be
   * stored is a refused receipt and does not touch the others.
   */
  append(drafts: readonly Draft[], at: Instant): Promise<readonly Receipt[]>
  /** The events in (after, upto], at most `limit` of them, oldest first. May not see what was stored just now. */
  read(room: RoomId, after: Seq, upto: Seq, limit: number): Promise<readonly LogEvent[]>
  /** Like `read` to the head, but waits its turn behind every append called before: nothing overtakes its answer. */
  readInTurn(room: RoomId, after: Seq, limit: number): Promise<readonly LogEvent[]>
  /** The rooms' last seqs, in turn like `readInTurn`. */
  heads(rooms: readonly RoomId[]): Promise<readonly Head[]>
  /** Everything after the reader's mark, but at least the last `least` messages and at most the last `most`. */
  opening(reader: UserId, room: RoomId, least: number, most: number): Promise<Opening>
  /** Moves the reader's mark forward, never back; gives where it stands. Refuses 'not-a-member'. */
  markRead(reader: UserId, room: RoomId, seq: Seq): Promise<Seq>
}

export interface Store {
  readonly people: People
  readonly log: Log
}

// --- the bus ---------------------------------------------------------------------------------------------

/** Tells the other nodes, and this one, what happened. A hint: it may be lost, doubled, late or out of order. */
export interface Bus {
  publish(room: RoomId, happenings: readonly Happening[]): void
  /** @returns how to stop listening. */
  subscribe(room: RoomId, listener: (happenings: readonly Happening[]) => void): () => void
}

// --- a door's side of a delivery -------------------------------------------------------------------------

/** Happenings as one door shows them: that of number i ends at byte ends[i]. */
export interface Rendering {
  readonly bytes: Uint8Array
  readonly ends: Uint32Array
}

/** The connections that see the same bytes. A batch is rendered once for all of them. */
export interface Cohort {
  render(happenings: readonly Happening[]): Rendering
}

/** A connection's bounded way out. */
export interface Sink {
  /** Takes the bytes in any case; false when it is full, and nothing more should come before `drained`. */
  write(bytes: Uint8Array): boolean
}

// --- the machine -----------------------------------------------------------------------------------------

export interface Clock {
  /** The time of day. */
  now(): Instant
  /** Milliseconds that never go back, with fractions. */
  elapsed(): number
  /** Calls back once after so many milliseconds; 0 is as soon as the sockets have been served. @returns how to cancel. */
  after(milliseconds: number, call: () => void): () => void
}
