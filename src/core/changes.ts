// What changes a room besides posting: stored, then published, and whoever it lets in is seated.

import type { LogEvent, Person, Room, RoomId, Seq, UserId } from './model.ts'
import type { Bus, Change, Clock, Store } from './ports.ts'
import type { Session, Sessions } from './sessions.ts'

export class Changes {
  readonly #store: Store
  readonly #bus: Bus
  readonly #clock: Clock
  readonly #sessions: Sessions
  readonly #seat: (session: Session, room: Room, after: Seq) => Promise<void>

  /** @param seat gives a session its seat in a room, if it has none */
  constructor(
    parts: { store: Store; bus: Bus; clock: Clock; sessions: Sessions },
    seat: (session: Session, room: Room, after: Seq) => Promise<void>,
  ) {
    this.#store = parts.store
    this.#bus = parts.bus
    this.#clock = parts.clock
    this.#sessions = parts.sessions
    this.#seat = seat
  }

  /** undefined when it was so already. Refuses what the store refuses (ports.ts, Change). */
  async make(actor: Person, room: RoomId, change: Change): Promise<LogEvent | undefined> {
    const event = await this.#store.rooms.change(actor.id, room, change, this.#clock.now())
    if (!event) return undefined
    this.#bus.publish(room, [event])
    if (event.kind === 'arrival') await this.#arrived(event.person.id, room, event.seq)
    return event
  }

  /** All sessions of these people are in the room, from its beginning. */
  async seatEverywhere(people: readonly UserId[], { id }: Room): Promise<void> {
    for (const person of people) await this.#arrived(person, id, 0 as Seq)
  }

  async #arrived(person: UserId, room: RoomId, after: Seq): Promise<void> {
    for (const session of this.#sessions.of(person)) {
      const described = await this.#store.rooms.describe(person, room)
      await this.#seat(session, described, after)
    }
  }
}
