// The use cases. Every door calls these, so each rule exists once.

import { ClusterMessages } from './cluster/cluster-messages.ts'
import { Resync } from './cluster/resync.ts'
import { Avatars } from './files/avatars.ts'
import { Files } from './files/files.ts'
import { postUploads, type UploadsPost } from './files/post-uploads.ts'
import { Keeping } from './keeping/keeping.ts'
import { BruteForceGuard } from './limits/brute-force-guard.ts'
import { RateLimit } from './limits/rate-limit.ts'
import { Throttles } from './limits/throttles.ts'
import { Appender, type OnReceipt, type Post, type Poster, posterOf } from './log/appender.ts'
import { Feeds } from './log/feeds.ts'
import { History } from './log/history.ts'
import { Inspector } from './log/inspector.ts'
import { Pacer } from './log/pacer.ts'
import { WatchedLog } from './log/watched-log.ts'
import {
  type DoorName,
  GENERAL,
  type Message,
  type Person,
  type RoomId,
  type Presence as Told,
  type UserId,
} from './model/model.ts'
import { checkText } from './model/rules.ts'
import type { Parts } from './parts.ts'
import { Administration } from './people/administration.ts'
import { Guests } from './people/guests.ts'
import { LogIns } from './people/log-in.ts'
import { LoginCodes } from './people/login-codes.ts'
import { Profiles } from './people/profiles.ts'
import { Registration } from './people/registration.ts'
import { Rosters } from './people/rosters.ts'
import { ScramLogIns } from './people/scram-log-in.ts'
import { Teams } from './people/teams.ts'
import { Polls } from './polls/polls.ts'
import type { Posted, Receipt } from './ports/log.ts'
import { type PresenceChange as Coming, Presence } from './presence/presence.ts'
import { Signals } from './presence/signals.ts'
import { Previews } from './previews/previews.ts'
import { Changes } from './rooms/changes.ts'
import { Messages } from './rooms/messages.ts'
import { Metadata } from './rooms/metadata.ts'
import { Moderation } from './rooms/moderation.ts'
import { Rooms } from './rooms/rooms.ts'
import { Threads } from './rooms/threads.ts'
import { PutOff } from './scheduled/put-off.ts'
import { Indexer } from './search/indexer.ts'
import { Reports } from './server/reports.ts'
import { Settings } from './server/settings.ts'
import { Authentication } from './sessions/authentication.ts'
import { Connections } from './sessions/connections.ts'
import { ReadMarks } from './sessions/read-marks.ts'
import { type Session, Sessions } from './sessions/sessions.ts'
import { TokenSessions } from './sessions/tokens.ts'
import { SessionTransfers } from './sessions/transfers.ts'

/** The chat on one node: the use cases by subject, and those of presence and posting. */
export class Chat {
  readonly guard: BruteForceGuard
  readonly authentication: Authentication
  readonly logIns: LogIns
  readonly loginCodes: LoginCodes
  readonly rosters: Rosters
  readonly registration: Registration
  readonly profiles: Profiles
  readonly administration: Administration
  readonly guests: Guests
  readonly scram: ScramLogIns
  readonly connections: Connections
  readonly rooms: Rooms
  readonly moderation: Moderation
  readonly messages: Messages
  readonly polls: Polls
  readonly threads: Threads
  readonly teams: Teams
  readonly keeping: Keeping
  readonly putOff: PutOff
  readonly previews: Previews
  readonly metadata: Metadata
  readonly files: Files
  readonly avatars: Avatars
  readonly readMarks: ReadMarks
  readonly settings: Settings
  readonly reports: Reports
  readonly signals: Signals
  readonly #parts: Parts
  readonly #sessions = new Sessions()
  readonly #appender: Appender
  readonly #feeds: Feeds
  readonly #indexer: Indexer
  readonly #inspector: Inspector
  readonly #presence: Presence
  readonly #cluster: ClusterMessages
  readonly #throttles: Throttles
  readonly #rateLimit: RateLimit
  readonly #presenceWatchers: ((presence: Told) => void)[] = []
  readonly #doors = new Map<DoorName, (said: string) => void>()

  constructor(parts: Parts) {
    const { store, bus, clock, console, code } = parts
    const onError = (error: unknown) => console.onError(error)
    const { avatarId, limits } = parts.files
    const sessions = this.#sessions
    this.#parts = parts
    const onTold = (messages: readonly Message[]) => this.previews.consider(messages)
    const appender = new Appender({ log: store.log, bus, clock, roomSpace: limits.room, onError, onTold })
    this.#appender = appender
    this.#indexer = new Indexer({ search: store.search, clock, written: () => appender.sent, onError })
    const log = new WatchedLog(store.log, tampering => console.tampered(tampering))
    const history = new History(log)
    this.#feeds = new Feeds({ log, bus, clock, pacer: new Pacer(clock), history, onError })
    this.#inspector = new Inspector({ log, clock, onError })
    const cluster = new ClusterMessages(bus, onError)
    this.#cluster = cluster
    this.#presence = new Presence(clock, cluster, (people, among) => this.#announce(people, among))
    const transfers = new SessionTransfers({ clock, cluster, code })
    const feedOf = (room: RoomId) => this.#feeds.of(room)
    const changes = new Changes({ store, bus, clock, cluster, sessions, feedOf })
    const tokenSessions = new TokenSessions(store.sessions, clock)
    const around = { renamed: (person: Person) => this.#presence.renamed(person), onError }
    const resync = new Resync({ store, cluster, sessions, tokenSessions, transfers, changes, ...around })
    const throttles = new Throttles(clock, cluster)
    this.#throttles = throttles
    this.guard = new BruteForceGuard({ ...parts, throttles, cluster })
    const sweep = () => void this.files.sweep()
    this.avatars = new Avatars({ store, cluster, avatarId, sweep })
    const kept = { sessions, tokenSessions, transfers, changes, resync }
    const accounts = { ...parts, ...kept, guard: this.guard, throttles, cluster }
    this.authentication = new Authentication(accounts)
    this.logIns = new LogIns(accounts)
    this.loginCodes = new LoginCodes(accounts)
    this.rosters = new Rosters(accounts)
    this.registration = new Registration(accounts)
    this.profiles = new Profiles({ ...accounts, logIns: this.logIns })
    this.administration = new Administration({ ...accounts, avatars: this.avatars })
    this.guests = new Guests({ ...parts, throttles })
    this.scram = new ScramLogIns({ store, guard: this.guard })
    cluster.on('door', ({ door, said }) => this.#doors.get(door)?.(said))
    cluster.onReconnected(() => this.#feeds.sweepNow())
    const charge = (person: Person, cost: number) => this.charge(person, cost)
    this.teams = new Teams({ ...parts, cluster, changes, onError })
    const { guard, authentication } = this
    const present = { sessions, tokenSessions, transfers, feeds: this.#feeds, presence: this.#presence }
    const connectionsDeps = { charge, cluster, resync, authentication, guard, teams: this.teams, ...present }
    this.connections = new Connections({ ...parts, ...connectionsDeps })
    this.rooms = new Rooms({ ...parts, changes, cluster, throttles, sessions })
    this.moderation = new Moderation({ ...parts, changes })
    this.metadata = new Metadata(store)
    this.files = new Files({ ...parts.files, store, clock, onError })
    this.readMarks = new ReadMarks({ store, cluster, sessions })
    this.settings = new Settings({ store, clock, cluster, onError })
    this.reports = new Reports({ store, cluster, clock })
    this.previews = new Previews({ ...parts, files: this.files, changes, onError })
    this.messages = new Messages({ ...parts, changes, previews: this.previews, charge, erased: sweep })
    this.keeping = new Keeping({ store, clock, cluster })
    this.polls = new Polls({ ...parts, changes, cluster, sessions, messages: this.messages, onError })
    this.threads = new Threads({ store, cluster })
    const posting = { unique: parts.files.fileId, files: this.files, roomSpace: limits.room, onTold }
    this.putOff = new PutOff({ ...parts, ...posting, cluster, sessions, onError })
    this.#rateLimit = new RateLimit(clock, cluster)
    this.signals = new Signals(parts)
  }

  // --- being there ---------------------------------------------------------------------------------------

  /** The person's status over all their connections. */
  statusOf(person: UserId) {
    return this.#presence.statusOf(person)
  }

  /** The person who is away under that username, or undefined. */
  awayNamed(username: string) {
    return this.#presence.awayNamed(username)
  }

  /** Whether the person has exactly one connection, and it is on this node. */
  hasOneConnection(person: UserId): boolean {
    return this.#presence.hasOneConnection(person)
  }

  /** Whether the person is connected to another node, be it to this one as well or not. */
  isElsewhere(person: UserId): boolean {
    return this.#presence.isElsewhere(person)
  }

  /** The people who are connected to other nodes only. */
  get presentElsewhere(): Iterable<UserId> {
    return this.#presence.elsewhere()
  }

  /** The number of people online, on all nodes. */
  get presentCount(): number {
    return this.#presence.count
  }

  /** Everyone who is online, or undefined when they are many. */
  get present() {
    return this.#presence.present
  }

  /**
   * A count of presence changes told on this node: while it stays the same, what was read of presence still holds.
   */
  get presenceChanges(): number {
    return this.#presence.changes
  }

  /** Marks this connection as away, or back. @returns false when it was so already */
  setAway(session: Session, away: boolean): boolean {
    if (session.away === away) return false
    session.away = away
    this.#presence.setAway(session.person, away)
    return true
  }

  /** Calls back for each presence change, on any node. */
  watchPresence(tell: (presence: Told) => void): void {
    this.#presenceWatchers.push(tell)
  }

  /**
   * Sends a message of a door's own to the same door on every node. This node has handled it when the call returns.
   */
  broadcastToDoors(door: DoorName, said: string): void {
    this.#cluster.notify({ kind: 'door', door, said })
  }

  onDoorMessage(door: DoorName, hear: (said: string) => void): void {
    this.#doors.set(door, hear)
  }

  #announce(people: readonly Coming[], among: number): void {
    const presence = { kind: 'presence', people, among } as const
    for (const tell of this.#presenceWatchers) tell(presence)
    this.#feeds.showEphemeral(GENERAL, presence)
  }

  // --- writing and reading -------------------------------------------------------------------------------

  /**
   * Stores the text, and delivers it once it is on disk. `answered` is called once, maybe for several texts together.
   * Throws the refusals 'empty-text', 'long-text', 'too-many-files', 'bad-file-name' and 'long-alt'; passes the others to
   * `answered`: whatever the room refuses the author, 'no-such-message' for a reply to none, 'key-reused'.
   */
  post(poster: Poster, post: Post, answered: OnReceipt): void {
    if (post.attachments) return this.#appender.post(poster, this.files.checked(post), answered)
    const text = checkText(post.text)
    this.#appender.post(poster, text === post.text ? post : { ...post, text }, answered)
  }

  /**
   * Like `post`, for a person without a seat in the room. Resolves with the receipt. Refuses all that `post` does.
   */
  postAs(person: Person, room: RoomId, post: Post): Promise<Receipt> {
    const { promise, resolve } = Promise.withResolvers<Receipt>()
    this.post(posterOf(person, room), post, resolve)
    return promise
  }

  /** Posts finished uploads; deletes them unless a message has them then. Refuses as `post` does. */
  postUploads(person: Person, room: RoomId, post: UploadsPost): Promise<Posted> {
    return postUploads({ files: this.files, post: () => this.postAs(person, room, post) }, person, post)
  }

  /**
   * Takes a token of the person's rate limit, before each thing they ask for.
   * @returns 0, or the milliseconds until they may ask again
   */
  throttle(person: Person): number {
    return this.#parts.policy.limits ? this.#rateLimit.take(person.id) : 0
  }

  /**
   * Takes a token of the person's rate limit that they may owe, for something that can't wait.
   * @returns false where they may owe no more
   */
  borrow(person: Person): boolean {
    return !this.#parts.policy.limits || this.#rateLimit.borrow(person.id)
  }

  /**
   * Resolves when the person has taken a token of their rate limit, or has gone: connecting too often waits, and is
   * not refused.
   */
  async waitForThrottle(person: Person, hasGone: () => boolean): Promise<void> {
    for (let wait = this.throttle(person); wait > 0 && !hasGone(); wait = this.throttle(person))
      await new Promise<void>(resolve => void this.#parts.clock.after(wait, resolve))
  }

  /**
   * Charges the person's rate limit for an answer that cost more than the token taken for it.
   * @param cost in tokens
   */
  charge({ id }: Person, cost: number): void {
    if (this.#parts.policy.limits && cost > 0) this.#rateLimit.spend(id, cost)
  }

  /** A rate limit for one connection that nobody has logged in on yet. @returns takes a token, as `throttle` does */
  strangerRateLimit(): () => number {
    return this.#parts.policy.limits ? this.#rateLimit.forStranger() : () => 0
  }

  /**
   * A rate limit for one connection's input that asks for nothing, whoever it belongs to: pings, what is not
   * understood.
   * @returns takes a token, as `throttle` does
   */
  connectionRateLimit(): () => number {
    return this.#parts.policy.limits ? this.#rateLimit.forConnection() : () => 0
  }

  close(): void {
    this.files.close()
    this.polls.stop()
    this.putOff.close()
    this.previews.close()
    this.#throttles.close()
    this.#feeds.close()
    this.#indexer.close()
    this.#inspector.close()
    this.#presence.close()
    this.#cluster.close()
  }
}
