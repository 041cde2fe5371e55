// The store's pages: messages as they are now.

import type { Instant, LogEvent, Message, RoomId, Seq, UserId } from '../model/model.ts'
import type { Head } from './log.ts'
import type { Cursor, RoomUpdates } from './rooms.ts'

/** Messages as they are now, for those who look back. */
export interface Pages {
  /** The messages before, behind or around a seq or an instant, those nearest to it, oldest first. Refuses 'not-a-member'. */
  page(reader: UserId, room: RoomId, page: Page): Promise<readonly Message[]>
  /** What happened in (after, upto], at most `limit` of it, oldest first. Refuses 'not-a-member'. */
  events(reader: UserId, room: RoomId, span: Span): Promise<readonly LogEvent[]>
  /** A message with all that answer to it, and to those, oldest first. Refuses 'not-a-member', 'no-such-message'. */
  thread(reader: UserId, room: RoomId, seq: Seq, limit: number): Promise<readonly Message[]>
  /** What is pinned, oldest first. Refuses 'not-a-member'. */
  pins(reader: UserId, room: RoomId, limit: number): Promise<readonly Message[]>
  /**
   * How many messages of others lie in (after, upto], as far as the reader is shown them; counting stops at `limit`.
   * Refuses 'not-a-member'.
   */
  count(reader: UserId, room: RoomId, span: Span): Promise<number>
  /** When something was said in the reader's rooms, or in one of them, as far as the reader is shown it. */
  lastMessageTimes(reader: UserId, room?: RoomId): Promise<readonly LastMessageTimes[]>
  /** How the room stands: a page of it that was read then is the same while that is the same. Refuses 'not-a-member'. */
  state(reader: UserId, room: RoomId): Promise<PageState>
  /** The cursors of these places; those that are none are left out. */
  cursors(places: readonly Head[]): Promise<readonly Cursor[]>
  /**
   * All rooms of the reader, each complete or with a reset. @param most events in all, and no more than two megabytes of
   * them: who comes last gets resets
   */
  catchUp(reader: UserId, cursors: readonly Cursor[], most: number): Promise<CatchUp>
}

export interface CatchUp {
  readonly rooms: readonly RoomUpdates[]
  /** Bytes, about, of events that were read for rooms in which more lay than fits. */
  readonly unsent: number
}

/** Of a room; undefined where there is nothing. */
export interface LastMessageTimes {
  readonly room: RoomId
  readonly at: Instant | undefined
  /** Of what the reader has read. */
  readonly read: Instant | undefined
}

/** The seqs in (after, upto], so many of them. */
export interface Span {
  readonly after: Seq
  readonly upto: Seq
  readonly limit: number
}

export interface PageState {
  readonly head: Seq
  /** The last that happened besides messages; 0 for nothing. */
  readonly changed: Seq
  /** Not everybody is shown the same. */
  readonly personal: boolean
}

/** `seq` itself is only in what lies around it, about in the middle. */
interface PageBySeq {
  readonly side: 'before' | 'after' | 'around'
  readonly seq: Seq
  readonly limit: number
}

/** Around the first message of that instant or later, with as much before it as behind; the room is not looked through. */
interface PageByTime {
  readonly side: 'at'
  readonly at: Instant
  readonly limit: number
}

export type Page = PageBySeq | PageByTime
