// Holds back guesses, on whatever node they are tried. Where too many were wrong, attempts wait. The next one to be
// tried is the one whose account was not tried from its origin for the longest time: so a right password from an
// origin that has not guessed comes before all that have. Among those of one origin lots are drawn. The wait does not
// tell which accounts exist.

import { randomInt } from 'node:crypto'
import type { ClusterMessages, Throttle } from '../cluster/cluster-messages.ts'
import { Refusal, type RefusalCode, refuse } from '../model/refusals.ts'
import type { Clock } from '../ports/clock.ts'
import { Buckets } from './buckets.ts'

/** How many may be wrong at once, and per second in the long run. */
const SIZES: Readonly<Record<Throttle, { readonly capacity: number; readonly perSecond: number }>> = {
  /** At one account from one address, or from one browser that has logged in to it. */
  attempts: { capacity: 20, perSecond: 1 / 6 },
  /** At one account from everywhere else. */
  accounts: { capacity: 100, perSecond: 1 / 30 },
  /** At all accounts from one address. */
  addresses: { capacity: 100, perSecond: 1 / 3 },
  /** At codes, from one address. */
  codes: { capacity: 100, perSecond: 1 / 3 },
  /** At the key of one room, by one person. */
  keys: { capacity: 20, perSecond: 1 / 6 },
  /** At the key of one room, by everyone: more than one person alone can use up. */
  rooms: { capacity: 200, perSecond: 1 },
  /**
   * Tokens that the server does not know are no guesses if it has forgotten them: a whole class may come with them.
   */
  strangers: { capacity: 1000, perSecond: 10 },
  /** Guests: names that nobody uses any more cost a row each. */
  guests: { capacity: 200, perSecond: 1 },
  /** New accounts from one address: a class registers at once. The refusal mentions the ten seconds. */
  registrations: { capacity: 60, perSecond: 1 / 10 },
}
/** An attempt waits at most this long. */
const LONGEST_WAIT_MS = 20_000
/** How often the next attempt is chosen while some wait. */
const DRAW_MS = 250
/**
 * Attempts that may wait for the same tally, and for any. When more come, one of the origin with the most is refused,
 * by lot.
 */
const MOST_FOR_ONE = 200
const MOST_WAITING = 10_000

/** What is counted, and for which key. Of several the first is the narrowest. */
export type Tally = readonly [throttle: Throttle, key: string]

interface Waiting {
  readonly tallies: readonly Tally[]
  readonly until: number
  readonly from: string
  readonly answer: (mayGoOn: boolean) => void
}

/** Counts wrong guesses over all nodes, each at once on its own and by message on the others. */
export class Throttles {
  readonly #clock: Clock
  readonly #cluster: ClusterMessages
  readonly #buckets: Readonly<Record<Throttle, Buckets<string>>>
  readonly #waiting = new Set<Waiting>()
  #drawing: (() => void) | undefined

  constructor(clock: Clock, cluster: ClusterMessages) {
    this.#clock = clock
    this.#cluster = cluster
    const bucket = (throttle: Throttle) => new Buckets<string>(clock, SIZES[throttle])
    this.#buckets = {
      attempts: bucket('attempts'),
      accounts: bucket('accounts'),
      addresses: bucket('addresses'),
      codes: bucket('codes'),
      keys: bucket('keys'),
      rooms: bucket('rooms'),
      strangers: bucket('strangers'),
      guests: bucket('guests'),
      registrations: bucket('registrations'),
    }
    cluster.on('failed', ({ throttle, key }, from) => {
      if (from !== cluster.node) this.#buckets[throttle].spend(key, 1) // here it was taken before the attempt
    })
  }

  /** When an attempt that begins now has waited too long, by `Clock.elapsed`. */
  deadline(): number {
    return this.#clock.elapsed() + LONGEST_WAIT_MS
  }

  /**
   * Does the work when each tally has a token for it; only a wrong guess uses them up. Refuses 'too-many-attempts' at
   * the deadline, and what the work refuses.
   * @param counts whether an error, or success (undefined), uses them up; wrong guesses do by default
   */
  async guess<T>(
    tallies: readonly Tally[],
    work: () => Promise<T>,
    { until = this.deadline(), counts = isWrongGuess, from = tallies.at(-1)?.[1] ?? '' }: GuessOptions = {},
  ): Promise<T> {
    await this.#turn(tallies, until, from)
    let isCounted = false
    try {
      const done = await work()
      isCounted = counts(undefined)
      return done
    } catch (error) {
      isCounted = counts(error)
      throw error
    } finally {
      for (const [throttle, key] of tallies) {
        if (isCounted) this.#cluster.notify({ kind: 'failed', throttle, key })
        else this.#buckets[throttle].giveBack(key)
      }
    }
  }

  /**
   * Does the work at once, but delays the answer to a wrong guess as `guess` would. Somebody who is not answered soon
   * knows that the guess was wrong, and may go on: so this is for secrets that can't be found by trying, or that are
   * held back otherwise.
   */
  async delayWrong<T>(tallies: readonly Tally[], work: () => Promise<T>, options?: GuessOptions): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!isWrongGuess(error)) throw error
      return this.guess(tallies, () => Promise.reject(error), options)
    }
  }

  /** Does the work if the tally has a token for it now; success uses it up. */
  async ifAllowed<T>([throttle, key]: Tally, full: RefusalCode, work: () => Promise<T>): Promise<T> {
    const bucket = this.#buckets[throttle]
    if (bucket.take(key) > 0) refuse(full)
    try {
      const done = await work()
      this.#cluster.notify({ kind: 'failed', throttle, key })
      return done
    } catch (error) {
      bucket.giveBack(key)
      throw error
    }
  }

  close(): void {
    this.#drawing?.()
    this.#drawing = undefined
    for (const { answer } of this.#waiting) answer(false)
    this.#waiting.clear()
  }

  /** Attempts that wait for the same tally are not overtaken. */
  async #turn(tallies: readonly Tally[], until: number, from: string): Promise<void> {
    const rivals = [...this.#waiting].filter(each => each.tallies.some(tally => tallies.some(isSame(tally))))
    if (rivals.length === 0 && this.#take(tallies)) return
    if (rivals.length >= MOST_FOR_ONE) this.#answer(oneOfMost(rivals), false)
    if (this.#waiting.size >= MOST_WAITING) this.#answer(oneOfMost(this.#waiting), false)
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#waiting.add({ tallies, until, from, answer: resolve })
    this.#drawing ??= this.#clock.after(DRAW_MS, () => this.#draw())
    if (!(await promise)) refuse('too-many-attempts')
  }

  #draw(): void {
    const now = this.#clock.elapsed()
    for (const each of this.#inOrder()) {
      if (this.#take(each.tallies)) this.#answer(each, true)
      else if (now >= each.until) this.#answer(each, false)
    }
    this.#drawing = this.#waiting.size > 0 ? this.#clock.after(DRAW_MS, () => this.#draw()) : undefined
  }

  #inOrder(): Waiting[] {
    const lastTurn = ({ tallies: [narrowest] }: Waiting) =>
      narrowest ? this.#buckets[narrowest[0]].takenAt(narrowest[1]) : 0
    const waiting = shuffled([...this.#waiting]).map(each => ({ each, last: lastTurn(each) }))
    return waiting.sort((a, b) => a.last - b.last).map(({ each }) => each)
  }

  #answer(waiting: Waiting | undefined, mayGoOn: boolean): void {
    if (waiting && this.#waiting.delete(waiting)) waiting.answer(mayGoOn)
  }

  /** From all or from none. */
  #take(tallies: readonly Tally[]): boolean {
    if (tallies.some(([throttle, key]) => this.#buckets[throttle].isEmpty(key))) return false
    for (const [throttle, key] of tallies) this.#buckets[throttle].take(key)
    return true
  }
}

export interface GuessOptions {
  readonly until?: number
  readonly counts?: (error: unknown) => boolean
  /** Where it is tried from; the key of the last tally by default. */
  readonly from?: string
}

const WRONG: ReadonlySet<RefusalCode> = new Set(['wrong-credentials', 'wrong-code', 'wrong-key'])

function isWrongGuess(error: unknown): boolean {
  return error instanceof Refusal && WRONG.has(error.code)
}

function isSame([throttle, key]: Tally) {
  return (other: Tally) => other[0] === throttle && other[1] === key
}

/** One attempt of the origin with the most, drawn by lot. */
function oneOfMost(waiting: Iterable<Waiting>): Waiting | undefined {
  const [most] = shuffled(bySource(waiting)).sort((a, b) => b.length - a.length)
  return most?.[randomInt(most.length)]
}

function bySource(waiting: Iterable<Waiting>): Waiting[][] {
  return [...Map.groupBy(waiting, ({ from }) => from).values()]
}

function shuffled<T>(items: readonly T[]): T[] {
  const lots = items.map(item => ({ item, lot: randomInt(2 ** 32) }))
  return lots.sort((a, b) => a.lot - b.lot).map(({ item }) => item)
}
