// A door's side of a delivery.

import type { RoomEvent } from '../model/model.ts'

/** A run of events as one door shows them. */
export interface Rendering {
  /** Bytes of numbers 0 to i, about. */
  readonly ends: Uint32Array
  /**
   * What is written for the numbers [from, to).
   * @param shown the parts of it that are shown, ascending; all of it where none are given
   */
  part(from: number, to: number, shown?: readonly Part[]): Uint8Array
}

/** The numbers [from, to). */
export interface Part {
  readonly from: number
  readonly to: number
}

/** The connections that see the same bytes. A batch is rendered once for all of them. */
export interface Cohort {
  render(events: readonly RoomEvent[]): Rendering
}

/** A connection's bounded way out. */
export interface Sink {
  /** Takes the bytes in any case; false when it is full, and nothing more should come before `drained`. */
  write(bytes: Uint8Array): boolean
}
