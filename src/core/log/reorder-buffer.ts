// Events that arrived before one that they follow. With several nodes, what two of them publish in a room at about
// the same time reaches a third in either order, and reading the log for each such gap would cost more than
// everything else.

import type { LogEvent, Seq } from '../model/model.ts'

/** Events kept at most; more than that is a flood, and is read from the log. */
const MOST = 1024

/** Keeps early events until their turn comes. */
export class ReorderBuffer {
  readonly #events = new Map<Seq, LogEvent>()

  keep(event: LogEvent): void {
    if (this.#events.size < MOST) this.#events.set(event.seq, event)
  }

  /** The event with that seq, if it has arrived; the buffer forgets it. */
  take(seq: Seq): LogEvent | undefined {
    if (this.#events.size === 0) return undefined
    const event = this.#events.get(seq)
    this.#events.delete(seq)
    return event
  }

  /** Forgets all events up to `upto`: they have come some other way. */
  forget(upto: Seq): void {
    for (const seq of this.#events.keys()) if (seq <= upto) this.#events.delete(seq)
  }
}
