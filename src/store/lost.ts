// Why a store can't go on: the process must end, and the next start shows what survived.

/**
 * commit: SQLite's commit failed, and nobody knows whether it is on disk. thread: one of its threads ended by a fault of
 * ours. history: PostgreSQL goes on with another history than this node has shown its people.
 */
export type LostReason = 'commit' | 'thread' | 'history'

export class Lost extends Error {
  readonly reason: LostReason

  constructor(reason: LostReason, detail: string, cause?: unknown) {
    super(detail, { cause })
    this.name = 'Lost'
    this.reason = reason
  }
}
