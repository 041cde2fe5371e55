// A session is one connection of a person, with a seat in each of their rooms.

import type { OwnNotes, PersonState } from '../cluster/cluster-messages.ts'
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
import type { Reminder, Scheduled } from '../model/scheduled.ts'
import type { Cohort } from '../ports/delivery.ts'
import type { RoomInvitation } from '../ports/rooms.ts'

/** Why a session ends that did not end by itself. */
export type EndReason = 'revoked' | 'disabled' | 'moved'

/** How a door shows a room on one connection. */
export interface RoomDisplay {
  readonly cohort: Cohort
  /** It is the room that the person is in at the moment: everything there is shown, whatever the level. */
  readonly isCurrent: boolean
}

/** What a door does for one connection. */
export interface View {
  readonly subscriber: Subscriber
  /** Shows it its own texts as well. */
  readonly echoes: boolean
  /** The session does not end with the connection, since a token opens it again. */
  readonly lasts: boolean
  displayOf(room: Room): RoomDisplay
  /** Something was shown or delivered: what waits for that may continue. */
  progressed(): void
  /** A room's log can't be read, and its seat is gone. */
  failed(error: unknown): void
  /**
   * The person is a member of this room from now on: they joined here or elsewhere, or the author brought them in.
   */
  joined(room: Room, author: Author): void
  /** Somebody invites the person into a room. */
  invited(invitation: RoomInvitation): void
  /** The person is no longer in this room. @param unseen the removal, if the seat was behind and has not shown it */
  left(room: RoomId, unseen?: Removal): void
  /** The person's read mark was moved, maybe by another connection. @param back they marked what follows as unread */
  readMarkMoved(room: RoomId, seq: Seq, back: boolean): void
  /** The person has chosen these options of a poll, here or elsewhere; for doors that show it. */
  voted?(room: RoomId, seq: Seq, options: readonly number[]): void
  /**
   * The person has changed their profile, blocks or levels, maybe elsewhere: what was hidden may have to be shown. Or what
   * they are to send later, or their reminders, are others.
   */
  changed(what: PersonState | OwnNotes | 'scheduled' | 'reminders'): void
  /** A message of the person's was not sent when its time came; for doors that do not show a list of them. */
  notSent?(kept: Scheduled): void
  /** The time of a reminder has come. */
  reminded?(reminder: Reminder): void
  /** Nothing is shown any more: says why, and closes the connection. */
  ended(how: EndReason): void
}

/** A connected person: who they are, what their token allows, and their seats. */
export class Session {
  /** Kept up to date (resync.ts). */
  person: Profile
  readonly view: View
  grant: Grant = { scope: 'admin' }
  /** People whose messages in direct rooms are not shown. */
  readonly blocked = new Set<UserId>()
  /** Of the stored session, which several connections may share; undefined until it has begun. */
  id: SessionId | undefined
  /** When the token expires, if it does. */
  expiresAt: Instant | undefined
  away = false
  /** Whether the person is in one of these teams, by their folded names. */
  isInTeam: (names: readonly string[]) => boolean = () => false
  /** It has had a seat in every room that the person was in when it began. */
  isSeated = false
  /** The stored session continues on another connection, and does not end with this one. */
  handedOver = false
  #ended: EndReason | undefined
  readonly #seats = new Map<RoomId, Seat>()

  constructor(person: Profile, view: View) {
    this.person = person
    this.view = view
  }

  /** Why it was ended, unless it ended by itself. */
  get endReason(): EndReason | undefined {
    return this.#ended
  }

  seat(room: RoomId): Seat | undefined {
    return this.#seats.get(room)
  }

  get seats(): Iterable<Seat> {
    return this.#seats.values()
  }

  /** The number of its own texts that are stored but not delivered yet. */
  get undelivered(): number {
    let sum = 0
    for (const seat of this.#seats.values()) sum += seat.own.count
    return sum
  }

  /**
   * Takes a seat, which shows the room once it is told to begin. A seat whose removal is still under way stays beside
   * it until it has been shown.
   * @param read the last seq up to which the person has been shown everything, if that is before `after`
   */
  takeSeat(feed: RoomFeed, { room, level, joined }: Placed, after: Seq, read?: Seq): Seat {
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
    const isInTeam = (names: readonly string[]) => this.isInTeam(names)
    const isNew = joined !== undefined && { joined }
    const about = { blocked, level, direct: room.kind === 'direct', isInTeam, ...isNew }
    const visibility = new Visibility(person, about, isCurrent)
    const options = { person, cohort, visibility, after, watcher, echoes: view.echoes, ...mark }
    const seat = new Seat(feed, view.subscriber, options)
    this.#seats.set(room.id, seat)
    feed.join(seat)
    return seat
  }

  /** Whether its token allows taking part in that room. */
  mayWrite(room: RoomId): boolean {
    return this.grant.scope !== 'read' && this.reaches(room)
  }

  hasExpired(now: Instant): boolean {
    return this.expiresAt !== undefined && now >= this.expiresAt
  }

  /** Whether its token reaches that room. */
  reaches(room: RoomId): boolean {
    return this.grant.room === undefined || this.grant.room === room
  }

  /** Leaves every room, and tells the door why. */
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

/** A room, and the person's notification level there. */
export interface Placed {
  readonly room: Room
  readonly level: Level
  /** The seq of their arrival. */
  readonly joined?: Seq
}

/** Ended sessions that are remembered, since the beginning of one may be answered after its end was heard of. */
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

  /** Everyone with a session. */
  get people(): readonly UserId[] {
    return [...this.#byPerson.keys()]
  }

  /** These stored sessions are over. */
  end(person: UserId, ids: ReadonlySet<SessionId>, how: EndReason): void {
    for (const id of ids) this.#ended.set(id, true)
    for (const session of this.with(person, ids)) session.end(how)
  }

  /** Whether it has ended, as far as this node has heard. */
  hasEnded(id: SessionId): boolean {
    return this.#ended.has(id)
  }

  isOnline(person: UserId): boolean {
    return this.#byPerson.has(person)
  }
}
