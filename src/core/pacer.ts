// Who may use the event loop next. Fan-out is the costliest thing a chat server does; the pacer gives it a
// bounded share, so that reading sockets and answering posts go on, and batches grow with the load.

import type { Clock } from './ports.ts'

export interface Deliverer {
  /** Delivers one batch; asks for another turn with `ready` when more is waiting. */
  deliver(): void
}

/** After a delivery, this part of its cost passes before the next begins. */
const REST = 0.5
const LONGEST_REST_MS = 100
/** Catching up gets at most this long between two looks at the sockets. */
const SPARE_MS = 1

export class Pacer {
  readonly #clock: Clock
  readonly #ready = new Set<Deliverer>()
  #restUntil = 0
  #waiting = false
  #spare: (() => void)[] = []
  #sparing = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A turn for this deliverer: at once when nobody delivered just now, otherwise behind the others. */
  ready(deliverer: Deliverer): void {
    this.#ready.add(deliverer)
    if (!this.#waiting) this.#next()
  }

  /** Runs the job when the sockets have been served: for those who catch up. */
  spare(job: () => void): void {
    this.#spare.push(job)
    if (this.#sparing) return
    this.#sparing = true
    this.#clock.after(0, () => this.#runSpare())
  }

  #next(): void {
    for (const deliverer of this.#ready) {
      const start = this.#clock.elapsed()
      if (start < this.#restUntil) return this.#wait(this.#restUntil - start)
      this.#ready.delete(deliverer)
      this.#waiting = true // a deliverer that wants another turn queues behind the others
      deliverer.deliver()
      this.#waiting = false
      const end = this.#clock.elapsed()
      this.#restUntil = end + Math.min((end - start) * REST, LONGEST_REST_MS)
    }
  }

  #wait(milliseconds: number): void {
    this.#waiting = true
    this.#clock.after(milliseconds, () => {
      this.#waiting = false
      this.#next()
    })
  }

  #runSpare(): void {
    const start = this.#clock.elapsed()
    let done = 0
    for (const job of this.#spare) {
      done++
      job()
      if (this.#clock.elapsed() - start > SPARE_MS) break
    }
    this.#spare = this.#spare.slice(done)
    this.#sparing = this.#spare.length > 0
    if (this.#sparing) this.#clock.after(0, () => this.#runSpare())
  }
}
