// Of each key so many things go on at a time; whoever comes later waits, and whoever waits longest goes on first.

interface OfKey {
  taken: number
  readonly waiting: (() => void)[]
}

export class Slots<Key> {
  readonly #most: number
  readonly #slots = new Map<Key, OfKey>()

  /** @param most at a time, of one key */
  constructor(most: number) {
    this.#most = most
  }

  /** Does it when there is room for it. */
  async during<T>(key: Key, work: () => Promise<T>): Promise<T> {
    const leave = await this.take(key)
    try {
      return await work()
    } finally {
      leave()
    }
  }

  /**
   * Resolves when there is room.
   * @param gone ends the wait: nothing is kept of who does not wait any more. Rejects with its reason then
   * @returns what leaves it, to be called once
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
    if (at === -1) return // it was told to go on already
    waiting.splice(at, 1)
    reject(gone.reason)
  })
  return promise
}
