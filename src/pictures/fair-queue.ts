// A queue in which people take turns.

/** Items by key: those of one key wait for each other, and the keys take turns (round robin). */
export class FairQueue<Key, Item> {
  /** The key that is next comes first; none is here without an item. */
  readonly #waiting = new Map<Key, Item[]>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(key: Key, item: Item): void {
    const own = this.#waiting.get(key)
    if (own) own.push(item)
    else this.#waiting.set(key, [item])
    this.#size++
  }

  next(): Item | undefined {
    const [first] = this.#waiting
    if (!first) return undefined
    const [key, items] = first
    this.#waiting.delete(key)
    const item = items.shift()
    if (items.length > 0) this.#waiting.set(key, items)
    this.#size--
    return item
  }
}
