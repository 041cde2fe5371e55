// Shares out the event loop. Fan-out is the most expensive thing that a chat server does: the pacer bounds its share,
// so that sockets are read and posts answered meanwhile, and batches grow with the load.
import type { Clock } from '../ports/clock.ts'

export interface Deliverer {
  /** Delivers one batch; if more is pending, queues itself again (Pacer.ready). @returns the batch's number of events */
  deliver(): number
}

/** After a delivery, this fraction of its cost passes before the next one begins. */
const REST = 0.5
const LONGEST_REST_MS = 100
/**
 * One event costs almost as much as fifty. So after few of them the rest is longer by this multiple of the cost per
 * event: more may join the next batch.
 */
const ALONE = 9
const LONGEST_ALONE_MS = 2
/**
 * Jobs of catching up run for SPARE_MS at a time, then pause for SPARE_REST_MS, so that live seats do not wait for
 * them.
 */
const SPARE_MS = 0.5
const SPARE_REST_MS = 2

/** Runs one delivery at a time, with a rest after each, and jobs of catching up in small portions between. */
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

  /**
   * Queues the deliverer for one delivery: after the sockets have been served, the deliverers before it, and the
   * rest.
   */
  ready(deliverer: Deliverer): void {
    this.#ready.add(deliverer)
    if (!this.#waiting) this.#wait()
  }

  /** Runs a job of catching up when the sockets have been served. */
  spare(job: () => void): void {
    this.#spare.push(job)
    if (this.#sparing) return
    this.#sparing = true
    this.#clock.after(0, () => this.#runSpare())
  }

  #wait(): void {
    this.#waiting = true
    this.#clock.after(Math.max(0, this.#restUntil - this.#clock.elapsed()), () => this.#deliver())
  }

  #deliver(): void {
    const [first] = this.#ready
    if (!first) return
    this.#ready.delete(first) // if it calls `ready` again, it queues after the others
    const start = this.#clock.elapsed()
    const events = first.deliver()
    const end = this.#clock.elapsed()
    this.#restUntil = end + restAfter(end - start, events)
    this.#waiting = false
    if (this.#ready.size > 0) this.#wait()
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
    if (this.#sparing) this.#clock.after(SPARE_REST_MS, () => this.#runSpare())
  }
}

/** The rest after a delivery. @param cost of the delivery, in milliseconds @returns milliseconds */
function restAfter(cost: number, events: number): number {
  const alone = Math.min((cost * ALONE) / events, LONGEST_ALONE_MS)
  return Math.min(cost * REST + alone, LONGEST_REST_MS)
}
