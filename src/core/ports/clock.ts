// Time.

import type { Instant } from '../model/model.ts'

export interface Clock {
  /** The time of day. */
  now(): Instant
  /** Milliseconds that never go back, with fractions. */
  elapsed(): number
  /**
   * Calls back once after that many milliseconds; 0 is as soon as the sockets have been served.
   * @returns cancels the call
   */
  after(milliseconds: number, call: () => void): () => void
}
