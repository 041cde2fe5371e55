// Surveys the database now and then for rows of other programs that make no sense, and reports each row once.
import type { Clock } from '../core/ports/clock.ts'
import type { Oddity, Upkeep as Surveys } from '../core/ports/upkeep.ts'

/** Between two surveys. On a file one takes a moment, unless another program has written to it. */
const LOOK_MS = 30_000
/** Before the first survey: a starting server has more urgent work. */
const FIRST_MS = 1_000
/** Reported rows that are remembered; beyond that all are forgotten, and may be reported again. */
const MOST_REMEMBERED = 10_000

interface UpkeepDeps {
  readonly store: Surveys
  readonly clock: Clock
  /** Called with the rows that have not been reported before. */
  found(odd: readonly Oddity[]): void
  /** Called after each survey of a database that has changed; false while there are such rows. */
  is(well: boolean): void
  onError(error: unknown): void
}

export class Upkeep {
  readonly #deps: UpkeepDeps
  #reported = new Set<string>()
  #surveyedVersion: number | undefined
  #stop: () => void = () => {}
  #closed = false

  constructor(deps: UpkeepDeps) {
    this.#deps = deps
    this.#schedule(FIRST_MS)
  }

  close(): void {
    this.#closed = true
    this.#stop()
  }

  #schedule(milliseconds: number): void {
    this.#stop = this.#deps.clock.after(milliseconds, async () => {
      await this.#survey().catch(error => {
        if (!this.#closed) this.#deps.onError(error)
      })
      if (!this.#closed) this.#schedule(LOOK_MS)
    })
  }

  async #survey(): Promise<void> {
    const surveyed = await this.#deps.store.survey(this.#surveyedVersion)
    if (!surveyed || this.#closed) return
    this.#surveyedVersion = surveyed.version
    const fresh = surveyed.odd.filter(each => !this.#reported.has(nameOf(each)))
    if (this.#reported.size + fresh.length > MOST_REMEMBERED) this.#reported = new Set()
    for (const each of fresh) this.#reported.add(nameOf(each))
    this.#deps.is(surveyed.odd.length === 0)
    if (fresh.length > 0) this.#deps.found(fresh)
  }
}

function nameOf({ table, column, row }: Oddity): string {
  return `${table}.${column} ${row}`
}
