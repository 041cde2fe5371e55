// Events that came before one that they follow: with several nodes, what two of them publish in a room at about the same
// time reaches a third in either order, and reading the log for each such gap would cost more than all the rest.

import type { LogEvent, Seq } from '../model/model.ts'

/** So many are kept; more than that is a flood, and is read from the log. */
const MOST = 1024

export class ReorderBuffer {
  readonly #events = new Map<Seq, LogEvent>()

  keep(event: LogEvent): void {
    if (this.#events.size < MOST) this.#events.set(event.seq, event)
  }

  /** The event at that place, if it came already; those before it are not waited for any more. */
  take(seq: Seq): LogEvent | undefined {
    if (this.#events.size === 0) return undefined
    const event = this.#events.get(seq)
    this.#events.delete(seq)
    return event
  }

  /** All up to there have come some other way. */
  forget(upto: Seq): void {
    for (const seq of this.#events.keys()) if (seq <= upto) this.#events.delete(seq)
  }
}
