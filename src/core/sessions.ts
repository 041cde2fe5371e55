// A session is one connection of a person with its seats; it is in all rooms that the person is in.

import type { RoomFeed } from './feed.ts'
import type { Author, Person, Room, RoomId, Seq, UserId } from './model.ts'
import type { Cohort } from './ports.ts'
import { Seat, type SeatWatcher, type Subscriber } from './seat.ts'

/** How a door shows rooms on one connection. */
export interface View {
  readonly subscriber: Subscriber
  cohort(room: Room): Cohort
  /** Something was shown or delivered: what waited for that may go on. */
  moved(): void
  /** A room's log can't be read: its seat is gone. */
  failed(error: unknown): void
  /** The person is in this room from now on: they joined it, here or elsewhere, or were brought in by the author. */
  entered(room: Room, author: Author): void
  /** The person is out of this room, and has been shown why. */
  left(room: RoomId): void
}

export class Session {
  readonly person: Person
  readonly view: View
  readonly #seats = new Map<RoomId, Seat>()

  constructor(person: Person, view: View) {
    this.person = person
    this.view = view
  }

  seat(room: RoomId): Seat | undefined {
    return this.#seats.get(room)
  }

  get seats(): Iterable<Seat> {
    return this.#seats.values()
  }

  /** Texts of its own that are stored but not yet delivered. */
  get undelivered(): number {
    let sum = 0
    for (const seat of this.#seats.values()) sum += seat.own.count
    return sum
  }

  /**
   * A seat that begins to show the room when it is told to. One whose removal is still under way stays beside it until
   * it has been shown.
   * @param read the person's mark, where it is before `after`
   */
  sit(feed: RoomFeed, room: Room, after: Seq, read?: Seq): Seat {
    const { view } = this
    const watcher: SeatWatcher = {
      moved: () => view.moved(),
      failed: error => view.failed(error),
      removed: () => {
        if (this.#seats.get(room.id) !== seat) return
        this.#seats.delete(room.id)
        view.left(room.id)
      },
    }
    const mark = read === undefined ? {} : { read }
    const occupant = { person: this.person, cohort: view.cohort(room), after, watcher, ...mark }
    const seat = new Seat(feed, view.subscriber, occupant)
    this.#seats.set(room.id, seat)
    feed.join(seat)
    return seat
  }

  /** Leaves every room. */
  close(): void {
    for (const seat of this.#seats.values()) seat.feed.leave(seat)
    this.view.subscriber.leave()
  }
}

/** All sessions of this node, by person. */
export class Sessions {
  readonly #byPerson = new Map<UserId, Set<Session>>()

  add(session: Session): void {
    const sessions = this.#byPerson.get(session.person.id) ?? new Set()
    this.#byPerson.set(session.person.id, sessions.add(session))
  }

  remove(session: Session): void {
    const sessions = this.#byPerson.get(session.person.id)
    sessions?.delete(session)
    if (sessions?.size === 0) this.#byPerson.delete(session.person.id)
  }

  of(person: UserId): readonly Session[] {
    return [...(this.#byPerson.get(person) ?? [])]
  }

  isOnline(person: UserId): boolean {
    return this.#byPerson.has(person)
  }
}
