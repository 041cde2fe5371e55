// The store's log: every room's events under consecutive seqs.

import type {
  Format,
  Instant,
  LogEvent,
  MaskList,
  Message,
  Removal,
  RoomFlag,
  RoomId,
  RoomRole,
  Seq,
  Styled,
  Tag,
  UserId,
} from '../model/model.ts'
import type { RefusalCode } from '../model/refusals.ts'
import type { Skeletons } from './people.ts'
import type { NewRoom } from './rooms.ts'

/** A run of texts that one person posts to one room, one behind the other. */
export interface Draft {
  readonly room: RoomId
  readonly author: UserId
  readonly texts: readonly string[]
  /** Of all of them; plain where none is said. */
  readonly format?: Format
  /** The last seq its author had been shown when posting: their read mark moves there, never back. */
  readonly seen: Seq
  /** What it answers to. One text only. */
  readonly reply?: Seq
  /** Chosen by the client: posting again with the same key gives what the first try gave. One text only. */
  readonly key?: string
  /** No program is to answer them. One text only. */
  readonly notice?: true
  /** How parts of it look. One text only. */
  readonly styles?: readonly Styled[]
  /** What the author does. One text only. */
  readonly action?: true
  /** What programs are told with it. One text only. */
  readonly tags?: readonly Tag[]
}

/** `seq` is that of the draft's first text, the others follow it without a hole. */
export type Posted = {
  readonly seq: Seq
  readonly at: Instant
  readonly reply?: Message['reply']
  /** Those of the texts, by index, that mention everyone in the room. */
  readonly everyone?: readonly number[]
  /** The key was used before: nothing was stored now. */
  readonly repeated?: true
  /** Only the first text was taken; the others are refused. */
  readonly rest?: RefusalCode
}

export type Receipt = Posted | { readonly refused: RefusalCode }

/** What a person asks to be changed in a room, besides posting. */
export type Change =
  /** One's own message. Refuses 'no-such-message', 'not-yours', and what writing refuses. */
  | {
      readonly kind: 'edit'
      readonly target: Seq
      readonly text: string
      /** The message's own where none is said. */
      readonly format?: Format
    }
  /** One's own message, or another's as far as one's rank reaches. Refuses 'no-such-message', 'forbidden'. */
  | { readonly kind: 'deletion'; readonly target: Seq; readonly reason?: string }
  /** Refuses 'no-such-message', 'too-many-reactions', and what taking part refuses. */
  | { readonly kind: 'reaction'; readonly target: Seq; readonly emoji: string; readonly on: boolean }
  /** Refuses 'no-such-message', and what moderating refuses, as the ones below do. */
  | { readonly kind: 'pin'; readonly target: Seq; readonly on: boolean }
  /** The key is for who joins by themselves. */
  | { readonly kind: 'arrival'; readonly person: UserId; readonly key?: string }
  | {
      readonly kind: 'removal'
      readonly person: UserId
      readonly how: Removal['how']
      readonly reason: string
      /** Who is banned does not come back before then. */
      readonly until: Instant
    }
  | { readonly kind: 'appointment'; readonly person: UserId; readonly role: RoomRole }
  | { readonly kind: 'muting'; readonly person: UserId; readonly until: Instant }
  /** Refuses 'list-full'. Taking a ban off that names one person takes back the ban of that person too. */
  | { readonly kind: 'mask'; readonly list: MaskList; readonly mask: string; readonly on: boolean }
  | { readonly kind: 'topic'; readonly text: string }
  /** Refuses 'room-taken'. */
  | ({
      readonly kind: 'name'
      readonly name: string
      readonly folded: string
      readonly reason?: string
    } & Skeletons)
  | { readonly kind: 'archived'; readonly on: boolean }
  /** Only some write until then. Refuses 'forbidden', as those below do, also in direct rooms. */
  | { readonly kind: 'silenced'; readonly until: Instant }
  /** Seconds between two texts of one person; speakers are free of it. 0 is the end of it. */
  | { readonly kind: 'slow'; readonly seconds: number }
  /** Refuses 'everyones'. */
  | { readonly kind: 'kind'; readonly to: NewRoom['kind'] }
  /** Empty for none. Refuses 'everyones'. */
  | { readonly kind: 'key'; readonly key: string }
  /** 0 for none. Refuses 'everyones'. */
  | { readonly kind: 'limit'; readonly people: number }
  | { readonly kind: 'flag'; readonly flag: RoomFlag; readonly on: boolean }

export interface RowPlace {
  readonly room: RoomId
  readonly seq: Seq
}

export interface Head {
  readonly room: RoomId
  readonly head: Seq
  /** Some of the last rows were written by another program, and the room does not know of them: `mend` tells it. */
  readonly strays?: true
  /** Another program has put the end where the room has no rows: `mend` puts it back. */
  readonly misplaced?: true
  /** Of the last row that another program has put so far behind the end that it is none of the room's. */
  readonly lost?: Seq
}

/** Where somebody who comes back begins to read. */
export interface Backlog {
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
  /**
   * The events in (after, upto], at most `limit` of them, oldest first, without a gap: where a row is missing, or makes no
   * sense, stands a deleted message of NOBODY's. May not see what was stored just now.
   */
  read(room: RoomId, after: Seq, upto: Seq, limit: number): Promise<readonly LogEvent[]>
  /** Like `read` to the head, but waits its turn behind every append called before: nothing overtakes its answer. */
  readInTurn(room: RoomId, after: Seq, limit: number): Promise<readonly LogEvent[]>
  /** The rooms' last seqs, in turn like `readInTurn`. */
  heads(rooms: readonly RoomId[]): Promise<readonly Head[]>
  /** The places, so many at most, of rows that another program has deleted: each is given once. */
  deleted(limit: number): Promise<readonly RowPlace[]>
  /** The rooms that have rows behind their ends, which another program has put there. In turn. */
  strayed(): Promise<readonly RoomId[]>
  /** The room's log ends from now on where its rows end. */
  mend(room: RoomId): Promise<void>
  /** Everything after the reader's mark, but at least the last `least` messages and at most the last `most`. */
  backlog(reader: UserId, room: RoomId, least: number, most: number): Promise<Backlog>
  /** Refuses what a text of theirs would be refused there now; writes nothing. */
  mayPost(author: UserId, room: RoomId, at: Instant): Promise<void>
  /** Moves the reader's mark forward, never back; gives where it stands. Refuses 'not-a-member'. */
  markRead(reader: UserId, room: RoomId, seq: Seq): Promise<Seq>
}
