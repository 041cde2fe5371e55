// The store's log: every room's events under consecutive seqs.

import type {
  AttachedUpload,
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
import type { PollRules } from '../model/polls.ts'
import type { RefusalCode, Refused } from '../model/refusals.ts'
import type { Skeletons } from './people.ts'
import type { ReadLink } from './previews.ts'
import type { NewRoom } from './rooms.ts'

/** A run of consecutive texts by one person in one room. */
export interface Draft {
  readonly room: RoomId
  readonly author: UserId
  readonly texts: readonly string[]
  /** Of all the texts; plain by default. */
  readonly format?: Format
  /** The last seq that the author had been shown when posting: their read mark moves there, never back. */
  readonly seen: Seq
  /** The message that it replies to. One text only. */
  readonly reply?: Seq
  /** It stands in its thread alone, as every answer to such a message does. One text only. */
  readonly threadOnly?: true
  /**
   * Chosen by the client: the same author's post to the same room with the same key gets the receipt of the first
   * attempt, and another text is refused ('key-reused'). One text only.
   */
  readonly key?: string
  /** Programs must not answer it. One text only. */
  readonly notice?: true
  /** Styles of parts of a plain text. One text only. */
  readonly styles?: readonly Styled[]
  /** The text says what its author does. One text only. */
  readonly action?: true
  /** What programs are told with it. One text only. */
  readonly tags?: readonly Tag[]
  /** The text is a poll (polls.ts). One text only. */
  readonly poll?: PollRules
  /**
   * Finished uploads of the author's, which become attachments of the message. One text only. Refused 'no-such-upload',
   * 'unfinished-upload', 'bad-picture' for a poster that is none, 'room-files-full'.
   */
  readonly attach?: {
    readonly uploads: readonly AttachedUpload[]
    /** Space for files in the room, in bytes. */
    readonly space: number
  }
}

/** `seq` is that of the draft's first text; the others follow without a gap. */
export type Posted = {
  readonly seq: Seq
  readonly at: Instant
  readonly reply?: Message['reply']
  readonly threadOnly?: true
  readonly attachments?: Message['attachments']
  /** The indices of the texts that mention everyone in the room. */
  readonly everyone?: readonly number[]
  /** The teams that the texts mention, by the index of each text. */
  readonly teams?: ReadonlyMap<number, readonly string[]>
  /** The key had been used before: nothing was stored now. */
  readonly repeated?: true
  /** Only the first text was stored; the others are refused. */
  readonly rest?: RefusalCode
}

export type Receipt = Posted | Refused

/** A change that a person asks for in a room, other than posting. */
export type Change =
  /**
   * The person's own message. Refuses 'no-such-message', 'not-yours', and what writing refuses. Of a poll, a text of one
   * line is its new question; refuses 'poll-text', 'poll-voted'.
   */
  | {
      readonly kind: 'edit'
      readonly target: Seq
      readonly text: string
      /** The message's own by default. */
      readonly format?: Format
    }
  /** The person's own message, or another's as far as their rank allows. Refuses 'no-such-message', 'forbidden'. */
  | { readonly kind: 'deletion'; readonly target: Seq; readonly reason?: string }
  /** Refuses 'no-such-message', 'too-many-reactions', and what taking part refuses. */
  | { readonly kind: 'reaction'; readonly target: Seq; readonly emoji: string; readonly on: boolean }
  /**
   * The person's whole vote, by the options' numbers; none takes it back. Stored at once; the room is told at most once
   * in TELL_EVERY_MS, so there may be no event (Polls.due). Refuses 'no-such-message', 'not-a-poll', 'poll-closed',
   * 'no-such-option', 'one-option', and what taking part refuses.
   */
  | { readonly kind: 'vote'; readonly target: Seq; readonly options: readonly number[] }
  /** Refuses 'no-such-message', 'not-a-poll', and 'forbidden' to whoever may not delete the message. */
  | { readonly kind: 'poll-end'; readonly target: Seq }
  /** Refuses 'no-such-message', and what moderating refuses, as those below do. */
  | { readonly kind: 'pin'; readonly target: Seq; readonly on: boolean }
  /**
   * Shows what the links of the person's own message lead to, as far as it still has them and nobody has taken it off.
   * Refuses 'no-such-message', 'not-yours', and what taking part refuses.
   */
  | { readonly kind: 'preview'; readonly target: Seq; readonly found: readonly ReadLink[] }
  /** For good. Refuses 'no-such-message', and 'forbidden' to whoever may not delete the message. */
  | { readonly kind: 'preview-off'; readonly target: Seq; readonly url: string }
  /** The key matters for people who join by themselves. */
  | { readonly kind: 'arrival'; readonly person: UserId; readonly key?: string }
  | {
      readonly kind: 'removal'
      readonly person: UserId
      readonly how: Removal['how']
      readonly reason: string
      /** A person who is banned may not come back before then. */
      readonly until: Instant
    }
  | { readonly kind: 'appointment'; readonly person: UserId; readonly role: RoomRole }
  | {
      readonly kind: 'muting'
      readonly person: UserId
      readonly until: Instant
      readonly reason?: string
    }
  /** Refuses 'list-full'. Removing a ban on a mask that names one person also ends that person's ban. */
  | { readonly kind: 'mask'; readonly list: MaskList; readonly mask: string; readonly on: boolean }
  | { readonly kind: 'topic'; readonly text: string }
  /** What a group conversation is called; empty for nothing. Refuses 'forbidden' elsewhere, and what taking part refuses. */
  | { readonly kind: 'title'; readonly text: string }
  /** Refuses 'room-taken'. */
  | ({
      readonly kind: 'name'
      readonly name: string
      readonly folded: string
      readonly reason?: string
    } & Skeletons)
  | { readonly kind: 'archived'; readonly on: boolean }
  /** Only some may write until then. Refuses 'forbidden', as those below do, also in direct rooms. */
  | { readonly kind: 'silenced'; readonly until: Instant }
  /** Seconds between two texts of one person, for all but speakers; 0 for none. */
  | { readonly kind: 'slow'; readonly seconds: number }
  /** When others than moderators may write (text/hours.ts), checked; empty for always. */
  | { readonly kind: 'hours'; readonly hours: string }
  /** The address of the room's call, checked; empty for none. Refuses also what reacting refuses. */
  | { readonly kind: 'call'; readonly address: string }
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
  /**
   * Some of the last rows were written by another program, and the room's head does not count them: `mend` sets it.
   */
  readonly strays?: true
  /** Another program has set the head where the room has no rows: `mend` sets it back. */
  readonly misplaced?: true
  /** The last row that another program has written so far beyond the head that it does not belong to the room. */
  readonly lost?: Seq
}

/** What a person is shown first of a room. */
export interface Backlog {
  /** The room's last seq. */
  readonly head: Seq
  /** The events after this one are shown. */
  readonly after: Seq
}

export interface Log {
  /**
   * Stores each draft under its room's next seqs, in the order of calls within a room. A draft that can't be stored
   * gets a refused receipt and does not affect the others.
   */
  append(drafts: readonly Draft[], at: Instant): Promise<readonly Receipt[]>
  /**
   * The events in (after, upto], at most `limit` of them, oldest first and without a gap: where a row is missing or
   * makes no sense, there is a deleted message by NOBODY. May not see what was stored just now.
   */
  read(room: RoomId, after: Seq, upto: Seq, limit: number): Promise<readonly LogEvent[]>
  /**
   * Like `read` up to the head, but in turn: after every append that was called before, so nothing overtakes its
   * answer.
   */
  readInTurn(room: RoomId, after: Seq, limit: number): Promise<readonly LogEvent[]>
  /** The rooms' last seqs, in turn like `readInTurn`. */
  heads(rooms: readonly RoomId[]): Promise<readonly Head[]>
  /** Places of rows that another program has deleted, at most `limit` of them; each is given once. */
  deleted(limit: number): Promise<readonly RowPlace[]>
  /** The rooms with rows beyond their heads, which another program has written. In turn. */
  strayed(): Promise<readonly RoomId[]>
  /** Sets the room's head to where its rows end. */
  mend(room: RoomId): Promise<void>
  /**
   * Begins after the reader's mark, but shows at least the last `least` messages and at most the last `most`. Refuses
   * 'not-a-member'.
   */
  backlog(reader: UserId, room: RoomId, least: number, most: number): Promise<Backlog>
  /** Refuses what a text by the author would be refused there now. Writes nothing. */
  mayPost(author: UserId, room: RoomId, at: Instant): Promise<void>
  /** Moves the reader's mark forward, never back. @returns where it is now. Refuses 'not-a-member'. */
  markRead(reader: UserId, room: RoomId, seq: Seq): Promise<Seq>
  /**
   * Moves the reader's mark, back or forward, to right before the message. @returns where it is now. Refuses
   * 'not-a-member', 'no-such-message'.
   */
  markUnread(reader: UserId, room: RoomId, seq: Seq): Promise<Seq>
}
