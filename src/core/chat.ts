// The use cases. Every door calls these, so a rule exists once.

import { Accounts, type From, type Opened, type Policy } from './accounts.ts'
import { type Answered, Appender, type Post, type Poster } from './appender.ts'
import { Buckets } from './buckets.ts'
import { Changes } from './changes.ts'
import type { RoomFeed } from './feed.ts'
import { Feeds } from './feeds.ts'
import { History } from './history.ts'
import { Indexer } from './indexer.ts'
import { Lobby } from './lobby.ts'
import { Messages } from './messages.ts'
import {
  type Author,
  type DoorName,
  GENERAL,
  type Grant,
  type Person,
  type Profile,
  type Room,
  type RoomId,
  type Seq,
  type SessionId,
  type UserId,
} from './model.ts'
import { Moves, type Moving, OFFERED_MS } from './moves.ts'
import { Pacer } from './pacer.ts'
import type { Passwords } from './passwords.ts'
import type { Bus, Clock, Cursor, Entered, Entrance, Receipt, Return, Store } from './ports.ts'
import { type Change as Coming, MANY, Presence } from './presence.ts'
import { Refusal, refuse } from './refusals.ts'
import { checkText, foldCode } from './rules.ts'
import { type Seat, Subscriber } from './seat.ts'
import { Session, Sessions, type View } from './sessions.ts'
import { Visit, Visits } from './visits.ts'

/** What somebody who comes is shown of the past: all they have not read, within these bounds, in messages. */
const FEWEST_SHOWN = 20
const MOST_SHOWN = 200
/** Of one coming back: cursors looked at, and events over all rooms. */
const MOST_CURSORS = 1000
const MOST_MISSED = 10_000
/** Of one person, who is writing. */
const TYPING_PER_SECOND = 1 / 3

export interface Parts {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly passwords: Pick<Passwords, 'hash' | 'verify'>
  /** What a folded username looks like (UTS 39, section 4), the same for all that look alike. */
  readonly skeleton: (folded: string) => string
  /** A new code that nobody guesses, in the form in which codes are compared (rules.ts). */
  readonly code: () => string
  /** A new token that nobody guesses: 256 random bits. */
  readonly secret: () => string
  /** The server's time zone, IANA's name. */
  readonly zone: string
  readonly policy: Policy
  readonly console: Console
}

/** What the one who runs the server gets to see. */
export interface Console {
  /** A person's first connection came, or the last one went. */
  presence(person: Person, online: boolean): void
  trouble(error: unknown): void
}

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

export class Chat {
  readonly accounts: Accounts
  readonly lobby: Lobby
  readonly messages: Messages
  readonly #parts: Parts
  readonly #sessions = new Sessions()
  readonly #appender: Appender
  readonly #feeds: Feeds
  readonly #indexer: Indexer
  readonly #presence: Presence
  readonly #moves: Moves
  readonly #visits: Visits
  readonly #posts: Buckets<UserId>
  readonly #typing: Buckets<UserId>

  constructor(parts: Parts) {
    const { store, bus, clock, console, code } = parts
    const trouble = (error: unknown) => console.trouble(error)
    const sessions = this.#sessions
    this.#parts = parts
    this.#appender = new Appender({ log: store.log, bus, clock, trouble })
    const history = new History(store.log)
    this.#feeds = new Feeds({ log: store.log, bus, pacer: new Pacer(clock), history, trouble }, clock)
    this.#indexer = new Indexer({ search: store.search, clock, trouble })
    this.#presence = new Presence(clock, (people, among) => this.#announce(people, among))
    const moves = new Moves(clock, code)
    this.#moves = moves
    const changes = new Changes({ store, bus, clock, sessions, feedOf: room => this.#feeds.of(room) })
    const visits = new Visits(store.sessions, clock)
    this.#visits = visits
    this.accounts = new Accounts({ ...parts, sessions, visits, moves, changes })
    this.lobby = new Lobby({ store, clock, changes, sessions, skeleton: parts.skeleton })
    this.messages = new Messages({ store, changes, zone: parts.zone })
    this.#posts = new Buckets(clock, { capacity: 300, perSecond: 20 })
    this.#typing = new Buckets(clock, { capacity: 1, perSecond: TYPING_PER_SECOND })
  }

  // --- coming and going ----------------------------------------------------------------------------------

  /**
   * A session in all rooms of the person, none of which begins to be shown before it is told to (`Seat.begin`).
   * `general` is shown from what the person has not read; the others from now on; all from where it was, for a session
   * that moves here, or for who comes back with valid cursors. Refuses 'disabled'; 'wrong-credentials' when the password was changed since it was verified;
   * 'no-such-session' when the one that moves has been ended.
   */
  async enter(person: Profile, view: View, origin: Origin): Promise<Arrived> {
    const session = new Session(person, view)
    this.#sessions.add(session)
    let epoch = ''
    try {
      epoch = await this.#begin(session, origin)
    } catch (error) {
      session.close() // an arrival may have seated it meanwhile
      this.#remove(session)
      throw error
    }
    if (this.#presence.came(person, session.away)) this.#parts.console.presence(person, true)
    try {
      return { session, seated: await this.#sitEverywhere(session, origin), epoch }
    } catch (error) {
      movingOf(origin)?.session.end('moved') // what it had is this one's, which is gone
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
      session.away = before?.away ?? false
      for (const each of entered.blocked) session.blocked.add(each)
      if (before && session.id !== undefined) this.#visits.drop(new Set([session.id]))
      return entered.epoch
    } catch (error) {
      if (before) before.handedOver = false
      throw error
    }
  }

  /** A stored session that begins, or the one that moves here, if nobody has ended it. */
  #entered({ person }: Session, { door, address, by }: Origin): Promise<Entered> {
    const { store, clock } = this.#parts
    const from = { person: person.id, door, address, at: clock.now() }
    if (typeof by === 'string') return store.sessions.begin({ ...from, proof: by })
    if (by instanceof Visit) return this.#visits.enter(by)
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
        moving?.session.end('moved')
        return this.#sit(session, { entrances, feeds, after, moving })
      }
      const opened = await Promise.all(missing.map(({ room }) => this.#feeds.of(room.id)))
      for (const feed of opened) feeds.set(feed.room, feed)
    }
  }

  /** Where `general` begins to be shown to who comes without cursors. */
  async #opening(person: UserId, { cursors }: Origin): Promise<Seq> {
    if (cursors) return 0 as Seq
    return (await this.#parts.store.log.opening(person, GENERAL, FEWEST_SHOWN, MOST_SHOWN)).after
  }

  #entrances(person: UserId, { cursors }: Origin): Promise<readonly (Entrance | Return)[]> {
    const { rooms } = this.#parts.store
    return cursors
      ? rooms.returns(person, cursors.slice(0, MOST_CURSORS), MOST_MISSED)
      : rooms.entrances(person)
  }

  #sit(session: Session, { entrances, feeds, after, moving }: Sitting): Seated[] {
    const seated: Seated[] = []
    for (const entrance of entrances) {
      const { room, head, read } = entrance
      const feed = feeds.get(room.id)
      if (!feed || session.seat(room.id)) continue // an arrival was quicker
      const before = moving?.session.seat(room.id)
      if ('epoch' in entrance) {
        const seat = session.sit(feed, entrance, entrance.after ?? head)
        seated.push({ seat, room, head, epoch: entrance.epoch, resumed: entrance.after !== undefined })
        continue
      }
      const seat = before
        ? session.sit(feed, entrance, before.place, before.seen)
        : room.id === GENERAL
          ? session.sit(feed, entrance, after)
          : session.sit(feed, entrance, head, read)
      seated.push({ seat, room, head })
    }
    return seated
  }

  /** The session's connection goes away; where it has offered to move, it may go on for a while. */
  depart(session: Session): void {
    const { person, away } = session
    session.close()
    this.#remove(session)
    if (this.#presence.went(person, away)) this.#parts.console.presence(person, false)
  }

  /** The person has said good-bye. */
  logOut(session: Session): void {
    this.#moves.withdraw(session)
    this.depart(session)
  }

  #remove(session: Session): void {
    this.#sessions.remove(session)
    const { id, ending, handedOver, view } = session
    if (view.lasts || id === undefined || ending || handedOver) return // a token opens it again, what ended it has seen to that, or it goes on elsewhere
    if (this.#moves.offers(session))
      return void this.#parts.clock.after(OFFERED_MS, () => this.#remove(session))
    this.#parts.store.sessions.end(id).catch(error => {
      if (!(error instanceof Refusal)) this.#parts.console.trouble(error)
    })
  }

  /** A code that continues the session at the same rooms and places elsewhere: one use, two minutes. */
  offerMove(session: Session, room: RoomId): string {
    return this.#moves.offer(session, room)
  }

  /** The same for who comes with a token: from where one of its connections is, if there is one. */
  offerMoveOf({ id, person, grant }: Visit, room: RoomId): string {
    const [there = absent(id, person, grant)] = this.#sessions.with(new Set([id]))
    return this.offerMove(there, room)
  }

  /** Whose code that is. Refuses 'wrong-code', 'too-many-attempts'. */
  async redeemMove(code: string, address: string): Promise<Moving> {
    return this.accounts.guessing(address, async () => {
      const moving = this.#moves.redeem(foldCode(code))
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
    const opened = await this.accounts.carryOver(moving, from).catch(error => {
      session.handedOver = false
      throw error
    })
    session.end('moved')
    const places = [...session.seats].map(seat => ({ room: seat.room, head: seat.place }))
    return { ...opened, room, cursors: await this.#parts.store.pages.cursors(places) }
  }

  // --- being there ---------------------------------------------------------------------------------------

  /** Over all connections of the person. */
  statusOf(person: UserId) {
    return this.#presence.statusOf(person)
  }

  /** Everybody who is there; undefined among many. */
  get present() {
    return this.#presence.present
  }

  /** This connection is away, or back. @returns false when it was so already. */
  setAway(session: Session, away: boolean): boolean {
    if (session.away === away) return false
    session.away = away
    this.#presence.turned(session.person, away)
    return true
  }

  /** The others in the room are told that somebody writes: at most once in three seconds, and not in large rooms. */
  typing({ person, room, feed, state }: Seat): void {
    if (state === 'gone' || feed.size > MANY || this.#typing.take(person.id) > 0) return
    const { id, username } = person
    this.#parts.bus.publish(room, [{ kind: 'typing', room, person: { id, username } }])
  }

  #announce(people: readonly Coming[], among: number): void {
    this.#parts.bus.publish(GENERAL, [{ kind: 'presence', people, among }])
  }

  // --- writing and reading -------------------------------------------------------------------------------

  /**
   * Stores the text, and delivers it when it is on disk. `answered` is told once, maybe for several texts.
   * Throws the refusals 'empty-text', 'long-text' at once; others are answered: what the room refuses to who writes,
   * 'no-such-message' for an answer to none, 'key-reused'.
   */
  post(poster: Poster, post: Post, answered: Answered): void {
    const text = checkText(post.text)
    this.#appender.post(poster, text === post.text ? post : { ...post, text }, answered)
  }

  /** The same for who has no seat there, and waits for the answer. Refuses all that `post` does. */
  say(person: Person, room: RoomId, post: Post): Promise<Receipt> {
    const { promise, resolve } = Promise.withResolvers<Receipt>()
    this.post(poster(person, room), post, resolve)
    return promise
  }

  /** Asked before each post. @returns 0, or the milliseconds until this person may ask again. */
  takeTurn(person: Person): number {
    return this.#parts.policy.limits ? this.#posts.take(person.id) : 0
  }

  /** The reader's mark moves there, never back; their connections are told. @returns where it is. Refuses 'not-a-member'. */
  async markRead({ id }: Pick<Person, 'id'>, room: RoomId, seq: Seq): Promise<Seq> {
    const mark = await this.#parts.store.log.markRead(id, room, seq)
    for (const { view } of this.#sessions.of(id)) view.marked(room, mark)
    return mark
  }

  /** The reader's marks move to what this connection has been shown, but in rooms they are out of by now. */
  async markShown(session: Session): Promise<void> {
    const unmarked = [...session.seats].filter(seat => seat.seen > seat.marked)
    await Promise.all(unmarked.map(seat => this.#markSeat(seat)))
  }

  async #markSeat(seat: Seat): Promise<void> {
    try {
      seat.marked = await this.markRead(seat.person, seat.room, seat.seen)
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'not-a-member')) throw error
    }
  }

  close(): void {
    this.#feeds.close()
    this.#indexer.close()
    this.#presence.close()
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

/** Who posts there without a seat. */
export function poster({ id, username }: Author, room: RoomId): Poster {
  return { room, person: { id, username }, seen: 0 as Seq, posted: () => {} }
}

interface Sitting {
  readonly entrances: readonly (Entrance | Return)[]
  readonly feeds: ReadonlyMap<RoomId, RoomFeed>
  /** Where `general` begins to be shown. */
  readonly after: Seq
  readonly moving: Moving | undefined
}
