// How much one person may ask for, over all their connections on all nodes; and a connection of nobody yet.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { UserId } from '../model/model.ts'
import type { Clock } from '../ports/clock.ts'
import { Buckets } from './buckets.ts'

/** Tokens at once and per second; what turns out to cost more is owed. */
const SIZE = { capacity: 300, perSecond: 20, debt: 300 }
/** For input of one connection that asks for nothing: pings, what is not understood. */
const LIGHT = { capacity: 2000, perSecond: 200 }
/** The other nodes are told of anyone who spends more than MODEST in TOLD_MS: half of what a person may. */
const TOLD_MS = 1000
const MODEST = 10

/** One bucket per person on each node; nodes tell each other what was spent, so a second node gains nothing for long. */
export class RateLimit {
  readonly #clock: Clock
  readonly #cluster: ClusterMessages
  readonly #buckets: Buckets<UserId>
  /** What was spent here since the other nodes were last told. */
  #taken = new Map<UserId, number>()

  constructor(clock: Clock, cluster: ClusterMessages) {
    this.#clock = clock
    this.#cluster = cluster
    this.#buckets = new Buckets(clock, SIZE)
    cluster.on('spent', ({ turns }, from) => {
      if (from === cluster.node) return // taken before anything was done for them
      for (const { person, count } of turns) this.#buckets.spend(person, count)
    })
  }

  /** Takes a token. @returns 0, or the milliseconds until the person may ask again */
  take(person: UserId): number {
    const wait = this.#buckets.take(person)
    if (wait === 0) this.#note(person, 1)
    return wait
  }

  /** Takes a token that the person may owe. @returns false where they may owe no more */
  borrow(person: UserId): boolean {
    const isTaken = this.#buckets.borrow(person)
    if (isTaken) this.#note(person, 1)
    return isTaken
  }

  /** Charges for what cost more than its token. */
  spend(person: UserId, tokens: number): void {
    this.#buckets.spend(person, tokens)
    this.#note(person, tokens)
  }

  /**
   * A bucket for one connection until it is known whose it is. Addresses have none, since a class shares one.
   * @returns takes a token, as `take` does
   */
  forStranger(): () => number {
    const bucket = new Buckets<'it'>(this.#clock, SIZE)
    return () => bucket.take('it')
  }

  /**
   * A bucket for one connection's input that asks for nothing, whoever it belongs to.
   * @returns takes a token, as `take` does
   */
  forConnection(): () => number {
    const bucket = new Buckets<'it'>(this.#clock, LIGHT)
    return () => bucket.take('it')
  }

  #note(person: UserId, tokens: number): void {
    if (this.#cluster.others.size === 0) return
    if (this.#taken.size === 0) this.#clock.after(TOLD_MS, () => this.#tell())
    this.#taken.set(person, (this.#taken.get(person) ?? 0) + tokens)
  }

  #tell(): void {
    const turns = [...this.#taken].flatMap(([person, count]) => (count > MODEST ? [{ person, count }] : []))
    this.#taken = new Map()
    if (turns.length > 0) this.#cluster.notify({ kind: 'spent', turns })
  }
}
