// One timer for all that falls due: it goes off when the next of it does, and not for each.

import type { Instant } from '../model/model.ts'
import { Refusal } from '../model/refusals.ts'
import type { Clock } from '../ports/clock.ts'

/** What is due waits at most this much longer, in milliseconds, so that what is due together is done together. */
const SLACK_MS = 1000
/** Another node may have stored something, or a clock been set: it is looked again after this many milliseconds. */
const LOOK_EVERY_MS = 60_000

interface DueDeps {
  readonly clock: Clock
  /** When the next of it is due; undefined where nothing is. */
  readonly next: () => Promise<Instant | undefined>
  /** Does all that is due by now. Where nodes meet in it, the store lets one of them do it. */
  readonly run: () => Promise<void>
  readonly onError: (error: unknown) => void
}

export class Due {
  readonly #deps: DueDeps
  #cancel: () => void = () => {}
  /** When the timer goes off. */
  #looksAt = Number.POSITIVE_INFINITY
  #isRunning = false
  #isClosed = false

  constructor(deps: DueDeps) {
    this.#deps = deps
    this.#lookIn(SLACK_MS)
  }

  /** Something is due then. */
  expect(at: Instant): void {
    const wait = Math.max(at - this.#deps.clock.now(), 0)
    if (!this.#isRunning && this.#deps.clock.now() + wait < this.#looksAt) this.#lookIn(wait)
  }

  #lookIn(milliseconds: number): void {
    if (this.#isClosed) return
    const { clock } = this.#deps
    this.#cancel()
    this.#looksAt = clock.now() + milliseconds
    this.#cancel = clock.after(milliseconds, () => void this.#look())
  }

  async #look(): Promise<void> {
    const { next, run, clock, onError } = this.#deps
    this.#isRunning = true
    let wait = LOOK_EVERY_MS
    try {
      await run()
      const at = await next()
      if (at !== undefined) wait = Math.min(wait, at - clock.now())
    } catch (error) {
      // A store that is busy or full is told to the operator by itself; what is due stays due.
      if (!this.#isClosed && !(error instanceof Refusal)) onError(error)
    } finally {
      this.#isRunning = false
      this.#lookIn(Math.max(wait, SLACK_MS))
    }
  }

  close(): void {
    this.#isClosed = true
    this.#cancel()
  }
}
