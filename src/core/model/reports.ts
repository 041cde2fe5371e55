// Messages that somebody has reported to those who look after a room.

import type { Author, Instant, RoomId, RoomKind, Seq } from './model.ts'

/** Reports by one person within an hour, and how long that is. */
export const MOST_REPORTS = 10
export const REPORTS_MS = 3_600_000
/** Messages before the reported one, and as many after it, that a report has. */
export const STANDING_AROUND = 3

/** A message as it was when it was reported. */
export interface ReportedMessage {
  readonly seq: Seq
  readonly author: Author
  readonly at: Instant
  /** Empty if it had been deleted, or had files alone. */
  readonly text: string
  /** What its files were called. */
  readonly files: readonly string[]
}

export interface Report {
  /** Later ones have higher ids. */
  readonly id: number
  /** A direct room has no name. */
  readonly room: { readonly id: RoomId; readonly kind: RoomKind; readonly name: string }
  readonly seq: Seq
  /** Of the reported message. */
  readonly author: Author
  /** Who reported it. */
  readonly by: Author
  readonly at: Instant
  /** Why; may be empty. */
  readonly reason: string
  /** The reported message with those around it, oldest first; empty once the report is closed. */
  readonly messages: readonly ReportedMessage[]
  /** The message has been deleted since. */
  readonly deleted?: true
  readonly closed?: Closed
}

export interface Closed {
  readonly at: Instant
  readonly by: Author
  /** For others who look after the room; may be empty. */
  readonly note: string
}

/** A report of one's own that has been looked at. */
export interface ReviewedReport {
  readonly room: RoomId
  readonly seq: Seq
  readonly at: Instant
}

/** What concerns a person of reports. */
export interface ReportNews {
  /** Open ones that the person may close; counted up to 100. */
  readonly open: number
  /** The latest of these; 0 for none. */
  readonly latest: number
  /** Their own that were looked at, and of which they have not been told. */
  readonly reviewed: readonly ReviewedReport[]
}
