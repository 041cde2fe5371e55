// Looks now and then for what other programs have done to the log of rooms that nobody is reading.

import type { Clock } from '../ports/clock.ts'
import type { WatchedLog } from './watched-log.ts'

/** The first look comes soon, since other programs write most freely while no server runs. */
const FIRST_MS = 1_000
const PAUSE_MS = 60_000

/** Inspects the log once a minute. */
export class Inspector {
  readonly #log: Pick<WatchedLog, 'inspect'>
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  #stop: () => void = () => {}
  #closed = false

  constructor(parts: {
    log: Pick<WatchedLog, 'inspect'>
    clock: Clock
    onError: (error: unknown) => void
  }) {
    this.#log = parts.log
    this.#clock = parts.clock
    this.#onError = parts.onError
    this.#lookIn(FIRST_MS)
  }

  close(): void {
    this.#closed = true
    this.#stop()
  }

  #lookIn(milliseconds: number): void {
    this.#stop = this.#clock.after(milliseconds, async () => {
      await this.#log.inspect().catch(error => {
        if (!this.#closed) this.#onError(error)
      })
      if (!this.#closed) this.#lookIn(PAUSE_MS)
    })
  }
}
