import type { Instant } from '../../src/core/model/model.ts'
import type { Clock } from '../../src/core/ports/clock.ts'

/** A clock that is moved by hand. */
export class HandClock implements Clock {
  #now = 0
  readonly #timers = new Set<{ at: number; call: () => void }>()

  now = () => this.#now as Instant
  elapsed = () => this.#now

  after(milliseconds: number, call: () => void): () => void {
    const timer = { at: this.#now + milliseconds, call }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  get waiting(): number {
    return this.#timers.size
  }

  pass(milliseconds: number): void {
    const until = this.#now + milliseconds
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at)
      if (!next || next.at > until) break
      this.#timers.delete(next)
      this.#now = next.at
      next.call()
    }
    this.#now = until
  }
}
