// The database's clock, by which everything is timed that nodes store and compare: bans, slow mode, invitations, tokens,
// the times of a room. Clocks of nodes may be an hour apart. Asking the database in every transaction would cost a round
// trip; it is asked with each renewal of the lease, and when a connection opens, and the node's monotonic clock counts in between. Nodes agree to within a round trip.

import type { Instant } from '../../core/model/model.ts'

export class DatabaseClock {
  /** The database's time less the node's monotonic clock, in milliseconds. */
  #ahead: number | undefined

  /** Sets the clock. @param now the database's time, read between these two readings of the node's monotonic clock */
  hear({ now, sentAt, receivedAt }: { now: number; sentAt: number; receivedAt: number }): void {
    this.#ahead = now - (sentAt + receivedAt) / 2
  }

  now(): Instant {
    if (this.#ahead === undefined) throw new Error('the database was not asked for the time yet')
    return Math.floor(this.#ahead + performance.now()) as Instant
  }
}
