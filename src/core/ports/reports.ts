// The store's reports of messages. Those of a room are for its moderators and for admins of the server, those of a direct
// room for admins alone; those of one's own messages are for nobody, so that no one learns who reported them.

import type { Instant, RoomId, Seq, UserId } from '../model/model.ts'
import type { Report, ReportNews } from '../model/reports.ts'

export interface NewReport {
  readonly seq: Seq
  /** Checked; may be empty. */
  readonly reason: string
  readonly at: Instant
}

export interface ReportsPage {
  readonly open: boolean
  /** Only those before this one; undefined: from the latest on. */
  readonly before: number | undefined
  readonly limit: number
}

export interface FoundReports {
  readonly reports: readonly Report[]
  /** Where the next page begins: `before`; undefined where there are no more. */
  readonly next: number | undefined
}

export interface ClosedReports {
  /** Who reported the message. */
  readonly reporters: readonly UserId[]
  /** Who may see its reports. */
  readonly audience: readonly UserId[]
}

export interface Reports {
  /**
   * Keeps the message as it is now, with what stands around it.
   * @returns who may see the report. Refuses 'not-a-member', 'no-such-message', 'oneself' for one's own,
   * 'already-reported', 'too-many-reports'.
   */
  file(by: UserId, room: RoomId, report: NewReport): Promise<readonly UserId[]>
  /** Latest first, at most `limit` of those that the reader may see. */
  list(reader: UserId, page: ReportsPage): Promise<FoundReports>
  /**
   * Closes the report and all others of the same message, and erases their texts. Refuses 'no-such-report', also for
   * one that the person may not see or that is closed.
   */
  close(by: UserId, id: number, closing: { note: string; at: Instant }): Promise<ClosedReports>
  news(person: UserId): Promise<ReportNews>
  /** The person has been told of all of their own that were looked at. */
  told(person: UserId): Promise<void>
}
