// Pages of what was said, which are in memory until a client has taken them: of one person's clients only so many at a
// time are shown one, so that connections that do not read cost no more than these.

import type { UserId } from '../../core/model.ts'

const MOST = 4

interface Turns {
  taken: number
  readonly waiting: (() => void)[]
}

export class Pages {
  readonly #people = new Map<UserId, Turns>()

  /** @param show reads a page, and resolves when the client has room again */
  async inTurn<T>(person: UserId, show: () => Promise<T>): Promise<T> {
    await this.#turn(person)
    try {
      return await show()
    } finally {
      this.#done(person)
    }
  }

  async #turn(person: UserId): Promise<void> {
    const turns = this.#people.get(person) ?? { taken: 0, waiting: [] }
    this.#people.set(person, turns)
    if (turns.taken === MOST) return new Promise(resolve => turns.waiting.push(resolve))
    turns.taken++
  }

  /** Whoever waits longest has the turn. */
  #done(person: UserId): void {
    const turns = this.#people.get(person)
    const next = turns?.waiting.shift()
    if (next) next()
    else if (turns && --turns.taken === 0) this.#people.delete(person)
  }
}
