// How much one person may ask for, over all their connections on all nodes; and a connection that is nobody's yet.

import type { ClusterMessages } from '../cluster/messages.ts'
import type { UserId } from '../model/model.ts'
import type { Clock } from '../ports/clock.ts'
import { Buckets } from './buckets.ts'

/** At once, and per second in the long run; what turns out to cost much is owed. */
const SIZE = { capacity: 300, perSecond: 20, debt: 300 }
/** Of one connection, for what asks for nothing: that one is there, or what is not understood. */
const LIGHT = { capacity: 2000, perSecond: 200 }
/** The other nodes are told of who spends more than this in so long: half of what anybody may. */
const TOLD_MS = 1000
const MODEST = 10

export class RateLimit {
  readonly #clock: Clock
  readonly #cluster: ClusterMessages
  readonly #buckets: Buckets<UserId>
  /** What was taken here since the others were told last. */
  #taken = new Map<UserId, number>()

  constructor(clock: Clock, cluster: ClusterMessages) {
    this.#clock = clock
    this.#cluster = cluster
    this.#buckets = new Buckets(clock, SIZE)
    cluster.on('spent', ({ turns }, from) => {
      if (from === cluster.node) return // they were taken before anything was done for them
      for (const { person, count } of turns) this.#buckets.spend(person, count)
    })
  }

  /** @returns 0, or the milliseconds until this person may ask again. */
  take(person: UserId): number {
    const wait = this.#buckets.take(person)
    if (wait === 0) this.#note(person, 1)
    return wait
  }

  /** What was asked for cost more than its turn. */
  spend(person: UserId, turns: number): void {
    this.#buckets.spend(person, turns)
    this.#note(person, turns)
  }

  /**
   * For one connection until it is known whose it is. A class comes from one address, so that has none.
   * @returns what takes a turn of it, as `take` does
   */
  forStranger(): () => number {
    const bucket = new Buckets<'it'>(this.#clock, SIZE)
    return () => bucket.take('it')
  }

  /** The same for what asks for nothing, whosever the connection is. */
  forConnection(): () => number {
    const bucket = new Buckets<'it'>(this.#clock, LIGHT)
    return () => bucket.take('it')
  }

  #note(person: UserId, turns: number): void {
    if (this.#cluster.others.size === 0) return
    if (this.#taken.size === 0) this.#clock.after(TOLD_MS, () => this.#tell())
    this.#taken.set(person, (this.#taken.get(person) ?? 0) + turns)
  }

  #tell(): void {
    const turns = [...this.#taken].flatMap(([person, count]) => (count > MODEST ? [{ person, count }] : []))
    this.#taken = new Map()
    if (turns.length > 0) this.#cluster.notify({ kind: 'spent', turns })
  }
}
