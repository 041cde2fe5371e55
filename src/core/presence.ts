// Who is online: a person, not a connection. Nothing of it is stored.

import type { UserId } from './model.ts'

export class Presence {
  readonly #connections = new Map<UserId, number>()

  /** People online. */
  get count(): number {
    return this.#connections.size
  }

  /** @returns whether this is the person's first connection. */
  came(person: UserId): boolean {
    const before = this.#connections.get(person) ?? 0
    this.#connections.set(person, before + 1)
    return before === 0
  }

  /** @returns whether this was the person's last connection. */
  went(person: UserId): boolean {
    const left = (this.#connections.get(person) ?? 1) - 1
    if (left > 0) this.#connections.set(person, left)
    else this.#connections.delete(person)
    return left === 0
  }
}
