// From where people have logged in successfully, on any node: attempts from there do not wait for guesses from elsewhere.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { Clock } from '../ports/clock.ts'
import { BoundedMap } from './bounded-map.ts'

/** An origin is known for this long after the last log-in from there. */
export const LATELY_MS = 30 * 86_400_000
/** The other nodes are told of an origin at most this often. */
const TOLD_MS = 3_600_000
/** Origins of one account, its tokens included: however often somebody logs in, the origins of others stay. */
const MOST_OF_ONE = 128
export const MOST_KNOWN = 20_000

interface Known {
  readonly account: string
  /** When somebody last logged in from there, by `Clock.elapsed`. */
  readonly seen: number
}

/** Origins by their key: an account and an address or a device, or a token (brute-force-guard.ts). */
export class KnownOrigins {
  readonly #clock: Clock
  readonly #cluster: ClusterMessages
  readonly #known = new BoundedMap<string, Known>(MOST_KNOWN, {
    onEvict: (origin, known) => this.#unlink(origin, known),
  })
  readonly #byAccount = new Map<string, BoundedMap<string, true>>()

  constructor(clock: Clock, cluster: ClusterMessages) {
    this.#clock = clock
    this.#cluster = cluster
    cluster.on('known', ({ account, place }) => this.#note(place, { account, seen: clock.elapsed() }))
  }

  has(origin: string): boolean {
    const known = this.#known.get(origin)
    return known !== undefined && this.#clock.elapsed() - known.seen < LATELY_MS
  }

  /** Notes a log-in, on every node. */
  add(account: string, origin: string): void {
    const known = this.#known.get(origin)
    if (known === undefined || this.#clock.elapsed() - known.seen > TOLD_MS)
      this.#cluster.notify({ kind: 'known', account, place: origin })
  }

  /** Notes a log-in from before this server began, unless a later one is known. @param ago milliseconds */
  learn(account: string, origin: string, ago: number): void {
    if (!this.#known.has(origin)) this.#note(origin, { account, seen: this.#clock.elapsed() - ago })
  }

  #note(origin: string, known: Known): void {
    const earlier = this.#known.delete(origin)
    if (earlier) this.#unlink(origin, earlier)
    this.#originsOf(known.account).set(origin, true)
    this.#known.set(origin, known)
  }

  #originsOf(account: string): BoundedMap<string, true> {
    const there = this.#byAccount.get(account)
    if (there) return there
    const own = new BoundedMap<string, true>(MOST_OF_ONE, { onEvict: origin => this.#known.delete(origin) })
    this.#byAccount.set(account, own)
    return own
  }

  #unlink(origin: string, { account }: Known): void {
    const own = this.#byAccount.get(account)
    own?.delete(origin)
    if (own?.size === 0) this.#byAccount.delete(account)
  }
}
