// Failures after which a store can't go on: the process must exit, and the next start finds out what survived.

/**
 * commit: a COMMIT of SQLite failed, and nobody knows whether it is on disk. thread: the one that writes died of a bug.
 * history: PostgreSQL continues from another history than the one that this node has shown.
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
