// Looks now and then at what other programs have left in the database, and tells of each row once.
import type { Clock } from '../core/ports/clock.ts'
import type { Oddity, Upkeep as Surveys } from '../core/ports/upkeep.ts'

/** Between two looks; on a file it is a moment's work unless another program has written to it. */
const LOOK_MS = 30_000
/** At the start others have more to do. */
const FIRST_MS = 1_000
/** So many rows are remembered. */
const MOST_KNOWN = 10_000

interface UpkeepDeps {
  readonly store: Surveys
  readonly clock: Clock
  /** Told of rows that were not told of before. */
  found(odd: readonly Oddity[]): void
  /** Told whether there are any, also when that is known. */
  is(well: boolean): void
  onError(error: unknown): void
}

export class Upkeep {
  readonly #deps: UpkeepDeps
  #known = new Set<string>()
  #seen: number | undefined
  #stop: () => void = () => {}
  #closed = false

  constructor(deps: UpkeepDeps) {
    this.#deps = deps
    this.#goOn(FIRST_MS)
  }

  close(): void {
    this.#closed = true
    this.#stop()
  }

  #goOn(milliseconds: number): void {
    this.#stop = this.#deps.clock.after(milliseconds, async () => {
      await this.#look().catch(error => {
        if (!this.#closed) this.#deps.onError(error)
      })
      if (!this.#closed) this.#goOn(LOOK_MS)
    })
  }

  async #look(): Promise<void> {
    const surveyed = await this.#deps.store.survey(this.#seen)
    if (!surveyed || this.#closed) return
    this.#seen = surveyed.version
    const fresh = surveyed.odd.filter(each => !this.#known.has(nameOf(each)))
    if (this.#known.size + fresh.length > MOST_KNOWN) this.#known = new Set()
    for (const each of fresh) this.#known.add(nameOf(each))
    this.#deps.is(surveyed.odd.length === 0)
    if (fresh.length > 0) this.#deps.found(fresh)
  }
}

function nameOf({ table, column, row }: Oddity): string {
  return `${table}.${column} ${row}`
}
