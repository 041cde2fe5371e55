// The use cases. Every door calls these, so a rule exists once.

import { type Answered, Appender } from './appender.ts'
import { Buckets } from './buckets.ts'
import { Changes } from './changes.ts'
import { RoomFeed, type Surroundings } from './feed.ts'
import { History } from './history.ts'
import { Lobby } from './lobby.ts'
import { Messages } from './messages.ts'
import { GENERAL, type Person, type Room, type RoomId, type Seq, type UserId } from './model.ts'
import { Pacer } from './pacer.ts'
import type { Passwords } from './passwords.ts'
import type { Bus, Clock, Entrance, Store } from './ports.ts'
import { Presence } from './presence.ts'
import { Refusal, refuse } from './refusals.ts'
import { checkName, checkPassword, checkText, checkUsername, foldUsername, isUsername } from './rules.ts'
import type { Seat } from './seat.ts'
import { Session, Sessions, type View } from './sessions.ts'

/** What somebody who comes is shown of the past: all they have not read, within these bounds, in messages. */
const FEWEST_SHOWN = 20
const MOST_SHOWN = 200
/** In rooms with more people online, nobody is told who comes and goes. */
const LARGE_ROOM = 200
const SWEEP_MS = 1000
/** The index is made so many messages at a time, with a pause in between: posting does not wait for it. */
const INDEX_STEP = 256
const INDEX_PAUSE_MS = 25
/** Before all rooms. */
const NOWHERE = 0 as RoomId

/** What the operator decides. */
export interface Policy {
  /** Of a password, in code points. */
  readonly shortestPassword: number
  /** Whoever registers must know it; undefined where anybody may. */
  readonly registrationCode?: string
  /** Against floods and guessing. */
  readonly limits: boolean
}

export interface Parts {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly passwords: Pick<Passwords, 'hash' | 'verify'>
  /** What a folded username looks like (UTS 39, section 4), the same for all that look alike. */
  readonly skeleton: (folded: string) => string
  readonly policy: Policy
  readonly console: Console
}

/** What the one who runs the server gets to see. */
export interface Console {
  /** A person's first connection came, or the last one went. */
  presence(person: Person, online: boolean): void
  trouble(error: unknown): void
}

export interface Registration {
  readonly name: string
  readonly username: string
  readonly password: string
  readonly code: string
}

/** A room as somebody finds it who comes in. */
export interface Seated {
  readonly seat: Seat
  readonly room: Room
  /** Where it stood then: what was said until there is the past. */
  readonly head: Seq
}

export class Chat {
  readonly lobby: Lobby
  readonly messages: Messages
  readonly #parts: Parts
  readonly #sessions = new Sessions()
  readonly #appender: Appender
  readonly #surroundings: Surroundings
  readonly #feeds = new Map<RoomId, Promise<RoomFeed>>()
  readonly #presence = new Presence()
  readonly #posts: Buckets<UserId>
  readonly #attempts: Buckets<string>
  readonly #addresses: Buckets<string>
  #stopSweeping: () => void = () => {}
  #stopIndexing: () => void = () => {}
  /** The room that was indexed last. */
  #indexed = NOWHERE
  #closed = false

  constructor(parts: Parts) {
    const { store, bus, clock, console } = parts
    const trouble = (error: unknown) => console.trouble(error)
    this.#parts = parts
    this.#appender = new Appender({ log: store.log, bus, clock, trouble })
    const history = new History(store.log)
    this.#surroundings = { log: store.log, bus, pacer: new Pacer(clock), history, trouble }
    const feedOf = (room: RoomId) => this.#feed(room)
    const changes = new Changes({ store, bus, clock, sessions: this.#sessions, feedOf })
    this.lobby = new Lobby({ store, clock, changes, skeleton: parts.skeleton })
    this.messages = new Messages({ store, changes })
    this.#posts = new Buckets(clock, { capacity: 300, perSecond: 20 })
    // A class shares an address: an address alone is held back only after a hundred failures.
    this.#attempts = new Buckets(clock, { capacity: 20, perSecond: 1 / 15 })
    this.#addresses = new Buckets(clock, { capacity: 100, perSecond: 1 / 3 })
    this.#sweepLater()
    this.#indexLater(SWEEP_MS)
  }

  get asksForCode(): boolean {
    return this.#parts.policy.registrationCode !== undefined
  }

  /**
   * Refuses 'bad-name', 'bad-username', 'reserved-username', 'bad-password', 'wrong-code', 'name-taken', 'busy';
   * 'too-many-attempts' after many wrong codes.
   */
  async register({ name, username, password, code }: Registration, address: string): Promise<Person> {
    const { policy, passwords, store, clock, skeleton } = this.#parts
    const account = { name: checkName(name), username: checkUsername(username) }
    checkPassword(password, policy.shortestPassword)
    const wanted = policy.registrationCode
    await this.#attempt(`\n${address}`, address, async () => {
      if (wanted !== undefined && code.trim().toLowerCase() !== wanted) refuse('wrong-code')
    })
    const folded = foldUsername(account.username)
    return store.people.register({
      ...account,
      folded,
      skeleton: skeleton(folded),
      password: await passwords.hash(password),
      at: clock.now(),
    })
  }

  /** Refuses 'wrong-credentials', 'too-many-attempts', 'busy'. */
  async logIn(username: string, password: string, address: string): Promise<Person> {
    const folded = foldUsername(username.trim())
    const attempt = `${isUsername(folded) ? folded : ''}\n${address}`
    return this.#attempt(attempt, address, async () => {
      const found = await this.#parts.store.people.credentials(folded)
      const right = await this.#parts.passwords.verify(password, found?.password)
      return found && right ? found.person : refuse('wrong-credentials')
    })
  }

  /**
   * A session in all rooms of the person, none of which begins to be shown before it is told to (`Seat.begin`).
   * `general` is shown from what the person has not read; the others from now on.
   */
  async enter(person: Person, view: View): Promise<{ session: Session; seated: readonly Seated[] }> {
    const session = new Session(person, view)
    this.#sessions.add(session)
    try {
      const seated = await this.#sitEverywhere(session)
      if (this.#presence.came(person.id))
        this.#announce(person, { online: true, among: this.#presence.count })
      return { session, seated }
    } catch (error) {
      session.close()
      this.#sessions.remove(session)
      throw error
    }
  }

  /** The feeds first, then where the person stands, then the seats at once: nobody is sent out in between. */
  async #sitEverywhere(session: Session): Promise<Seated[]> {
    const { log, rooms } = this.#parts.store
    const { id } = session.person
    const { after } = await log.opening(id, GENERAL, FEWEST_SHOWN, MOST_SHOWN)
    const feeds = new Map<RoomId, RoomFeed>()
    for (;;) {
      const entrances = await rooms.entrances(id)
      const missing = entrances.filter(({ room }) => !feeds.get(room.id) || feeds.get(room.id)?.isClosed)
      if (missing.length === 0) return this.#sit(session, { entrances, feeds, after })
      const opened = await Promise.all(missing.map(({ room }) => this.#feed(room.id)))
      for (const feed of opened) feeds.set(feed.room, feed)
    }
  }

  /** @param after where `general` begins to be shown */
  #sit(
    session: Session,
    { entrances, feeds, after }: { entrances: readonly Entrance[]; feeds: Map<RoomId, RoomFeed>; after: Seq },
  ): Seated[] {
    const seated: Seated[] = []
    for (const { room, head, read } of entrances) {
      const feed = feeds.get(room.id)
      if (!feed || session.seat(room.id)) continue // an arrival was quicker
      const seat = room.id === GENERAL ? session.sit(feed, room, after) : session.sit(feed, room, head, read)
      seated.push({ seat, room, head })
    }
    return seated
  }

  /** Whether the person has any connection. */
  isOnline(person: UserId): boolean {
    return this.#sessions.isOnline(person)
  }

  /**
   * Stores the text, and delivers it when it is on disk. `answered` is told once, maybe for several texts.
   * Throws the refusals 'empty-text', 'long-text' at once; others are answered.
   */
  post(seat: Seat, text: string, answered: Answered): void {
    this.#appender.post(seat, checkText(text), answered)
  }

  /** The same as an answer to another message of the room. Answered 'no-such-message' where there is none. */
  reply(seat: Seat, to: Seq, text: string, answered: Answered): void {
    this.#appender.post(seat, checkText(text), answered, to)
  }

  /** Asked before each post. @returns 0, or the milliseconds until this person may ask again. */
  takeTurn(person: Person): number {
    return this.#parts.policy.limits ? this.#posts.take(person.id) : 0
  }

  /** The reader's marks move to what this connection has been shown, but in rooms they are out of by now. */
  async markRead(session: Session): Promise<void> {
    const unmarked = [...session.seats].filter(seat => seat.seen > seat.marked)
    await Promise.all(unmarked.map(seat => this.#markSeat(seat)))
  }

  async #markSeat(seat: Seat): Promise<void> {
    try {
      seat.marked = await this.#parts.store.log.markRead(seat.person.id, seat.feed.room, seat.seen)
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'not-a-member')) throw error
    }
  }

  /** The session's connection goes away. */
  depart(session: Session): void {
    const { person } = session
    session.close()
    this.#sessions.remove(session)
    const online = this.#presence.count
    if (this.#presence.went(person.id)) this.#announce(person, { online: false, among: online })
  }

  close(): void {
    this.#closed = true
    this.#stopSweeping()
    this.#stopIndexing()
  }

  /** Many failures of one account at one address, or of an address alone, and it is refused before it costs anything. */
  async #attempt<T>(attempt: string, address: string, work: () => Promise<T>): Promise<T> {
    if (!this.#parts.policy.limits) return work()
    if (this.#addresses.isEmpty(address) || this.#attempts.take(attempt) > 0) refuse('too-many-attempts')
    try {
      const done = await work()
      this.#attempts.giveBack(attempt)
      return done
    } catch (error) {
      if (isGuess(error)) this.#addresses.take(address)
      else this.#attempts.giveBack(attempt)
      throw error
    }
  }

  #announce(person: Person, { online, among }: { online: boolean; among: number }): void {
    this.#parts.console.presence(person, online)
    if (among > LARGE_ROOM) return
    this.#parts.bus.publish(GENERAL, [{ kind: 'presence', person, online }])
  }

  /** The room's feed; one that was given up just now is opened anew. */
  async #feed(room: RoomId): Promise<RoomFeed> {
    for (;;) {
      const opening = this.#feeds.get(room) ?? this.#openFeed(room)
      this.#feeds.set(room, opening)
      const feed = await opening
      if (!feed.isClosed) return feed
    }
  }

  async #openFeed(room: RoomId): Promise<RoomFeed> {
    const feed = new RoomFeed(room, this.#surroundings)
    try {
      const [head] = await this.#parts.store.log.heads([room])
      if (!head) throw new Error(`there is no room ${room}`)
      feed.start(head.head)
      return feed
    } catch (error) {
      feed.close()
      this.#feeds.delete(room)
      throw error
    }
  }

  /** A lost hint shows here at the latest; and feeds that nobody reads are closed. */
  async #sweep(): Promise<void> {
    const served = new Map<RoomId, RoomFeed>()
    for (const feed of await Promise.all(this.#feeds.values())) {
      if (feed.isEmpty) this.#closeFeed(feed)
      else served.set(feed.room, feed)
    }
    if (served.size === 0) return
    for (const { room, head } of await this.#parts.store.log.heads([...served.keys()]))
      served.get(room)?.hear(head)
  }

  #closeFeed(feed: RoomFeed): void {
    feed.close()
    this.#feeds.delete(feed.room)
    this.#surroundings.history.forget(feed.room) // nobody tells it what changes there from now on
  }

  #sweepLater(): void {
    this.#stopSweeping = this.#parts.clock.after(SWEEP_MS, async () => {
      await this.#sweep().catch(error => this.#parts.console.trouble(error))
      if (!this.#closed) this.#sweepLater()
    })
  }

  #indexLater(milliseconds: number): void {
    this.#stopIndexing = this.#parts.clock.after(milliseconds, async () => {
      const { store, console } = this.#parts
      const before = this.#indexed
      const next = await store.search.index(before, INDEX_STEP).catch(error => {
        if (!this.#closed) console.trouble(error)
        return undefined
      })
      this.#indexed = next ?? NOWHERE // the rooms take turns; then from the first again
      const idle = next === undefined && before === NOWHERE
      if (!this.#closed) this.#indexLater(idle ? SWEEP_MS : INDEX_PAUSE_MS)
    })
  }
}

function isGuess(error: unknown): boolean {
  return error instanceof Refusal && (error.code === 'wrong-credentials' || error.code === 'wrong-code')
}
