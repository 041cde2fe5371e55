// How a room changes other than by posting: the change is stored, the event published, and anyone who arrives is
// seated.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { RoomFeed } from '../log/feed.ts'
import type { Author, LogEvent, RoomId, Seq, UserId } from '../model/model.ts'
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

/** Whoever makes a change. */
export interface Actor extends Author {
  /**
   * Called with the stored event before anybody in the room learns of it: a door may show it as its answer
   * (Seat.answerAt).
   */
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

  /** Refuses what the store refuses (ports/log.ts, Change). @returns undefined when it was so already */
  async make(actor: Actor, room: RoomId, change: Change): Promise<LogEvent | undefined> {
    const { store, clock } = this.#deps
    const event = await store.rooms.change(actor.id, room, change, clock.now())
    if (!event) return undefined
    actor.onStored?.(event)
    await this.publish(event)
    return event
  }

  /** Makes a stored event known. */
  async publish(event: LogEvent): Promise<void> {
    const { kind, room, author, seq } = event
    this.#deps.bus.publish(room, [event])
    if (kind === 'arrival') await this.announceArrival(event.person.id, room, { at: seq, author })
  }

  /** Resolves when the person's sessions on this node have their seats, so that a join is answered after that. */
  announceArrival(person: UserId, room: RoomId, { at, author }: { at: Seq; author: Author }): Promise<void> {
    const { id, username } = author
    return this.#deps.cluster.broadcast({ kind: 'arrived', person, room, at, author: { id, username } })
  }

  /**
   * Seats all sessions of the person on this node, which are shown what came after the arrival. The membership is
   * read again once the feed is there: anyone who was removed meanwhile gets no seat, and anyone who came back has
   * one by the later arrival.
   * @param arrival late if it was found by reading: a session that is just taking its seats finds it by itself
   */
  async seat(person: UserId, room: RoomId, arrival: Arriving): Promise<void> {
    const { store, sessions, feedOf } = this.#deps
    if (!sessions.isOnline(person)) return
    const feed = await feedOf(room)
    const [membership] = await store.rooms.memberships(person, room)
    if (feed.isClosed) return this.seat(person, room, arrival) // nobody was in the feed meanwhile, and the sweep closed it
    if (membership?.joined !== arrival.at) return
    for (const session of sessions.of(person)) {
      // A session that has not begun finds the room when it reads its memberships.
      if (session.id === undefined || session.endReason || !session.reaches(room)) continue
      if (arrival.late && !session.isSeated) continue
      if ((session.seat(room)?.since ?? -1) >= arrival.at) continue
      const seat = session.takeSeat(feed, membership, arrival.at)
      session.view.joined(membership.room, arrival.author)
      seat.begin()
    }
  }
}
