// Short codes by which a session goes on through another door, at the same room and place.

import type { Instant, RoomId } from './model.ts'
import type { Clock } from './ports.ts'
import type { Session } from './sessions.ts'

const VALID_MS = 2 * 60_000

export interface Moving {
  readonly session: Session
  /** The room that is written to. */
  readonly room: RoomId
  readonly until: Instant
}

export class Moves {
  readonly #clock: Clock
  readonly #code: () => string
  readonly #offers = new Map<string, Moving>()

  /** @param code a new one, that nobody guesses in two minutes */
  constructor(clock: Clock, code: () => string) {
    this.#clock = clock
    this.#code = code
  }

  /** A code for one use within two minutes. The session's earlier one is void. */
  offer(session: Session, room: RoomId): string {
    this.#dropVoid(session)
    const code = this.#code()
    this.#offers.set(code, { session, room, until: (this.#clock.now() + VALID_MS) as Instant })
    return code
  }

  /** Whose code it is, once; undefined for one that is none, or none any more. */
  redeem(code: string): Moving | undefined {
    const offer = this.#offers.get(code)
    this.#offers.delete(code)
    return offer && offer.until > this.#clock.now() ? offer : undefined
  }

  #dropVoid(session: Session): void {
    const now = this.#clock.now()
    for (const [code, offer] of this.#offers)
      if (offer.session === session || offer.until <= now) this.#offers.delete(code)
  }
}
