// What a door provides for the delivery of events.

import type { RoomEvent } from '../model/model.ts'

/** A run of events as one door shows them. */
export interface Rendering {
  /** For each event, the number of bytes up to its end, about. */
  readonly ends: Uint32Array
  /**
   * @returns the bytes of the events [from, to)
   * @param shown the parts of them that are shown, ascending; all of them by default
   */
  part(from: number, to: number, shown?: readonly Part[]): Uint8Array
}

/** The events [from, to), by index. */
export interface Part {
  readonly from: number
  readonly to: number
}

/** Connections that are sent the same bytes. A batch is rendered once for all of them. */
export interface Cohort {
  render(events: readonly RoomEvent[]): Rendering
}

/** A connection's bounded way out. */
export interface Sink {
  /**
   * Takes the bytes in any case.
   * @returns false when it is full: nothing more should be written before it has drained
   */
  write(bytes: Uint8Array): boolean
}
