// The store's messages that are to be sent later.

import type { Instant, Message, UserId } from '../model/model.ts'
import type { RefusalCode } from '../model/refusals.ts'
import type { Scheduled, ScheduledId } from '../model/scheduled.ts'

export interface NewScheduled extends Omit<Scheduled, 'id' | 'refused'> {
  readonly author: UserId
  /** The key that its message is posted under: scheduling again with the same one gives what there is. */
  readonly key: string
}

/** What is changed of a scheduled message; what is missing stays. */
export type ScheduledChange = Partial<Pick<Scheduled, 'text' | 'format' | 'at'>>

/** What became of a scheduled message: it is the room's, or it is kept with the reason why it is not. */
export type Sent =
  | { readonly message: Message }
  | { readonly refused: RefusalCode; readonly author: UserId; readonly kept: Scheduled }

export interface ScheduledMessages {
  /**
   * Refuses 'not-a-member', 'too-many-scheduled', 'no-such-upload', 'unfinished-upload', 'key-reused' for another text
   * under the same key. Its uploads do not expire while it waits.
   */
  schedule(wanted: NewScheduled): Promise<Scheduled>
  /** By time. */
  list(author: UserId): Promise<readonly Scheduled[]>
  /** One that was not sent waits again when it is moved. Refuses 'no-such-scheduled'. */
  amend(author: UserId, id: ScheduledId, change: ScheduledChange): Promise<Scheduled>
  /** Deletes it, with its uploads. Refuses 'no-such-scheduled'. */
  cancel(author: UserId, id: ScheduledId): Promise<void>
  /** When the next one is due; undefined where none waits. */
  next(): Promise<Instant | undefined>
  /** Those that are due by then, in order, at most `limit`. */
  due(at: Instant, limit: number): Promise<readonly ScheduledId[]>
  /**
   * Posts one that is due, in the same transaction that forgets it: whoever calls, and however often, it is sent once.
   * What its author may not write there then is kept and not tried again; only slow mode puts it off.
   * @param space for files in its room, in bytes
   * @returns undefined if it has been sent or changed meanwhile
   */
  send(id: ScheduledId, space: number, at: Instant): Promise<Sent | undefined>
  /** Posts it now. Refuses 'no-such-scheduled', and what posting refuses: it stays as it was. */
  sendNow(author: UserId, id: ScheduledId, space: number, at: Instant): Promise<Message>
}
