// Coming and going: who is here, on which connection, and from where a session goes on.

import type { ClusterMessages, SessionTransfer } from '../cluster/messages.ts'
import type { Resync } from '../cluster/resync.ts'
import type { BruteForceGuard } from '../limits/brute-force-guard.ts'
import type { RoomFeed } from '../log/feed.ts'
import type { Feeds } from '../log/feeds.ts'
import type { Seat } from '../log/seat.ts'
import { Subscriber } from '../log/subscriber.ts'
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
import type { Cursor, Membership, ResumedMembership } from '../ports/rooms.ts'
import type { SessionStart } from '../ports/sessions.ts'
import type { Presence } from '../presence/presence.ts'
import type { Authentication, IssuedToken, Origin } from './authentication.ts'
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
export interface ConnectOptions {
  readonly door: DoorName
  /** As far as one subscriber has it. */
  readonly address: string
  /** By which right: what their password was compared with, a token, or the session that goes on here. */
  readonly credential: string | TokenSession | SessionTransfer
  /** How far they have each room, who come back; without it `general` is shown from what they have not read. */
  readonly cursors?: readonly Cursor[]
}

/** A room as somebody finds it who comes in. */
export interface RoomSeat {
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
  readonly seats: readonly RoomSeat[]
  /** Of what is written from now on. */
  readonly epoch: string
}

export interface ConnectionsDeps extends Pick<Parts, 'store' | 'clock' | 'console'> {
  readonly authentication: Authentication
  readonly guard: BruteForceGuard
  readonly cluster: ClusterMessages
  readonly resync: Resync
  readonly sessions: Sessions
  readonly tokenSessions: TokenSessions
  readonly transfers: SessionTransfers
  readonly feeds: Feeds
  readonly presence: Presence
  /** What somebody asked for cost so many turns more. */
  readonly charge: (person: Person, turns: number) => void
}

export class Connections {
  readonly #deps: ConnectionsDeps
  /** Sessions whose code was redeemed here, that nobody goes on with yet. */
  readonly #lapsing = new Map<SessionId, () => void>()
  /** Of sessions that have left a connection here for another place: how not to count them any more. */
  readonly #onTheWay = new Map<SessionId, () => void>()

  constructor(deps: ConnectionsDeps) {
    this.#deps = deps
    deps.cluster.on('moved', moved => this.#leave(moved))
  }

  /**
   * A session in all rooms of the person, none of which begins to be shown before it is told to (`Seat.begin`).
   * `general` is shown from what the person has not read, the others from now on; or all from where it was, for a
   * session that transfers here and for who comes back with cursors that are valid. Refuses 'disabled'; 'wrong-credentials'
   * when the password was changed since it was verified; 'no-such-session' when the one that transfers has been ended, or
   * the token revoked.
   */
  async connect(person: Profile, view: View, origin: ConnectOptions): Promise<Connected> {
    const session = new Session(person, view)
    const { resync, sessions } = this.#deps
    sessions.add(session)
    const { changesHeard } = resync
    let epoch = ''
    let seats: readonly RoomSeat[] = []
    try {
      epoch = await this.#begin(session, origin)
      seats = await this.#sitEverywhere(session, origin)
    } catch (error) {
      session.close() // an arrival may have seated it meanwhile
      this.#remove(session)
      throw error
    }
    this.#deps.charge(person, Math.floor(seats.length / ROOMS_A_TURN))
    // Not before it is seated: whoever hears of them and speaks at once is heard.
    if (this.#deps.presence.connected(person, session.away)) this.#deps.console.presence(person, true)
    if (session.id !== undefined) this.#onTheWay.get(session.id)?.()
    try {
      if (resync.changesHeard !== changesHeard) await resync.refresh(person.id) // it may have read how they were before
      return { session, seats, epoch }
    } catch (error) {
      this.disconnect(session)
      throw error
    }
  }

  /** Stored behind everything that was asked before: an account that was disabled meanwhile is found out. */
  async #begin(session: Session, origin: ConnectOptions): Promise<string> {
    const moving = movingOf(origin)
    const entered = await this.#entered(session, origin)
    if (moving) this.#goesOn(moving)
    if (this.#deps.sessions.hasEnded(entered.session)) refuse('no-such-session') // told before the answer came
    session.id = entered.session
    session.person = entered.person
    session.grant = entered.grant
    session.expiresAt = entered.until
    session.away = moving?.away ?? false
    for (const each of entered.blocked) session.blocked.add(each)
    if (moving) await this.#deps.cluster.broadcast({ kind: 'voided', session: entered.session })
    return entered.epoch
  }

  /** A stored session that begins, or the one that transfers here, if nobody has ended it. */
  #entered({ person }: Session, { door, address, credential }: ConnectOptions): Promise<SessionStart> {
    const { store, clock } = this.#deps
    const from = { person: person.id, door, address, at: clock.now() }
    if (typeof credential === 'string') return store.sessions.begin({ ...from, proof: credential })
    if (credential instanceof TokenSession) return this.#deps.tokenSessions.resume(credential)
    return store.sessions.transfer({ ...from, session: credential.session })
  }

  /** The feeds first, then where the person stands, then the seats at once: nobody is sent out in between. */
  async #sitEverywhere(session: Session, origin: ConnectOptions): Promise<RoomSeat[]> {
    const { id } = session.person
    const moving = movingOf(origin)
    const after = await this.#opening(id, origin)
    const feeds = new Map<RoomId, RoomFeed>()
    for (;;) {
      const all = await this.#entrances(id, origin)
      const entrances = all.filter(({ room }) => session.reaches(room.id))
      const missing = entrances.filter(({ room }) => !feeds.get(room.id) || feeds.get(room.id)?.isClosed)
      if (session.endReason) refuse('no-such-session')
      if (missing.length === 0) return this.#sit(session, { entrances, feeds, after, moving })
      const opened = await Promise.all(missing.map(({ room }) => this.#deps.feeds.of(room.id)))
      for (const feed of opened) feeds.set(feed.room, feed)
    }
  }

  /** Where `general` begins to be shown to who comes without cursors. */
  async #opening(person: UserId, { cursors }: ConnectOptions): Promise<Seq> {
    if (cursors) return 0 as Seq
    return (await this.#deps.store.log.backlog(person, GENERAL, FEWEST_SHOWN, MOST_SHOWN)).after
  }

  #entrances(
    person: UserId,
    { cursors }: ConnectOptions,
  ): Promise<readonly (Membership | ResumedMembership)[]> {
    const { rooms } = this.#deps.store
    return cursors
      ? rooms.resume(person, cursors.slice(0, MOST_CURSORS), MOST_MISSED)
      : rooms.memberships(person)
  }

  #sit(session: Session, { entrances, feeds, after, moving }: Sitting): RoomSeat[] {
    const seated: RoomSeat[] = []
    const places = new Map(moving?.places.map(place => [place.room, place]))
    for (const entrance of entrances) {
      const { room, head, read, level } = entrance
      const feed = feeds.get(room.id)
      if (!feed || session.seat(room.id)) continue // an arrival was quicker
      const before = places.get(room.id)
      if ('epoch' in entrance) {
        const seat = session.takeSeat(feed, entrance, entrance.after ?? head, read)
        seat.marked = read
        const resumed = entrance.after !== undefined
        seated.push({ seat, room, level, read, head, epoch: entrance.epoch, resumed })
        continue
      }
      const seat = before
        ? session.takeSeat(feed, entrance, before.place, before.seen)
        : room.id === GENERAL
          ? session.takeSeat(feed, entrance, after, read)
          : session.takeSeat(feed, entrance, head, read)
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
    if (this.#deps.presence.disconnected(person, away)) this.#deps.console.presence(person, false)
  }

  /** The person has said good-bye. */
  logOut(session: Session): void {
    this.#deps.transfers.withdraw(session)
    this.disconnect(session)
  }

  #remove(session: Session): void {
    this.#deps.sessions.remove(session)
    const { id, endReason, handedOver, view } = session
    if (view.lasts || id === undefined || endReason || handedOver) return // a token opens it again, what ended it has seen to that, or it goes on elsewhere
    if (this.#deps.transfers.offers(session))
      return void this.#deps.clock.after(OFFERED_MS, () => this.#remove(session))
    this.#endStored(id)
  }

  #endStored(id: SessionId): void {
    this.#deps.store.sessions.end(id).catch(error => {
      if (!(error instanceof Refusal)) this.#deps.console.onError(error)
    })
  }

  /** All connections that the stored session had here go; the one it goes on with has not begun yet. */
  #leave({ person, session }: { person: UserId; session: SessionId }): void {
    for (const each of this.#deps.sessions.with(person, new Set([session]))) {
      this.#holdPlace(session, each)
      each.end('moved')
    }
  }

  /** A code that continues the session at the same rooms and places elsewhere: one use, two minutes. */
  offerTransfer(session: Session, room: RoomId): string {
    return this.#deps.transfers.offer(session, room)
  }

  /** The same for who comes with a token: from where one of its connections is, if there is one. */
  offerTransferByToken({ id, person, grant }: TokenSession, room: RoomId): string {
    const [there = absent(id, person, grant)] = this.#deps.sessions.with(person.id, new Set([id]))
    return this.offerTransfer(there, room)
  }

  /** Whose code that is; the session has ended where it was. Refuses 'wrong-code', 'too-many-attempts'. */
  async redeemTransfer(code: string, address: string): Promise<SessionTransfer> {
    return this.#deps.guard.code(address, async () => {
      const moving = (await this.#deps.transfers.redeem(foldCode(code))) ?? refuse('wrong-code')
      if (!moving.lasts) this.#lapse(moving)
      return moving
    })
  }

  #lapse({ session }: SessionTransfer): void {
    const cancel = this.#deps.clock.after(LONGEST_MOVE_MS, () => {
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
    const { presence, console, clock } = this.#deps
    presence.connected(person, away)
    const cancel = clock.after(LONGEST_MOVE_MS, () => this.#onTheWay.get(session)?.())
    this.#onTheWay.set(session, () => {
      cancel()
      this.#onTheWay.delete(session)
      if (presence.disconnected(person, away)) console.presence(person, false)
    })
  }

  /** The same under a token: the cursors say where the connection was that it was on. */
  async carryOver(
    moving: SessionTransfer,
    from: Origin,
  ): Promise<IssuedToken & { room: RoomId; cursors: readonly Cursor[] }> {
    const { room, places } = moving
    const opened = await this.#deps.authentication.carryOver(moving, from)
    this.#goesOn(moving)
    const heads = places.map(each => ({ room: each.room, head: each.place }))
    return { ...opened, room, cursors: await this.#deps.store.pages.cursors(heads) }
  }
}

function movingOf({ credential }: ConnectOptions): SessionTransfer | undefined {
  return typeof credential === 'string' || credential instanceof TokenSession ? undefined : credential
}

/** A session without a connection: it is in no room. */
function absent(id: SessionId, person: Profile, grant: Grant): Session {
  const nothing = () => {}
  const session = new Session(person, {
    subscriber: new Subscriber({ write: () => true }),
    echoes: false,
    lasts: true,
    displayOf: () => refuse('no-such-session'),
    progressed: nothing,
    failed: nothing,
    joined: nothing,
    invited: nothing,
    left: nothing,
    readMarkMoved: nothing,
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
