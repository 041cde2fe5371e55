// Listeners who talk: numbers, in the first room, until they are told to end.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Posted } from '../../src/clients/client/client.ts'
import type { Listener } from './listener.ts'

interface Pace {
  /** Of each listener. */
  readonly atOnce: number
  /** Before each number; none: as fast as they are acknowledged. */
  readonly restMs?: number
  readonly first?: number
}

export class Talk {
  readonly acknowledged = new Map<number, Posted>()
  readonly #pace: Pace
  readonly #over: Promise<unknown>
  #going = true
  #next: number

  constructor(listeners: readonly Listener[], pace: Pace) {
    this.#pace = pace
    this.#next = pace.first ?? 0
    this.#over = Promise.all(
      listeners.flatMap(listener => Array.from({ length: pace.atOnce }, () => this.#talk(listener))),
    )
    this.#over.catch(() => {}) // whoever ends it is told; where something else went wrong, that is what counts
  }

  /** The number that is said next. */
  get next(): number {
    return this.#next
  }

  async #talk(listener: Listener): Promise<void> {
    while (this.#going) {
      if (this.#pace.restMs) await sleep(this.#pace.restMs)
      const number = this.#next++
      this.acknowledged.set(number, await listener.client.post(1, `${number}`))
      listener.client.markRead(1, listener.last)
    }
  }

  /** Afterwards all that was said is acknowledged. */
  async end(): Promise<void> {
    this.#going = false
    await this.#over
  }
}
