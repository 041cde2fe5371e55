// Who may use the event loop next. Fan-out is the costliest thing a chat server does; the pacer gives it a
// bounded share, so that reading sockets and answering posts go on, and batches grow with the load.
import type { Clock } from '../ports/clock.ts'

export interface Deliverer {
  /**
   * Delivers one batch; asks for another turn with `ready` when more is waiting.
   * @returns how many happenings it held
   */
  deliver(): number
}

/** After a delivery, this part of its cost passes before the next begins. */
const REST = 0.5
const LONGEST_REST_MS = 100
/** One happening costs almost what fifty do: few of them wait for company, for this part of their cost, shared by them. */
const ALONE = 9
const LONGEST_ALONE_MS = 2
/** Catching up gets so long at a time, and begins again so much later: who is there already does not wait for it. */
const SPARE_MS = 0.5
const SPARE_REST_MS = 2

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

  /** A turn for this deliverer: when the sockets have been served, or behind the others and the rest. */
  ready(deliverer: Deliverer): void {
    this.#ready.add(deliverer)
    if (!this.#waiting) this.#wait()
  }

  /** Runs the job when the sockets have been served: for those who catch up. */
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
    this.#ready.delete(first) // when it wants another turn, it queues behind the others
    const start = this.#clock.elapsed()
    const happenings = first.deliver()
    const end = this.#clock.elapsed()
    this.#restUntil = end + restAfter(end - start, happenings)
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

/** @param cost of the delivery, in milliseconds, as is what it gives */
function restAfter(cost: number, happenings: number): number {
  const alone = Math.min((cost * ALONE) / happenings, LONGEST_ALONE_MS)
  return Math.min(cost * REST + alone, LONGEST_REST_MS)
}
