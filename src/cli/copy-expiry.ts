// Deletes expired copies of chat.db from before upgrades: at the start, and once a day.

import type { Clock } from '../core/ports/clock.ts'
import { expireCopies, type UpgradeCopy } from '../store/sqlite/upgrade-copies.ts'

const DAY_MS = 86_400_000

export class CopyExpiry {
  readonly #path: string
  readonly #days: number
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  #stop: () => void = () => {}

  constructor(path: string, parts: { days: number; clock: Clock; onError: (error: unknown) => void }) {
    this.#path = path
    this.#days = parts.days
    this.#clock = parts.clock
    this.#onError = parts.onError
  }

  /** Deletes those that have expired. @returns those that are kept */
  expire(): readonly UpgradeCopy[] {
    this.#stop = this.#clock.after(DAY_MS, () => void this.expire())
    try {
      return expireCopies(this.#path, { days: this.#days, now: new Date(this.#clock.now()) })
    } catch (error) {
      this.#onError(error)
      return []
    }
  }

  close(): void {
    this.#stop()
  }
}
