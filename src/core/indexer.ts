// Takes messages into the search index behind the writer, in small steps: posting does not wait for it.

import type { RoomId } from './model.ts'
import type { Clock, Search } from './ports.ts'

/** Messages at a time, with a pause in between; a longer one when there is nothing to do. */
const STEP = 128
const PAUSE_MS = 15
const IDLE_MS = 1000
/** A pause is so many times as long as the step took: the more the writer has to do, the less of it goes to the index. */
const REST = 8
/** Of the store's, when there is nothing to index: about a millisecond's work. */
const TIDYING = 32
/** Before all rooms. */
const NOWHERE = 0 as RoomId

export class Indexer {
  readonly #search: Search
  readonly #clock: Clock
  readonly #trouble: (error: unknown) => void
  /** The room that was indexed last. */
  #last = NOWHERE
  #stop: () => void = () => {}
  #closed = false

  constructor(parts: { search: Search; clock: Clock; trouble: (error: unknown) => void }) {
    this.#search = parts.search
    this.#clock = parts.clock
    this.#trouble = parts.trouble
    this.#goOn(IDLE_MS)
  }

  close(): void {
    this.#closed = true
    this.#stop()
  }

  #goOn(milliseconds: number): void {
    this.#stop = this.#clock.after(milliseconds, async () => {
      const start = this.#clock.elapsed()
      const busy = await this.#step().catch(error => {
        if (!this.#closed) this.#trouble(error)
        return false
      })
      const rest = Math.max(PAUSE_MS, Math.min(REST * (this.#clock.elapsed() - start), IDLE_MS))
      if (!this.#closed) this.#goOn(busy ? rest : IDLE_MS)
    })
  }

  /** @returns whether there may be more to do. */
  async #step(): Promise<boolean> {
    const before = this.#last
    const next = await this.#search.index(before, STEP)
    this.#last = next ?? NOWHERE // the rooms take turns; then from the first again
    const idle = next === undefined && before === NOWHERE
    return !idle || this.#search.tidy(TIDYING)
  }
}
