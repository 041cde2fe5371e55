// A session is one connection of a person with its seats; it is in all rooms that the person is in.

import type { PersonState } from '../cluster/messages.ts'
import { BoundedMap } from '../limits/bounded-map.ts'
import type { RoomFeed } from '../log/feed.ts'
import { Seat, type SeatWatcher } from '../log/seat.ts'
import type { Subscriber } from '../log/subscriber.ts'
import { Visibility } from '../log/visibility.ts'
import type {
  Author,
  Grant,
  Instant,
  Level,
  Profile,
  Removal,
  Room,
  RoomId,
  Seq,
  SessionId,
  UserId,
} from '../model/model.ts'
import type { Cohort } from '../ports/delivery.ts'
import type { RoomInvitation } from '../ports/rooms.ts'

/** Why a session ends that did not ask for it. */
export type EndReason = 'revoked' | 'disabled' | 'moved'

/** How a door shows a room on one connection. */
export interface RoomDisplay {
  readonly cohort: Cohort
  /** Whether it is a room that one is in at the moment, where everything is shown whatever the level. */
  readonly isCurrent: boolean
}

/** What a door does for one connection. */
export interface View {
  readonly subscriber: Subscriber
  /** What was said through it is shown to it too. */
  readonly echoes: boolean
  /** Its session does not end with it: a token opens it again. */
  readonly lasts: boolean
  displayOf(room: Room): RoomDisplay
  /** Something was shown or delivered: what waited for that may go on. */
  progressed(): void
  /** A room's log can't be read: its seat is gone. */
  failed(error: unknown): void
  /** The person is in this room from now on: they joined it, here or elsewhere, or were brought in by the author. */
  joined(room: Room, author: Author): void
  /** Somebody asks the person to come into a room. */
  invited(asked: RoomInvitation): void
  /** The person is out of this room, and has been shown why, but where the removal is given: the seat was behind. */
  left(room: RoomId, unseen?: Removal): void
  /** The person has read so far, as they said elsewhere. */
  readMarkMoved(room: RoomId, seq: Seq): void
  /** Something is otherwise that the person has decided, maybe elsewhere: what was left out of sight may show now. */
  changed(what: PersonState): void
  /** Nothing is shown any more: say why, and let go. */
  ended(how: EndReason): void
}

export class Session {
  /** As they are now. */
  person: Profile
  readonly view: View
  grant: Grant = { scope: 'admin' }
  /** Whose words in direct rooms are not shown. */
  readonly blocked = new Set<UserId>()
  /** Of the stored session, which other connections may share; undefined before it has begun. */
  id: SessionId | undefined
  /** Nothing opens it any more from then on. */
  expiresAt: Instant | undefined
  away = false
  /** It has been in all rooms that the person was in when it began. */
  isSeated = false
  /** Its stored session is another connection's from now on, and does not end with this one. */
  handedOver = false
  #ended: EndReason | undefined
  readonly #seats = new Map<RoomId, Seat>()

  constructor(person: Profile, view: View) {
    this.person = person
    this.view = view
  }

  /** How it ended, if it has not by itself. */
  get endReason(): EndReason | undefined {
    return this.#ended
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
   * @param read the last seq up to which the person has been shown everything, where that is before `after`
   */
  takeSeat(feed: RoomFeed, { room, level }: Placed, after: Seq, read?: Seq): Seat {
    const { view } = this
    const watcher: SeatWatcher = {
      progressed: () => view.progressed(),
      failed: error => view.failed(error),
      removed: unseen => {
        if (this.#seats.get(room.id) !== seat) return
        this.#seats.delete(room.id)
        view.left(room.id, unseen)
      },
    }
    const mark = read === undefined ? {} : { read }
    const { cohort, isCurrent } = view.displayOf(room)
    const { person, blocked } = this
    const visibility = new Visibility(person, { blocked, level, direct: room.kind === 'direct' }, isCurrent)
    const options = { person, cohort, visibility, after, watcher, echoes: view.echoes, ...mark }
    const seat = new Seat(feed, view.subscriber, options)
    this.#seats.set(room.id, seat)
    feed.join(seat)
    return seat
  }

  /** Whether its token lets it take part in that room. */
  mayWrite(room: RoomId): boolean {
    return this.grant.scope !== 'read' && this.reaches(room)
  }

  hasExpired(now: Instant): boolean {
    return this.expiresAt !== undefined && now >= this.expiresAt
  }

  /** Whether it reaches that room. */
  reaches(room: RoomId): boolean {
    return this.grant.room === undefined || this.grant.room === room
  }

  /** Nothing is shown from now on; its door is told why. */
  end(how: EndReason): void {
    if (this.#ended) return
    this.#ended = how
    this.close()
    this.view.ended(how)
  }

  /** Leaves every room. */
  close(): void {
    for (const seat of this.#seats.values()) seat.feed.leave(seat)
    this.view.subscriber.leave()
  }
}

/** A room, and what the person wants to be told of it. */
export interface Placed {
  readonly room: Room
  readonly level: Level
}

/** Stored sessions that have ended are remembered, so many: one whose beginning was answered late is one of them. */
const REMEMBERED = 10_000

/** All sessions of this node, by person. */
export class Sessions {
  readonly #byPerson = new Map<UserId, Set<Session>>()
  readonly #ended = new BoundedMap<SessionId, true>(REMEMBERED)

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

  /** The person's connections of these stored sessions. */
  with(person: UserId, ids: ReadonlySet<SessionId>): readonly Session[] {
    return this.of(person).filter(({ id }) => id !== undefined && ids.has(id))
  }

  /** Everybody who has one. */
  get people(): readonly UserId[] {
    return [...this.#byPerson.keys()]
  }

  /** These stored sessions are no more. */
  end(person: UserId, ids: ReadonlySet<SessionId>, how: EndReason): void {
    for (const id of ids) this.#ended.set(id, true)
    for (const session of this.with(person, ids)) session.end(how)
  }

  /** It has ended, as far as this node has heard. */
  hasEnded(id: SessionId): boolean {
    return this.#ended.has(id)
  }

  isOnline(person: UserId): boolean {
    return this.#byPerson.has(person)
  }
}
