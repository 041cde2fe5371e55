// A map that forgets its oldest entries.

export interface BoundedMapOptions<Key, Value> {
  /** What an entry counts toward the capacity, the same each time it is asked; 1 by default. */
  readonly costOf?: (value: Value) => number
  /** Called for each entry that was dropped to stay within the capacity. */
  readonly onEvict?: (key: Key, value: Value) => void
}

/**
 * A map whose entries together cost no more than its capacity: `set` drops the oldest ones first. An entry becomes the
 * newest when it is set, and when it is read by `use`; so with `use` it is a least-recently-used cache.
 */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Value>()
  readonly #capacity: number
  readonly #costOf: (value: Value) => number
  readonly #onEvict: (key: Key, value: Value) => void
  #cost = 0

  constructor(
    capacity: number,
    { costOf = () => 1, onEvict = () => {} }: BoundedMapOptions<Key, Value> = {},
  ) {
    this.#capacity = capacity
    this.#costOf = costOf
    this.#onEvict = onEvict
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key)
  }

  has(key: Key): boolean {
    return this.#entries.has(key)
  }

  /** Like `get`, but the entry becomes the newest. */
  use(key: Key): Value | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  /** An entry that alone costs more than the capacity is not kept. */
  set(key: Key, value: Value): void {
    this.delete(key)
    this.#entries.set(key, value)
    this.#cost += this.#costOf(value)
    for (const [oldest, old] of this.#entries) {
      if (this.#cost <= this.#capacity) return
      this.delete(oldest)
      this.#onEvict(oldest, old)
    }
  }

  /** @returns the value that was there */
  delete(key: Key): Value | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#cost -= this.#costOf(value)
    return value
  }

  clear(): void {
    this.#entries.clear()
    this.#cost = 0
  }

  /** Oldest first. */
  keys(): Iterable<Key> {
    return this.#entries.keys()
  }

  /** Oldest first. */
  [Symbol.iterator](): Iterator<[Key, Value]> {
    return this.#entries[Symbol.iterator]()
  }
}
