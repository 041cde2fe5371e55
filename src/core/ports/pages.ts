// The store's pages: messages as they are now.

import type { HistoryEntry, QuietEvent } from '../model/history.ts'
import type { Author, Format, Instant, LogEvent, Message, RoomId, Seq, UserId } from '../model/model.ts'
import type { Head } from './log.ts'
import type { Cursor, RoomUpdates } from './rooms.ts'

/** Messages as they are now, for people who look back. */
export interface Pages {
  /** The messages nearest to a seq or an instant, on the side asked for, oldest first. Refuses 'not-a-member'. */
  page(reader: UserId, room: RoomId, page: Page): Promise<readonly Message[]>
  /**
   * Like `page`, with everything that happened between the messages, and up to the end that the page reaches. At most
   * LONGEST_RUN quiet events stand between two messages: of more, one fold. Refuses 'not-a-member'.
   */
  history(reader: UserId, room: RoomId, page: Page): Promise<HistoryPage>
  /** The quiet events and deleted messages in (after, upto], oldest first. Refuses 'not-a-member'. */
  quiet(reader: UserId, room: RoomId, span: Span): Promise<QuietRun>
  /** The events in (after, upto], at most `limit` of them, oldest first. Refuses 'not-a-member'. */
  events(reader: UserId, room: RoomId, span: Span): Promise<readonly LogEvent[]>
  /** Who has reacted to a message, by emoji and name. Refuses 'not-a-member'. */
  reactors(reader: UserId, room: RoomId, seq: Seq, page: ReactorsPage): Promise<readonly Reactor[]>
  /**
   * The texts that a message has had, as far as they were kept, the present one last. Refuses 'not-a-member',
   * 'no-such-message'.
   */
  versions(reader: UserId, room: RoomId, seq: Seq): Promise<readonly Version[]>
  /** The pinned messages, oldest first. Refuses 'not-a-member'. */
  pins(reader: UserId, room: RoomId, limit: number): Promise<readonly Message[]>
  /** Messages with attachments, the latest first. Refuses 'not-a-member'. */
  withFiles(reader: UserId, room: RoomId, page: FilesPage): Promise<readonly Message[]>
  /** The number of messages by others in (after, upto] that the reader is shown, counted up to `limit`. Refuses 'not-a-member'. */
  count(reader: UserId, room: RoomId, span: Span): Promise<number>
  /** For all of the reader's rooms, or one. Messages that the reader is not shown do not count. */
  lastMessageTimes(reader: UserId, room?: RoomId): Promise<readonly LastMessageTimes[]>
  /** The room's state: a page of it is the same as long as this is the same. Refuses 'not-a-member'. */
  state(reader: UserId, room: RoomId): Promise<PageState>
  /** The cursors of these heads, without those whose row is missing. */
  cursors(places: readonly Head[]): Promise<readonly Cursor[]>
  /**
   * All rooms of the reader, each with all events after its cursor or with a reset.
   * @param most events in all, and two megabytes of them at most: the last rooms get resets
   */
  catchUp(reader: UserId, cursors: readonly Cursor[], most: number): Promise<CatchUp>
}

/** Quiet events between two messages of one page, at most. */
export const LONGEST_RUN = 20

/** Oldest first. */
export interface HistoryPage {
  readonly entries: readonly HistoryEntry[]
  /** There may be more before, after it. */
  readonly hasOlder: boolean
  readonly hasNewer: boolean
}

export interface QuietRun {
  readonly events: readonly (QuietEvent | Message)[]
  /** All of them up to here: where it goes on when this is before the end asked for. */
  readonly upto: Seq
}

/** Somebody who has reacted. */
export interface Reactor {
  readonly emoji: string
  readonly person: Author
}

export interface ReactorsPage {
  /** With this one alone. */
  readonly emoji?: string | undefined
  /** The last one before, its username folded. */
  readonly after?: { readonly emoji: string; readonly username: string } | undefined
  readonly limit: number
}

/** The messages that have attachments of a kind; visual: pictures and videos; recordings of voices are none. */
export interface FilesPage {
  readonly kind: 'visual' | 'other' | 'any'
  /** They are before that one; undefined: from the end. */
  readonly before?: Seq | undefined
  readonly limit: number
}

/** A text that a message has, or has had. */
export interface Version {
  readonly text: string
  readonly format: Format
  /** When it was written. */
  readonly at: Instant
}

export interface CatchUp {
  readonly rooms: readonly RoomUpdates[]
  /** Bytes, about, of events that were read in vain, for rooms with more of them than fits. */
  readonly unsent: number
}

/** When messages were sent in a room; undefined where there is none. */
export interface LastMessageTimes {
  readonly room: RoomId
  readonly at: Instant | undefined
  /** When the last one was sent that the reader has read. */
  readonly read: Instant | undefined
}

/** The seqs in (after, upto], at most `limit` of them. */
export interface Span {
  readonly after: Seq
  readonly upto: Seq
  readonly limit: number
}

export interface PageState {
  readonly head: Seq
  /** The seq of the last event other than a message; 0 for none. */
  readonly changed: Seq
  /** The seq of the last answer to a message; 0 for none. */
  readonly answered: Seq
  /** People are shown different things. */
  readonly personal: boolean
}

export interface PageFilter {
  /** Without answers that stand in their thread alone. */
  readonly withoutThreadOnly?: true | undefined
}

/** The message of `seq` itself is only in a page around it, about in the middle. */
interface PageBySeq extends PageFilter {
  readonly side: 'before' | 'after' | 'around'
  readonly seq: Seq
  readonly limit: number
}

/**
 * A page around the first message sent at that instant or later, half of it before. Found without reading through the
 * room.
 */
interface PageByTime extends PageFilter {
  readonly side: 'at'
  readonly at: Instant
  readonly limit: number
}

export type Page = PageBySeq | PageByTime
