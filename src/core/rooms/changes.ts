// What changes a room besides posting: stored, then published, and whoever it lets in is seated.

import type { ClusterMessages } from '../cluster/messages.ts'
import type { RoomFeed } from '../log/feed.ts'
import type { Author, LogEvent, Person, RoomId, Seq, UserId } from '../model/model.ts'
import type { Bus } from '../ports/bus.ts'
import type { Clock } from '../ports/clock.ts'
import type { Change } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'
import type { Sessions } from '../sessions/sessions.ts'

export interface ChangesDeps {
  readonly store: Store
  readonly bus: Pick<Bus, 'publish'>
  readonly clock: Clock
  readonly cluster: ClusterMessages
  readonly sessions: Sessions
  readonly feedOf: (room: RoomId) => Promise<RoomFeed>
}

/** Who does something. */
export interface Actor extends Person {
  /** Told of what has been stored before anybody in the room is: a door may show it as the answer (Seat.answers). */
  readonly onStored?: (event: LogEvent) => void
}

interface Arriving {
  readonly at: Seq
  readonly author: Author
  readonly late?: boolean
}

export class Changes {
  readonly #deps: ChangesDeps

  constructor(deps: ChangesDeps) {
    this.#deps = deps
    deps.cluster.on('arrived', ({ person, room, at, author }) => this.seat(person, room, { at, author }))
  }

  /** undefined when it was so already. Refuses what the store refuses (ports.ts, Change). */
  async make(actor: Actor, room: RoomId, change: Change): Promise<LogEvent | undefined> {
    const { store, clock } = this.#deps
    const event = await store.rooms.change(actor.id, room, change, clock.now())
    if (!event) return undefined
    actor.onStored?.(event)
    await this.publish(event)
    return event
  }

  /** What has been stored is made known. */
  async publish(event: LogEvent): Promise<void> {
    const { kind, room, author, seq } = event
    this.#deps.bus.publish(room, [event])
    if (kind === 'arrival') await this.announceArrival(event.person.id, room, { at: seq, author })
  }

  /** When it resolves, the person's sessions on this node have their seats: who joins is answered behind that. */
  announceArrival(person: UserId, room: RoomId, { at, author }: { at: Seq; author: Author }): Promise<void> {
    const { id, username } = author
    return this.#deps.cluster.broadcast({ kind: 'arrived', person, room, at, author: { id, username } })
  }

  /**
   * All sessions of the person on this node are in the room, shown what came after their arrival. Looked at again when the feed is
   * there: who has been sent out meanwhile gets no seat, and who came back since has one by that later arrival.
   * @param arrival late where it was found by looking: a session that is just taking its seats finds it by itself
   */
  async seat(person: UserId, room: RoomId, arrival: Arriving): Promise<void> {
    const { store, sessions, feedOf } = this.#deps
    if (!sessions.isOnline(person)) return
    const feed = await feedOf(room)
    const [membership] = await store.rooms.memberships(person, room)
    if (feed.isClosed) return this.seat(person, room, arrival) // nobody was in it meanwhile, and the sweep came
    if (membership?.joined !== arrival.at) return
    for (const session of sessions.of(person)) {
      // One that has not begun finds the room when it looks where it stands.
      if (session.id === undefined || session.endReason || !session.reaches(room)) continue
      if (arrival.late && !session.isSeated) continue
      if ((session.seat(room)?.since ?? -1) >= arrival.at) continue
      const seat = session.takeSeat(feed, membership, arrival.at)
      session.view.joined(membership.room, arrival.author)
      seat.begin()
    }
  }
}
