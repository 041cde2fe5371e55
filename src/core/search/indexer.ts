// Indexes messages after they were written, in small steps, so that posting does not wait for it.

import type { RoomId } from '../model/model.ts'
import type { Clock } from '../ports/clock.ts'
import type { Search } from '../ports/search.ts'

/** Messages in one step, the pause between steps, and the pause when there is nothing to index. */
const STEP = 128
const PAUSE_MS = 15
const IDLE_MS = 1000
/** Texts written per millisecond that keep the writer busy enough. */
const MUCH = 4
/** A pause lasts this many times as long as its step. */
const REST = 1
/** The same while the writer is busy: a search reads through what the index lacks. */
const LONG_REST = 64
/** The size of a step of the store's compaction when there is nothing to index: about a millisecond's work. */
const TIDYING = 32
/** Before all rooms. */
const NOWHERE = 0 as RoomId

interface IndexerDeps {
  readonly search: Pick<Search, 'index' | 'tidy'>
  readonly clock: Clock
  /** The number of texts given to the store so far. */
  readonly written: () => number
  readonly onError: (error: unknown) => void
}

export class Indexer {
  readonly #search: Pick<Search, 'index' | 'tidy'>
  readonly #clock: Clock
  readonly #written: () => number
  readonly #onError: (error: unknown) => void
  /** The room indexed last. */
  #last = NOWHERE
  #stop: () => void = () => {}
  #closed = false

  constructor(parts: IndexerDeps) {
    this.#search = parts.search
    this.#clock = parts.clock
    this.#written = parts.written
    this.#onError = parts.onError
    this.#goOn(IDLE_MS)
  }

  close(): void {
    this.#closed = true
    this.#stop()
  }

  #goOn(milliseconds: number): void {
    const [before, since] = [this.#written(), this.#clock.elapsed()]
    this.#stop = this.#clock.after(milliseconds, async () => {
      const start = this.#clock.elapsed()
      const isMore = await this.#step().catch(error => {
        if (!this.#closed) this.#onError(error)
        return false
      })
      const end = this.#clock.elapsed()
      const isMuch = this.#written() - before > MUCH * (end - since)
      const rest = (isMuch ? LONG_REST : REST) * (end - start)
      if (!this.#closed) this.#goOn(isMore ? Math.max(PAUSE_MS, Math.min(rest, IDLE_MS)) : IDLE_MS)
    })
  }

  /** @returns whether there may be more to do */
  async #step(): Promise<boolean> {
    const before = this.#last
    const next = await this.#search.index(before, STEP)
    this.#last = next ?? NOWHERE // one room after another; then from the first again
    const idle = next === undefined && before === NOWHERE
    return !idle || this.#search.tidy(TIDYING)
  }
}
