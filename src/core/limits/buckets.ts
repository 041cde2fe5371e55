// Token buckets by key: so many tokens at once, so many per second in the long run.
import type { Clock } from '../ports/clock.ts'

/** Beyond this number of keys full buckets are dropped, since they are as good as new. */
const MANY = 10_000
/** Before any time of a clock, which begins at 0. */
const NEVER = -1

export interface Size {
  readonly capacity: number
  readonly perSecond: number
  /** Tokens that may be owed; none by default. */
  readonly debt?: number
}

interface Bucket {
  tokens: number
  /** When the bucket had that many tokens. */
  at: number
  /** When a token was last taken. */
  takenAt: number
}

/** A bucket is made full when its key is first used. */
export class Buckets<Key> {
  readonly #clock: Clock
  readonly #capacity: number
  readonly #perSecond: number
  readonly #debt: number
  readonly #buckets = new Map<Key, Bucket>()

  constructor(clock: Clock, size: Size) {
    this.#clock = clock
    this.#capacity = size.capacity
    this.#perSecond = size.perSecond
    this.#debt = size.debt ?? 0
  }

  /** The number of keys held. */
  get size(): number {
    return this.#buckets.size
  }

  /** Takes a token if there is one. @returns 0, or the milliseconds until there is one */
  take(key: Key): number {
    const bucket = this.#refilled(key)
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / this.#perSecond) * 1000)
    bucket.tokens--
    bucket.takenAt = bucket.at
    return 0
  }

  /** Takes a token that may be owed. @returns false where no more may be owed */
  borrow(key: Key): boolean {
    const bucket = this.#refilled(key)
    if (bucket.tokens - 1 < -this.#debt) return false
    bucket.tokens--
    return true
  }

  /** When a token was last taken, as far as that is known; else NEVER, which is before all others. */
  takenAt(key: Key): number {
    return this.#buckets.get(key)?.takenAt ?? NEVER
  }

  /** Takes tokens that were spent already, down to the debt that is allowed. */
  spend(key: Key, tokens: number): void {
    const bucket = this.#refilled(key)
    bucket.tokens = Math.max(-this.#debt, bucket.tokens - tokens)
  }

  isEmpty(key: Key): boolean {
    const bucket = this.#buckets.get(key)
    return bucket !== undefined && this.#level(bucket, this.#clock.elapsed()) < 1
  }

  giveBack(key: Key): void {
    const bucket = this.#buckets.get(key)
    if (bucket) bucket.tokens = Math.min(bucket.tokens + 1, this.#capacity)
  }

  #refilled(key: Key): Bucket {
    const now = this.#clock.elapsed()
    let bucket = this.#buckets.get(key)
    if (!bucket) {
      if (this.#buckets.size >= MANY) this.#dropFull(now)
      this.#buckets.set(key, (bucket = { tokens: this.#capacity, at: now, takenAt: NEVER }))
    }
    bucket.tokens = this.#level(bucket, now)
    bucket.at = now
    return bucket
  }

  #level(bucket: Bucket, now: number): number {
    return Math.min(this.#capacity, bucket.tokens + ((now - bucket.at) / 1000) * this.#perSecond)
  }

  #dropFull(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (this.#level(bucket, now) >= this.#capacity) this.#buckets.delete(key)
    }
  }
}
