// A semaphore per key, first come, first served.

interface OfKey {
  taken: number
  readonly waiting: (() => void)[]
}

/** Grants slots in the order in which they were asked for. */
export class Slots<Key> {
  readonly #most: number
  readonly #slots = new Map<Key, OfKey>()

  /** @param most slots of one key */
  constructor(most: number) {
    this.#most = most
  }

  /** Does the work when there is a slot for it. */
  async run<T>(key: Key, work: () => Promise<T>): Promise<T> {
    const leave = await this.take(key)
    try {
      return await work()
    } finally {
      leave()
    }
  }

  /**
   * Resolves when there is a slot.
   * @param gone gives up the wait, of which nothing is kept; rejects with its reason
   * @returns frees the slot, to be called once
   */
  async take(key: Key, gone?: AbortSignal): Promise<() => void> {
    const slots = this.#slots.get(key) ?? { taken: 0, waiting: [] }
    this.#slots.set(key, slots)
    if (slots.taken === this.#most) await waitIn(slots.waiting, gone)
    else slots.taken++
    return () => this.#leave(key, slots)
  }

  #leave(key: Key, slots: OfKey): void {
    const next = slots.waiting.shift()
    if (next) next()
    else if (--slots.taken === 0) this.#slots.delete(key)
  }
}

async function waitIn(waiting: (() => void)[], gone: AbortSignal | undefined): Promise<void> {
  gone?.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  waiting.push(resolve)
  gone?.addEventListener('abort', () => {
    const at = waiting.indexOf(resolve)
    if (at === -1) return // it has a slot already
    waiting.splice(at, 1)
    reject(gone.reason)
  })
  return promise
}
