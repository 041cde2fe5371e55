// The time that is stored. Clocks of nodes may be an hour apart, and what one node stores another compares with its
// own: bans, slow mode, invitations, tokens, the times of a room. So with PostgreSQL all of them go by the database's
// clock. Asking it in every transaction would be one more journey; instead it is asked now and then, and in between the
// node's own clock counts, the one that nobody sets: nodes agree to within a journey to the database.

import type { Instant } from '../../core/model/model.ts'

export class DatabaseClock {
  /** Milliseconds from the node's clock that nobody sets to the database's. */
  #ahead: number | undefined

  /** @param now the database's time, read between these two moments of the node's monotonic clock */
  hear({ now, sentAt, receivedAt }: { now: number; sentAt: number; receivedAt: number }): void {
    this.#ahead = now - (sentAt + receivedAt) / 2
  }

  now(): Instant {
    if (this.#ahead === undefined) throw new Error('the database was not asked for the time yet')
    return Math.floor(this.#ahead + performance.now()) as Instant
  }
}
