// What pages of messages add to a message: its thread, and who has reacted.

import type { Author, Instant, Seq } from './model.ts'

/** What stands below the first message of a thread. */
export interface ThreadSummary {
  /** Counted up to a thousand. */
  readonly answers: number
  /** Who has answered, the latest first: four at most. */
  readonly people: readonly Author[]
  /** The latest answer. */
  readonly last: Seq
  readonly at: Instant
}

/** The people who have reacted to a message with one emoji. */
export interface Reacted {
  readonly emoji: string
  readonly count: number
  /** The reader is one of them. */
  readonly mine: boolean
}
