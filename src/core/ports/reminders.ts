// The store's reminders.

import type { Instant, RoomId, Seq, UserId } from '../model/model.ts'
import type { Reminder, ReminderId } from '../model/scheduled.ts'

export interface NewReminder {
  readonly person: UserId
  readonly room: RoomId
  readonly seq: Seq
  readonly note: string
  readonly at: Instant
}

export interface Reminders {
  /** Refuses 'not-a-member', 'no-such-message', 'too-many-reminders'. */
  remind(wanted: NewReminder): Promise<Reminder>
  /** By time: those that have come, then those that wait. */
  list(person: UserId): Promise<readonly Reminder[]>
  /** How many have come and were not deleted. */
  rung(person: UserId): Promise<number>
  /** It waits again. Refuses 'no-such-reminder'. */
  move(person: UserId, id: ReminderId, at: Instant): Promise<Reminder>
  /** Refuses 'no-such-reminder'. */
  forget(person: UserId, id: ReminderId): Promise<void>
  /** When the next one is due; undefined where none waits. */
  next(): Promise<Instant | undefined>
  /** Those that are due by then, in order, at most `limit`. */
  due(at: Instant, limit: number): Promise<readonly ReminderId[]>
  /** Its time has come. @returns whose it is; undefined if that has been told, or it was changed, meanwhile */
  ring(
    id: ReminderId,
    at: Instant,
  ): Promise<{ readonly person: UserId; readonly reminder: Reminder } | undefined>
}
