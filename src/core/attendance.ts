// Coming and going: who is here, on which connection, and from where a session goes on.

import type { Accounts, From, Opened } from './accounts.ts'
import type { Parts } from './chat.ts'
import type { RoomFeed } from './feed.ts'
import type { Feeds } from './feeds.ts'
import {
  type DoorName,
  GENERAL,
  type Grant,
  type Level,
  type Profile,
  type Room,
  type RoomId,
  type Seq,
  type SessionId,
  type UserId,
} from './model.ts'
import { type Moves, type Moving, OFFERED_MS } from './moves.ts'
import type { Cursor, Entered, Entrance, Return } from './ports.ts'
import type { Presence } from './presence.ts'
import { Refusal, refuse } from './refusals.ts'
import { foldCode } from './rules.ts'
import { type Seat, Subscriber } from './seat.ts'
import { Session, type Sessions, type View } from './sessions.ts'
import { Visit, type Visits } from './visits.ts'

/** What somebody who comes is shown of the past: all they have not read, within these bounds, in messages. */
const FEWEST_SHOWN = 20
const MOST_SHOWN = 200
/** Of one coming back: cursors looked at, and events over all rooms. */
const MOST_CURSORS = 1000
const MOST_MISSED = 10_000

/** Where a connection comes from. */
export interface Origin {
  readonly door: DoorName
  /** As far as one subscriber has it. */
  readonly address: string
  /** By which right: what their password was compared with, a token, or the session that goes on here. */
  readonly by: string | Visit | Moving
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
export interface Arrived {
  readonly session: Session
  readonly seated: readonly Seated[]
  /** Of what is written from now on. */
  readonly epoch: string
}

export interface Surroundings extends Pick<Parts, 'store' | 'clock' | 'console'> {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly visits: Visits
  readonly moves: Moves
  readonly feeds: Feeds
  readonly presence: Presence
}

export class Attendance {
  readonly #around: Surroundings

  constructor(around: Surroundings) {
    this.#around = around
  }

  /**
   * A session in all rooms of the person, none of which begins to be shown before it is told to (`Seat.begin`).
   * `general` is shown from what the person has not read, the others from now on; or all from where it was, for a
   * session that moves here and for who comes back with cursors that are valid. Refuses 'disabled'; 'wrong-credentials'
   * when the password was changed since it was verified; 'no-such-session' when the one that moves has been ended, or
   * the token revoked.
   */
  async enter(person: Profile, view: View, origin: Origin): Promise<Arrived> {
    const session = new Session(person, view)
    this.#around.sessions.add(session)
    let epoch = ''
    try {
      epoch = await this.#begin(session, origin)
    } catch (error) {
      session.close() // an arrival may have seated it meanwhile
      this.#remove(session)
      throw error
    }
    if (this.#around.presence.came(person, session.away)) this.#around.console.presence(person, true)
    try {
      return { session, seated: await this.#sitEverywhere(session, origin), epoch }
    } catch (error) {
      const moving = movingOf(origin)
      if (moving) this.#endMoved(moving, session) // what it had is this one's, which is gone
      this.depart(session)
      throw error
    }
  }

  /** Stored behind everything that was asked before: an account that was disabled meanwhile is found out. */
  async #begin(session: Session, origin: Origin): Promise<string> {
    const moving = movingOf(origin)
    const before = moving?.session
    if (before) before.handedOver = true
    try {
      const entered = await this.#entered(session, origin)
      session.id = entered.session
      session.person = entered.person
      session.grant = entered.grant
      session.until = entered.until
      session.away = before?.away ?? false
      for (const each of entered.blocked) session.blocked.add(each)
      if (before && session.id !== undefined) this.#around.visits.drop(new Set([session.id]))
      return entered.epoch
    } catch (error) {
      if (before) before.handedOver = false
      throw error
    }
  }

  /** A stored session that begins, or the one that moves here, if nobody has ended it. */
  #entered({ person }: Session, { door, address, by }: Origin): Promise<Entered> {
    const { store, clock } = this.#around
    const from = { person: person.id, door, address, at: clock.now() }
    if (typeof by === 'string') return store.sessions.begin({ ...from, proof: by })
    if (by instanceof Visit) return this.#around.visits.enter(by)
    const { id } = by.session
    return id === undefined ? refuse('no-such-session') : store.sessions.goOn({ ...from, session: id })
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
      if (session.ending || moving?.session.ending) refuse('no-such-session')
      if (missing.length === 0) {
        if (moving) this.#endMoved(moving, session)
        return this.#sit(session, { entrances, feeds, after, moving })
      }
      const opened = await Promise.all(missing.map(({ room }) => this.#around.feeds.of(room.id)))
      for (const feed of opened) feeds.set(feed.room, feed)
    }
  }

  /** Where `general` begins to be shown to who comes without cursors. */
  async #opening(person: UserId, { cursors }: Origin): Promise<Seq> {
    if (cursors) return 0 as Seq
    return (await this.#around.store.log.opening(person, GENERAL, FEWEST_SHOWN, MOST_SHOWN)).after
  }

  #entrances(person: UserId, { cursors }: Origin): Promise<readonly (Entrance | Return)[]> {
    const { rooms } = this.#around.store
    return cursors
      ? rooms.returns(person, cursors.slice(0, MOST_CURSORS), MOST_MISSED)
      : rooms.entrances(person)
  }

  #sit(session: Session, { entrances, feeds, after, moving }: Sitting): Seated[] {
    const seated: Seated[] = []
    for (const entrance of entrances) {
      const { room, head, read, level } = entrance
      const feed = feeds.get(room.id)
      if (!feed || session.seat(room.id)) continue // an arrival was quicker
      const before = moving?.session.seat(room.id)
      if ('epoch' in entrance) {
        const seat = session.sit(feed, entrance, entrance.after ?? head)
        const resumed = entrance.after !== undefined
        seated.push({ seat, room, level, read, head, epoch: entrance.epoch, resumed })
        continue
      }
      const seat = before
        ? session.sit(feed, entrance, before.place, before.seen)
        : room.id === GENERAL
          ? session.sit(feed, entrance, after)
          : session.sit(feed, entrance, head, read)
      seated.push({ seat, room, level, read, head })
    }
    return seated
  }

  /** The session's connection goes away; where it has offered to move, it may go on for a while. */
  depart(session: Session): void {
    const { person, away } = session
    session.close()
    this.#remove(session)
    if (this.#around.presence.went(person, away)) this.#around.console.presence(person, false)
  }

  /** The person has said good-bye. */
  logOut(session: Session): void {
    this.#around.moves.withdraw(session)
    this.depart(session)
  }

  #remove(session: Session): void {
    this.#around.sessions.remove(session)
    const { id, ending, handedOver, view } = session
    if (view.lasts || id === undefined || ending || handedOver) return // a token opens it again, what ended it has seen to that, or it goes on elsewhere
    if (this.#around.moves.offers(session))
      return void this.#around.clock.after(OFFERED_MS, () => this.#remove(session))
    this.#around.store.sessions.end(id).catch(error => {
      if (!(error instanceof Refusal)) this.#around.console.trouble(error)
    })
  }

  /** All connections that the stored session had go, but the one it goes on with. */
  #endMoved({ session }: Moving, now?: Session): void {
    const { id } = session
    session.end('moved')
    if (id === undefined) return
    for (const other of this.#around.sessions.with(new Set([id]))) if (other !== now) other.end('moved')
  }

  /** A code that continues the session at the same rooms and places elsewhere: one use, two minutes. */
  offerMove(session: Session, room: RoomId): string {
    return this.#around.moves.offer(session, room)
  }

  /** The same for who comes with a token: from where one of its connections is, if there is one. */
  offerMoveOf({ id, person, grant }: Visit, room: RoomId): string {
    const [there = absent(id, person, grant)] = this.#around.sessions.with(new Set([id]))
    return this.offerMove(there, room)
  }

  /** Whose code that is. Refuses 'wrong-code', 'too-many-attempts'. */
  async redeemMove(code: string, address: string): Promise<Moving> {
    return this.#around.accounts.guessing(address, async () => {
      const moving = this.#around.moves.redeem(foldCode(code))
      return moving && !moving.session.ending ? moving : refuse('wrong-code')
    })
  }

  /** The same under a token: the connection that it was on is ended, and the cursors say where it was. */
  async carryOver(
    moving: Moving,
    from: From,
  ): Promise<Opened & { room: RoomId; cursors: readonly Cursor[] }> {
    const { session, room } = moving
    session.handedOver = true
    const opened = await this.#around.accounts.carryOver(moving, from).catch(error => {
      session.handedOver = false
      throw error
    })
    this.#endMoved(moving)
    const places = [...session.seats].map(seat => ({ room: seat.room, head: seat.place }))
    return { ...opened, room, cursors: await this.#around.store.pages.cursors(places) }
  }
}

function movingOf({ by }: Origin): Moving | undefined {
  return typeof by === 'string' || by instanceof Visit ? undefined : by
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
    left: nothing,
    marked: nothing,
    ended: nothing,
  })
  session.id = id
  session.grant = grant
  return session
}

interface Sitting {
  readonly entrances: readonly (Entrance | Return)[]
  readonly feeds: ReadonlyMap<RoomId, RoomFeed>
  /** Where `general` begins to be shown. */
  readonly after: Seq
  readonly moving: Moving | undefined
}
