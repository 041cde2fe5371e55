// Short codes by which a session goes on through another door, at the same room and place.

import type { Instant, RoomId, SessionId, UserId } from './model.ts'
import type { Clock } from './ports.ts'
import type { Session } from './sessions.ts'

export const OFFERED_MS = 2 * 60_000

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

  /** A code for one use within two minutes, as people read it: abcd-2345. The session's earlier one is void. */
  offer(session: Session, room: RoomId): string {
    const now = this.#clock.now()
    this.#dropWhere(({ until }) => until <= now)
    this.withdraw(session)
    const code = this.#code()
    this.#offers.set(code, { session, room, until: (now + OFFERED_MS) as Instant })
    return `${code.slice(0, 4)}-${code.slice(4)}`
  }

  /** Whether it may go on elsewhere. */
  offers(session: Session): boolean {
    const now = this.#clock.now()
    return [...this.#offers.values()].some(offer => isSame(offer.session, session) && offer.until > now)
  }

  withdraw(session: Session): void {
    this.#dropWhere(offer => isSame(offer.session, session))
  }

  /** The offers of these sessions are void, whether their connections are still there or not. */
  drop(ids: ReadonlySet<SessionId>): void {
    this.#dropWhere(({ session: { id } }) => id !== undefined && ids.has(id))
  }

  dropOf(person: UserId): void {
    this.#dropWhere(({ session }) => session.person.id === person)
  }

  /** Whose code it is, once; undefined for one that is none, or none any more. */
  redeem(code: string): Moving | undefined {
    const offer = this.#offers.get(code)
    this.#offers.delete(code)
    return offer && offer.until > this.#clock.now() ? offer : undefined
  }

  #dropWhere(isVoid: (offer: Moving) => boolean): void {
    for (const [code, offer] of this.#offers) if (isVoid(offer)) this.#offers.delete(code)
  }
}

/** Connections of one stored session offer one code. */
function isSame(one: Session, other: Session): boolean {
  return one === other || (one.id !== undefined && one.id === other.id)
}
