// Coming and going: who is here, on which connection, and from where a session goes on.

import type { ClusterMessages, SessionTransfer } from '../cluster/messages.ts'
import type { Resync } from '../cluster/resync.ts'
import type { RoomFeed } from '../log/feed.ts'
import type { Feeds } from '../log/feeds.ts'
import { type Seat, Subscriber } from '../log/seat.ts'
import {
  type DoorName,
  GENERAL,
  type Grant,
  type Level,
  type Person,
  type Profile,
  type Room,
  type RoomId,
  type Seq,
  type SessionId,
  type UserId,
} from '../model/model.ts'
import { Refusal, refuse } from '../model/refusals.ts'
import { foldCode } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import type { Guesses } from '../people/guesses.ts'
import type { Cursor, Membership, ResumedMembership } from '../ports/rooms.ts'
import type { SessionStart } from '../ports/sessions.ts'
import type { Presence } from '../presence/presence.ts'
import type { Authentication, From, Opened } from './authentication.ts'
import { Session, type Sessions, type View } from './sessions.ts'
import { TokenSession, type TokenSessions } from './tokens.ts'
import { OFFERED_MS, type SessionTransfers } from './transfers.ts'

/** What somebody who comes is shown of the past: all they have not read, within these bounds, in messages. */
const FEWEST_SHOWN = 20
const MOST_SHOWN = 200
/** Of one coming back: cursors looked at, and events over all rooms. */
const MOST_CURSORS = 1000
const MOST_MISSED = 10_000
/** Rooms to come into that take about as long as something else that is asked for. */
const ROOMS_A_TURN = 32
/** Who has redeemed a code and does not go on in so long is gone. */
const LONGEST_MOVE_MS = 10_000

/** Where a connection comes from. */
export interface Origin {
  readonly door: DoorName
  /** As far as one subscriber has it. */
  readonly address: string
  /** By which right: what their password was compared with, a token, or the session that goes on here. */
  readonly by: string | TokenSession | SessionTransfer
  /** How far they have each room, who come back; without it `general` is shown from what they have not read. */
  readonly cursors?: readonly Cursor[]
}

/** A room as somebody finds it who comes in. */
export interface Seated {
  readonly seat: Seat
  readonly room: Room
  readonly level: Level
  /** The last seq this person has read. */
  readonly read: Seq
  /** Where it stood then: what was said until there is the past. */
  readonly head: Seq
  /** For who comes back with cursors: the epoch of the head, and whether they go on behind their cursor. */
  readonly epoch?: string
  readonly resumed?: boolean
}

/** Somebody who has come in. */
export interface Connected {
  readonly session: Session
  readonly seated: readonly Seated[]
  /** Of what is written from now on. */
  readonly epoch: string
}

export interface ConnectionsDeps extends Pick<Parts, 'store' | 'clock' | 'console'> {
  readonly authentication: Authentication
  readonly guesses: Guesses
  readonly notices: ClusterMessages
  readonly reviews: Resync
  readonly sessions: Sessions
  readonly visits: TokenSessions
  readonly moves: SessionTransfers
  readonly feeds: Feeds
  readonly presence: Presence
  /** What somebody asked for cost so many turns more. */
  readonly spent: (person: Person, turns: number) => void
}

export class Connections {
  readonly #around: ConnectionsDeps
  /** Sessions whose code was redeemed here, that nobody goes on with yet. */
  readonly #lapsing = new Map<SessionId, () => void>()
  /** Of sessions that have left a connection here for another place: how not to count them any more. */
  readonly #onTheWay = new Map<SessionId, () => void>()

  constructor(around: ConnectionsDeps) {
    this.#around = around
    around.notices.on('moved', moved => this.#leave(moved))
  }

  /**
   * A session in all rooms of the person, none of which begins to be shown before it is told to (`Seat.begin`).
   * `general` is shown from what the person has not read, the others from now on; or all from where it was, for a
   * session that moves here and for who comes back with cursors that are valid. Refuses 'disabled'; 'wrong-credentials'
   * when the password was changed since it was verified; 'no-such-session' when the one that moves has been ended, or
   * the token revoked.
   */
  async connect(person: Profile, view: View, origin: Origin): Promise<Connected> {
    const session = new Session(person, view)
    const { reviews, sessions } = this.#around
    sessions.add(session)
    const { heard } = reviews
    let epoch = ''
    let seated: readonly Seated[] = []
    try {
      epoch = await this.#begin(session, origin)
      seated = await this.#sitEverywhere(session, origin)
    } catch (error) {
      session.close() // an arrival may have seated it meanwhile
      this.#remove(session)
      throw error
    }
    this.#around.spent(person, Math.floor(seated.length / ROOMS_A_TURN))
    // Not before it is seated: whoever hears of them and speaks at once is heard.
    if (this.#around.presence.came(person, session.away)) this.#around.console.presence(person, true)
    if (session.id !== undefined) this.#onTheWay.get(session.id)?.()
    try {
      if (reviews.heard !== heard) await reviews.review(person.id) // it may have read how they were before
      return { session, seated, epoch }
    } catch (error) {
      this.disconnect(session)
      throw error
    }
  }

  /** Stored behind everything that was asked before: an account that was disabled meanwhile is found out. */
  async #begin(session: Session, origin: Origin): Promise<string> {
    const moving = movingOf(origin)
    const entered = await this.#entered(session, origin)
    if (moving) this.#goesOn(moving)
    if (this.#around.sessions.hasEnded(entered.session)) refuse('no-such-session') // told before the answer came
    session.id = entered.session
    session.person = entered.person
    session.grant = entered.grant
    session.until = entered.until
    session.away = moving?.away ?? false
    for (const each of entered.blocked) session.blocked.add(each)
    if (moving) await this.#around.notices.tell({ kind: 'voided', session: entered.session })
    return entered.epoch
  }

  /** A stored session that begins, or the one that moves here, if nobody has ended it. */
  #entered({ person }: Session, { door, address, by }: Origin): Promise<SessionStart> {
    const { store, clock } = this.#around
    const from = { person: person.id, door, address, at: clock.now() }
    if (typeof by === 'string') return store.sessions.begin({ ...from, proof: by })
    if (by instanceof TokenSession) return this.#around.visits.enter(by)
    return store.sessions.transfer({ ...from, session: by.session })
  }

  /** The feeds first, then where the person stands, then the seats at once: nobody is sent out in between. */
  async #sitEverywhere(session: Session, origin: Origin): Promise<Seated[]> {
    const { id } = session.person
    const moving = movingOf(origin)
    const after = await this.#opening(id, origin)
    const feeds = new Map<RoomId, RoomFeed>()
    for (;;) {
      const all = await this.#entrances(id, origin)
      const entrances = all.filter(({ room }) => session.reaches(room.id))
      const missing = entrances.filter(({ room }) => !feeds.get(room.id) || feeds.get(room.id)?.isClosed)
      if (session.ending) refuse('no-such-session')
      if (missing.length === 0) return this.#sit(session, { entrances, feeds, after, moving })
      const opened = await Promise.all(missing.map(({ room }) => this.#around.feeds.of(room.id)))
      for (const feed of opened) feeds.set(feed.room, feed)
    }
  }

  /** Where `general` begins to be shown to who comes without cursors. */
  async #opening(person: UserId, { cursors }: Origin): Promise<Seq> {
    if (cursors) return 0 as Seq
    return (await this.#around.store.log.backlog(person, GENERAL, FEWEST_SHOWN, MOST_SHOWN)).after
  }

  #entrances(person: UserId, { cursors }: Origin): Promise<readonly (Membership | ResumedMembership)[]> {
    const { rooms } = this.#around.store
    return cursors
      ? rooms.resume(person, cursors.slice(0, MOST_CURSORS), MOST_MISSED)
      : rooms.memberships(person)
  }

  #sit(session: Session, { entrances, feeds, after, moving }: Sitting): Seated[] {
    const seated: Seated[] = []
    const places = new Map(moving?.places.map(place => [place.room, place]))
    for (const entrance of entrances) {
      const { room, head, read, level } = entrance
      const feed = feeds.get(room.id)
      if (!feed || session.seat(room.id)) continue // an arrival was quicker
      const before = places.get(room.id)
      if ('epoch' in entrance) {
        const seat = session.sit(feed, entrance, entrance.after ?? head, read)
        seat.marked = read
        const resumed = entrance.after !== undefined
        seated.push({ seat, room, level, read, head, epoch: entrance.epoch, resumed })
        continue
      }
      const seat = before
        ? session.sit(feed, entrance, before.place, before.seen)
        : room.id === GENERAL
          ? session.sit(feed, entrance, after, read)
          : session.sit(feed, entrance, head, read)
      seat.marked = read
      seated.push({ seat, room, level, read, head })
    }
    session.isSeated = true
    return seated
  }

  /** The session's connection goes away; where it has offered to move, it may go on for a while. */
  disconnect(session: Session): void {
    const { person, away } = session
    session.close()
    this.#remove(session)
    if (this.#around.presence.went(person, away)) this.#around.console.presence(person, false)
  }

  /** The person has said good-bye. */
  logOut(session: Session): void {
    this.#around.moves.withdraw(session)
    this.disconnect(session)
  }

  #remove(session: Session): void {
    this.#around.sessions.remove(session)
    const { id, ending, handedOver, view } = session
    if (view.lasts || id === undefined || ending || handedOver) return // a token opens it again, what ended it has seen to that, or it goes on elsewhere
    if (this.#around.moves.offers(session))
      return void this.#around.clock.after(OFFERED_MS, () => this.#remove(session))
    this.#endStored(id)
  }

  #endStored(id: SessionId): void {
    this.#around.store.sessions.end(id).catch(error => {
      if (!(error instanceof Refusal)) this.#around.console.onError(error)
    })
  }

  /** All connections that the stored session had here go; the one it goes on with has not begun yet. */
  #leave({ person, session }: { person: UserId; session: SessionId }): void {
    for (const each of this.#around.sessions.with(person, new Set([session]))) {
      this.#holdPlace(session, each)
      each.end('moved')
    }
  }

  /** A code that continues the session at the same rooms and places elsewhere: one use, two minutes. */
  offerTransfer(session: Session, room: RoomId): string {
    return this.#around.moves.offer(session, room)
  }

  /** The same for who comes with a token: from where one of its connections is, if there is one. */
  offerTransferByToken({ id, person, grant }: TokenSession, room: RoomId): string {
    const [there = absent(id, person, grant)] = this.#around.sessions.with(person.id, new Set([id]))
    return this.offerTransfer(there, room)
  }

  /** Whose code that is; the session has ended where it was. Refuses 'wrong-code', 'too-many-attempts'. */
  async redeemTransfer(code: string, address: string): Promise<SessionTransfer> {
    return this.#around.guesses.code(address, async () => {
      const moving = (await this.#around.moves.redeem(foldCode(code))) ?? refuse('wrong-code')
      if (!moving.lasts) this.#lapse(moving)
      return moving
    })
  }

  #lapse({ session }: SessionTransfer): void {
    const cancel = this.#around.clock.after(LONGEST_MOVE_MS, () => {
      this.#lapsing.delete(session)
      this.#endStored(session)
    })
    this.#lapsing.set(session, cancel)
  }

  #goesOn({ session }: SessionTransfer): void {
    this.#lapsing.get(session)?.()
    this.#lapsing.delete(session)
  }

  /** Who is on the way from one place to another is there: nobody is told that they left. */
  #holdPlace(session: SessionId, { person, away }: Session): void {
    if (this.#onTheWay.has(session)) return
    const { presence, console, clock } = this.#around
    presence.came(person, away)
    const cancel = clock.after(LONGEST_MOVE_MS, () => this.#onTheWay.get(session)?.())
    this.#onTheWay.set(session, () => {
      cancel()
      this.#onTheWay.delete(session)
      if (presence.went(person, away)) console.presence(person, false)
    })
  }

  /** The same under a token: the cursors say where the connection was that it was on. */
  async carryOver(
    moving: SessionTransfer,
    from: From,
  ): Promise<Opened & { room: RoomId; cursors: readonly Cursor[] }> {
    const { room, places } = moving
    const opened = await this.#around.authentication.carryOver(moving, from)
    this.#goesOn(moving)
    const heads = places.map(each => ({ room: each.room, head: each.place }))
    return { ...opened, room, cursors: await this.#around.store.pages.cursors(heads) }
  }
}

function movingOf({ by }: Origin): SessionTransfer | undefined {
  return typeof by === 'string' || by instanceof TokenSession ? undefined : by
}

/** A session without a connection: it is in no room. */
function absent(id: SessionId, person: Profile, grant: Grant): Session {
  const nothing = () => {}
  const session = new Session(person, {
    subscriber: new Subscriber({ write: () => true }),
    echoes: false,
    lasts: true,
    showing: () => refuse('no-such-session'),
    moved: nothing,
    failed: nothing,
    entered: nothing,
    asked: nothing,
    left: nothing,
    marked: nothing,
    changed: nothing,
    ended: nothing,
  })
  session.id = id
  session.grant = grant
  return session
}

interface Sitting {
  readonly entrances: readonly (Membership | ResumedMembership)[]
  readonly feeds: ReadonlyMap<RoomId, RoomFeed>
  /** Where `general` begins to be shown. */
  readonly after: Seq
  readonly moving: SessionTransfer | undefined
}
