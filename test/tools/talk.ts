// Listeners who also post: numbers, in the first room, until they are told to stop.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Posted } from '../../src/clients/client/client.ts'
import type { Listener } from './listener.ts'

interface Pace {
  /** Posts in flight, of each listener. */
  readonly atOnce: number
  /** Pause before each number; undefined: as soon as the last one is acknowledged. */
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
    this.#over.catch(() => {}) // `end` throws it, unless the test has failed of something else
  }

  /** The next number to be posted. */
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

  /** Resolves when everything that was posted has been acknowledged. */
  async end(): Promise<void> {
    this.#going = false
    await this.#over
  }
}
