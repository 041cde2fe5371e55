// A call that waits for its answer.

import type { Call } from '../scripts/scripts.ts'

export interface PendingCall {
  readonly call: Call
  /** The end of its patience, by the monotonic clock: then it is refused. */
  readonly until: number
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}
