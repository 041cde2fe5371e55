// The store's polls. They are posted as messages, voted on and closed by changes of rooms (log.ts).

import type { Author, Instant, LogEvent, RoomId, Seq, UserId } from '../model/model.ts'
import type { RowPlace } from './log.ts'

/** A room is told of a poll's votes no more often than this, in milliseconds. */
export const TELL_EVERY_MS = 1000

/** Who has chosen one option of a named poll. */
export interface Ballot {
  readonly option: number
  /** By name. */
  readonly people: readonly Author[]
}

export interface Polls {
  /** Polls with votes that their rooms have not been told of, and those that have ended by now, at most `limit`. */
  due(at: Instant, limit: number): Promise<readonly RowPlace[]>
  /**
   * Tells the room how a poll of `due` stands, under its next seq.
   * @returns undefined if that has been done meanwhile
   */
  tell(room: RoomId, seq: Seq, at: Instant): Promise<LogEvent | undefined>
  /** The room's last poll; undefined where there is none. Refuses 'not-a-member'. */
  latest(reader: UserId, room: RoomId): Promise<Seq | undefined>
  /**
   * Who has chosen what in a named poll, at most `limit` people of each option. Refuses 'not-a-member',
   * 'no-such-message', 'not-a-poll', and 'forbidden' where only counts are shown.
   */
  ballots(reader: UserId, room: RoomId, seq: Seq, limit: number): Promise<readonly Ballot[]>
}
