// Connecting and disconnecting, and transferring a session from one connection to another.

import type { ClusterMessages, SessionTransfer } from '../cluster/cluster-messages.ts'
import type { Resync } from '../cluster/resync.ts'
import type { BruteForceGuard } from '../limits/brute-force-guard.ts'
import type { Feeds } from '../log/feeds.ts'
import { Subscriber } from '../log/subscriber.ts'
import type { DoorName, Grant, Person, Profile, RoomId, SessionId, UserId } from '../model/model.ts'
import { Refusal, refuse } from '../model/refusals.ts'
import { foldCode } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import type { Teams } from '../people/teams.ts'
import type { Cursor } from '../ports/rooms.ts'
import type { SessionStart } from '../ports/sessions.ts'
import type { Presence } from '../presence/presence.ts'
import type { Authentication, IssuedToken, Origin } from './authentication.ts'
import { type RoomSeat, takeAllSeats } from './seating.ts'
import { Session, type Sessions, type View } from './sessions.ts'
import { TokenSession, type TokenSessions } from './tokens.ts'
import { OFFERED_MS, type SessionTransfers } from './transfers.ts'

/** This many rooms cost one token of the rate limit. */
const ROOMS_PER_TOKEN = 32
/** A redeemed session that does not connect within this time is over. */
const LONGEST_TRANSFER_MS = 10_000

/** How somebody connects. */
export interface ConnectOptions {
  readonly door: DoorName
  /** Its subscriber's part of the address (net/address.ts). */
  readonly address: string
  /**
   * What lets them in: the stored password that theirs was compared with, a token, or the session that is transferred
   * here.
   */
  readonly credential: string | TokenSession | SessionTransfer
  /**
   * For people who reconnect: their cursor in each room. Without it, `general` is shown from where they have read.
   */
  readonly cursors?: readonly Cursor[]
}

/** A connection that has been made. */
export interface Connected {
  readonly session: Session
  readonly seats: readonly RoomSeat[]
  /** The epoch of what is written from now on. */
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
  readonly teams: Teams
  /** Charges the person's rate limit. @param cost in tokens */
  readonly charge: (person: Person, cost: number) => void
}

/** Connects people, disconnects them, and transfers their sessions. */
export class Connections {
  readonly #deps: ConnectionsDeps
  /** Sessions that were redeemed here and have not connected yet: cancels their end. */
  readonly #lapsing = new Map<SessionId, () => void>()
  /** Sessions that have left a connection here for another: stops counting them as online. */
  readonly #inTransit = new Map<SessionId, () => void>()

  constructor(deps: ConnectionsDeps) {
    this.#deps = deps
    deps.cluster.on('moved', moved => this.#closeMoved(moved))
  }

  /**
   * Makes a session with a seat in each of the person's rooms; a seat shows nothing until `Seat.begin`. `general` is
   * shown from where the person has read, the other rooms from now on; a transferred session resumes all of them, and
   * one with valid cursors resumes from those. Refuses 'disabled'; 'wrong-credentials' when the password has changed
   * since it was verified; 'no-such-session' when the transferred session has ended or the token was revoked.
   */
  async connect(person: Profile, view: View, options: ConnectOptions): Promise<Connected> {
    const session = new Session(person, view)
    const { resync, sessions, teams } = this.#deps
    session.isInTeam = names => teams.isIn(person.id, names)
    sessions.add(session)
    const { changesHeard } = resync
    let epoch = ''
    let seats: readonly RoomSeat[] = []
    try {
      await teams.ready()
      epoch = await this.#begin(session, options)
      seats = await takeAllSeats(session, {
        ...this.#deps,
        cursors: options.cursors,
        transfer: transferOf(options),
      })
    } catch (error) {
      session.close() // an arrival may have seated it meanwhile
      this.#remove(session)
      throw error
    }
    this.#deps.charge(person, Math.floor(seats.length / ROOMS_PER_TOKEN))
    // Announced after it is seated, so that anyone who sees them come and speaks to them is heard.
    if (this.#deps.presence.connected(person, session.away)) this.#deps.console.presence(person, true)
    if (session.id !== undefined) this.#inTransit.get(session.id)?.()
    try {
      if (resync.changesHeard !== changesHeard) await resync.refresh(person.id) // it may have read what was true before
      return { session, seats, epoch }
    } catch (error) {
      this.disconnect(session)
      throw error
    }
  }

  /** Stored after everything that was asked before, so an account that was disabled meanwhile is found out. */
  async #begin(session: Session, options: ConnectOptions): Promise<string> {
    const transfer = transferOf(options)
    const started = await this.#start(session, options)
    if (transfer) this.#keepAlive(transfer)
    if (this.#deps.sessions.hasEnded(started.session)) refuse('no-such-session') // its end was heard of before its beginning was answered
    session.id = started.session
    session.person = started.person
    session.grant = started.grant
    session.expiresAt = started.until
    session.away = transfer?.away ?? false
    for (const each of started.blocked) session.blocked.add(each)
    if (transfer) await this.#deps.cluster.broadcast({ kind: 'voided', session: started.session })
    return started.epoch
  }

  /** A new stored session, or the transferred one, unless it has ended. */
  #start({ person }: Session, { door, address, credential }: ConnectOptions): Promise<SessionStart> {
    const { store, clock } = this.#deps
    const from = { person: person.id, door, address, at: clock.now() }
    if (typeof credential === 'string') return store.sessions.begin({ ...from, proof: credential })
    if (credential instanceof TokenSession) return this.#deps.tokenSessions.resume(credential)
    return store.sessions.transfer({ ...from, session: credential.session })
  }

  /** The session's connection is closed. If it has offered a transfer, the session may continue for a while. */
  disconnect(session: Session): void {
    const { person, away } = session
    session.close()
    this.#remove(session)
    if (this.#deps.presence.disconnected(person, away)) this.#deps.console.presence(person, false)
  }

  /** The person has logged out. */
  logOut(session: Session): void {
    this.#deps.transfers.withdraw(session)
    this.disconnect(session)
  }

  #remove(session: Session): void {
    this.#deps.sessions.remove(session)
    const { id, endReason, handedOver, view } = session
    if (view.lasts || id === undefined || endReason || handedOver) return // a token opens it again, or whatever ended it has seen to that, or it continues elsewhere
    if (this.#deps.transfers.offers(session))
      return void this.#deps.clock.after(OFFERED_MS, () => this.#remove(session))
    this.#endStored(session.person.id, id)
  }

  #endStored(person: UserId, id: SessionId): void {
    const { store, clock } = this.#deps
    store.sessions.end(person, id, clock.now()).catch(error => {
      if (!(error instanceof Refusal)) this.#deps.console.onError(error)
    })
  }

  /** Closes all connections of the stored session on this node; the one that it continues on has not begun yet. */
  #closeMoved({ person, session }: { person: UserId; session: SessionId }): void {
    for (const each of this.#deps.sessions.with(person, new Set([session]))) {
      this.#countInTransit(session, each)
      each.end('moved')
    }
  }

  /**
   * @returns a code that continues the session elsewhere, in the same rooms at the same cursors: once, within two
   * minutes
   */
  offerTransfer(session: Session, room: RoomId): string {
    return this.#deps.transfers.offer(session, room)
  }

  /** Like `offerTransfer`, for a token: the cursors are those of one of its connections, if there is one. */
  offerTransferByToken({ id, person, grant }: TokenSession, room: RoomId): string {
    const [there = absent(id, person, grant)] = this.#deps.sessions.with(person.id, new Set([id]))
    return this.offerTransfer(there, room)
  }

  /**
   * @returns the session that the code transfers; it has ended where it was. Refuses 'wrong-code',
   * 'too-many-attempts'.
   */
  async redeemTransfer(code: string, address: string): Promise<SessionTransfer> {
    return this.#deps.guard.code(address, async () => {
      const transfer = (await this.#deps.transfers.redeem(foldCode(code))) ?? refuse('wrong-code')
      if (!transfer.lasts) this.#lapse(transfer)
      return transfer
    })
  }

  #lapse({ session, person }: SessionTransfer): void {
    const cancel = this.#deps.clock.after(LONGEST_TRANSFER_MS, () => {
      this.#lapsing.delete(session)
      this.#endStored(person.id, session)
    })
    this.#lapsing.set(session, cancel)
  }

  #keepAlive({ session }: SessionTransfer): void {
    this.#lapsing.get(session)?.()
    this.#lapsing.delete(session)
  }

  /** Counts a person as online while their session is on its way, so that nobody is told that they left. */
  #countInTransit(session: SessionId, { person, away }: Session): void {
    if (this.#inTransit.has(session)) return
    const { presence, console, clock } = this.#deps
    presence.connected(person, away)
    const cancel = clock.after(LONGEST_TRANSFER_MS, () => this.#inTransit.get(session)?.())
    this.#inTransit.set(session, () => {
      cancel()
      this.#inTransit.delete(session)
      if (presence.disconnected(person, away)) console.presence(person, false)
    })
  }

  /** Continues a redeemed session under a token; the cursors say how far its connection had come. */
  async transfer(
    transfer: SessionTransfer,
    origin: Origin,
  ): Promise<IssuedToken & { room: RoomId; cursors: readonly Cursor[] }> {
    const { room, places } = transfer
    const opened = await this.#deps.authentication.transfer(transfer, origin)
    this.#keepAlive(transfer)
    const heads = places.map(each => ({ room: each.room, head: each.place }))
    return { ...opened, room, cursors: await this.#deps.store.pages.cursors(heads) }
  }
}

function transferOf({ credential }: ConnectOptions): SessionTransfer | undefined {
  return typeof credential === 'string' || credential instanceof TokenSession ? undefined : credential
}

/** A session without a connection, in no room. */
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
