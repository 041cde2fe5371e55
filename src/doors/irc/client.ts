// One IRC connection: what it has told of itself, who it is, and what it is asked.

import type { Chat } from '../../core/chat.ts'
import type { Slots } from '../../core/limits/slots.ts'
import type { Profile, Room, RoomId, UserId } from '../../core/model/model.ts'
import { isAdmin } from '../../core/model/permissions.ts'
import type { Refusal, RefusalCode } from '../../core/model/refusals.ts'
import type { Admitted } from '../../core/people/log-in.ts'
import type { Receipt } from '../../core/ports/log.ts'
import type { EndReason, Session } from '../../core/sessions/sessions.ts'
import type { Wording } from '../../wording/es.ts'
import { isLanguage, type Language, languages } from '../../wording/languages.ts'
import { refusedIn } from '../../wording/refused.ts'
import { type Cost, Flow } from '../shared/flow.ts'
import type { Channels, Viewer } from './channels.ts'
import type { NewAccount } from './commands/accounts.ts'
import { PendingMetadata } from './commands/metadata-store.ts'
import type { Sasl } from './commands/sasl.ts'
import { dispatch } from './dispatch.ts'
import type { Presences } from './events/presence.ts'
import type { Roster } from './events/roster.ts'
import { sourceOf, timeTags } from './events/tags.ts'
import { Unread } from './events/unread.ts'
import { Joins } from './events/view.ts'
import { Posts } from './posts.ts'
import { quit } from './quit.ts'
import { type Numeric, REFUSAL_OF } from './replies/numerics.ts'
import { type Recipient, Reply } from './replies/reply.ts'
import type { IrcSettings } from './settings.ts'
import { Caps, knowsFail } from './wire/caps.ts'
import { KeepAlive } from './wire/keep-alive.ts'
import { type Input, LineSocket, type Transport } from './wire/line-socket.ts'
import { lineOf, type Message } from './wire/message.ts'
import type { MultilineBatch } from './commands/multiline.ts'
import { foldName, isChannel } from './wire/names.ts'
import { ConfirmedCursors, Pings } from './wire/pings.ts'

/** What goes on while texts are on their way to the disk: runs of them travel together. */
const BESIDE_POSTS = new Set(['PRIVMSG', 'NOTICE', 'BATCH', 'PONG'])

/** What asks for nothing: an empty line, and signs of life. */
const CHEAP = new Set(['', 'PING', 'PONG'])

export interface IrcDeps {
  readonly chat: Chat
  readonly settings: IrcSettings
  readonly version: string
  readonly startedAt: number
  readonly language: Language
  /** The server's time zone, IANA's name. */
  readonly zone: string
  readonly shortestPassword: number
  readonly channels: Channels
  readonly roster: Roster
  /** Of what was said, which are in memory until a client has taken them: of one person's clients so many at a time. */
  readonly pages: Slots<UserId>
  readonly clients: ReadonlySet<Client>
  /** Resolves when it is known who were guests and programs before the start. */
  readonly recalled: () => Promise<void>
  /** At one time, since the start. */
  readonly peaks: { local: number; people: number }
  /** The server's. */
  readonly wording: Wording
  readonly presences: () => Presences
  readonly onError: (error: unknown) => void
}

export class Client implements Recipient {
  readonly deps: IrcDeps
  readonly socket: LineSocket
  readonly caps = new Caps()
  readonly flow: Flow
  readonly posts: Posts
  readonly joins: Joins
  readonly unread: Unread
  readonly pings: Pings
  readonly confirmed: ConfirmedCursors
  /** As it has said before it came in. */
  asked: { nick?: string; user?: string; realname?: string; pass?: string } = {}
  capVersion = 0
  /** It has begun to negotiate, and not ended. */
  isNegotiating = false
  /** Whose account it has shown the password of. */
  admitted: Admitted | undefined
  /** A SASL exchange under way. */
  sasl: Sasl | undefined
  /** What it wants to be called, as soon as it shows a code (VERIFY). */
  unverified: NewAccount | undefined
  /** It is there without an account. */
  isGuest = false
  /** Nobody that it could be has been here before. */
  isNew = false
  /** It has said OPER. */
  isOper = false
  /** Of what people and channels say of themselves, the keys it wants to hear about (metadata.ts). */
  readonly subscriptions = new Set<string>()
  /** What it says of itself before it is in. */
  readonly pendingMetadata = new PendingMetadata()
  /** It has said that it is a program (user mode B). */
  isBot = false
  /** It wants to hear WALLOPS (user mode w). */
  hearsWallops = false
  /** It has been welcomed. */
  isRegistered = false
  session: Session | undefined
  /** Its rooms, conversations included. */
  readonly rooms = new Map<RoomId, Room>()
  /** Folded → as it calls them, whom it wants to hear about. */
  readonly monitored = new Map<string, string>()
  /** What it calls them, folded → where that leads: what is said most often is found at once. */
  readonly targets = new Map<string, RoomId>()
  /** Why it is away; empty while it is not. */
  awayText = ''
  /** It has said QUIT: it has got what it wanted. */
  hasQuit = false
  /** A text of many lines that is on its way. */
  batch: MultilineBatch | undefined
  /** The last that was refused: what comes of it still is passed over. */
  failedBatch: string | undefined
  /** By which name it was; set by registration-burst.ts. */
  welcomedAs: string | undefined
  /** Where it moves the mark itself: it is answered, not told. */
  marking: RoomId | undefined
  /** While it comes in: how far its person has read each room, looked up for all at once (join-replies.ts, storedMarks). */
  marks: Map<RoomId, string> | undefined
  #batches = 0
  #working = false
  #leaving = false
  #reason = ''
  #gone = false
  readonly #alive: KeepAlive

  constructor(deps: IrcDeps, socket: Transport, first: Buffer) {
    this.deps = deps
    this.flow = new Flow(deps.chat, { person: () => this.person, goOn: () => this.pump() })
    this.posts = new Posts(this)
    this.joins = new Joins(this)
    this.unread = new Unread(this)
    this.pings = new Pings(() => this.send(lineOf('', 'PING', [this.host])))
    this.confirmed = new ConfirmedCursors(this.pings, () => this.session?.seats ?? [])
    this.socket = new LineSocket(socket, { first, flow: this.flow })
    this.socket.inbox.handler = { cost: input => this.#costOf(input), take: input => this.#take(input) }
    this.#alive = new KeepAlive({
      ask: () => this.pings.ask(() => {}),
      letGo: reason => this.close(reason),
    })
    setImmediate(() => this.pump())
  }

  get host(): string {
    return this.deps.settings.host
  }

  /** @returns * before it has one */
  get name(): string {
    return this.session?.person.username ?? this.asked.nick ?? '*'
  }

  get person(): Profile | undefined {
    return this.session?.person
  }

  /** As whom it has logged in. */
  get account(): Profile | undefined {
    return this.isGuest ? undefined : this.session?.person
  }

  /** It may do what those may who run the server. */
  get isPrivileged(): boolean {
    return this.isOper || isAdmin(this.person?.role ?? 'member')
  }

  get source(): string {
    return sourceOf({ username: this.name }, this.host)
  }

  /** What stands before a line of its own. */
  ownTags(): string {
    const { person, caps, deps } = this
    return person ? deps.channels.actorTags(person, caps.visible) : timeTags(Date.now(), caps.visible)
  }

  get language(): Language {
    return this.#languageOf(this.person)
  }

  #languageOf(person: Profile | undefined): Language {
    const chosen = person?.language ?? ''
    return isLanguage(chosen) ? chosen : this.deps.language
  }

  get wording() {
    return languages[this.language]
  }

  /** In the words of the chat, but where those speak of what IRC does not have. */
  refused({ code }: Pick<Refusal, 'code'>): string {
    const own: Partial<Record<RefusalCode, string>> = this.wording.irc.refusals
    return own[code] ?? refusedIn(this.wording, this.deps.shortestPassword)[code]
  }

  textOf(numeric: Numeric): string | undefined {
    const own: Partial<Record<Numeric, string>> = this.wording.irc.numerics
    const code = REFUSAL_OF[numeric]
    return own[numeric] ?? (code && this.refused({ code }))
  }

  get isWelcomed(): boolean {
    return this.welcomedAs !== undefined
  }

  get isClosing(): boolean {
    return this.#leaving
  }

  hasBatches(): boolean {
    return this.caps.has('batch')
  }

  knowsFail(command: string): boolean {
    return knowsFail(this.caps, command)
  }

  /** The reference of one that the server begins. */
  nextBatch(): string {
    return `h${++this.#batches}`
  }

  send(line: string): void {
    this.socket.send(line)
  }

  /** A channel of its own. */
  channelNamed(name: string): Room | undefined {
    return isChannel(name) ? this.roomNamed(name) : undefined
  }

  /**
   * A room of its own by what it is called here: a channel, or whom it talks with. Of several conversations with guests
   * who had the same name, one after the other, it is the last one.
   */
  roomNamed(name: string): Room | undefined {
    const folded = foldName(name)
    let last: Room | undefined
    for (const room of this.rooms.values()) {
      const isCalledSo = foldName(this.deps.channels.nameOf(room)) === folded
      if (isCalledSo && (!last || room.id > last.id)) last = room
    }
    return last
  }

  // --- listening -----------------------------------------------------------------------------------------

  /** Deals with what has come, as far as it may be. */
  pump(): void {
    this.socket.inbox.pump()
    if (this.#leaving) this.#leaveWhenAnswered()
  }

  /** What is asked behind texts is answered behind them. */
  #costOf(input: Input): Cost | 'wait' {
    if (this.#working || this.#leaving || this.flow.isFull || this.socket.isChoked) return 'wait'
    if (input === 'ended') return 'nothing'
    if (typeof input === 'string') return 'little'
    const { command } = input
    if (command !== '' && this.flow.posts > 0 && !BESIDE_POSTS.has(command)) return 'wait'
    return CHEAP.has(command) ? 'little' : 'turn'
  }

  #take(input: Input): void {
    this.#alive.heard()
    if (input === 'ended') this.close('Connection closed')
    else if (typeof input === 'string') this.#refuse(input)
    else if (input.command !== '') this.#obey(input)
  }

  #refuse(input: 'too-long' | 'not-utf8'): void {
    const to = new Reply(this, undefined)
    if (input === 'too-long') to.numeric('ERR_INPUTTOOLONG')
    else to.fail('*', 'INVALID_UTF8', this.wording.irc.notUtf8)
  }

  #obey(message: Message): void {
    const done = dispatch(this, message)
    if (!done) return
    this.#working = true
    void done.then(() => {
      this.#working = false
      this.pump()
    })
  }

  // --- being in ------------------------------------------------------------------------------------------

  /** It has said who it is, or that it is nobody. */
  registered(): void {
    this.isRegistered = true
    this.#alive.registered()
  }

  /** How somebody is shown what happens on this connection. */
  viewerFor(person: Profile): Viewer {
    return { caps: this.caps.visible, language: this.#languageOf(person), person }
  }

  /** It is shown everything anew: its capabilities are others now, or somebody's name is. */
  regroup(): void {
    const { session } = this
    if (!session) return
    const viewer = this.viewerFor(session.person)
    for (const seat of session.seats) {
      const room = this.rooms.get(seat.room)
      if (room)
        seat.feed.redisplay(seat, { cohort: this.deps.channels.cohort(room, viewer), isCurrent: true })
    }
  }

  /** What was posted is answered (posts.ts). */
  answered(receipt: Receipt, texts: number): void {
    this.posts.answered(receipt, texts)
    this.pump()
  }

  // --- going ---------------------------------------------------------------------------------------------

  end(how: EndReason): void {
    this.close(this.wording.ended[how].replace(/^\* /, ''))
  }

  /** Says why, and ends it when what it said has been answered. */
  close(reason: string): void {
    if (this.#leaving) return
    this.#leaving = true
    this.#alive.end()
    this.confirmed.stop()
    this.flow.stopResting()
    this.batch?.drop()
    this.#reason = reason
    this.#leaveWhenAnswered()
  }

  #leaveWhenAnswered(): void {
    if (this.#gone || this.flow.posts > 0) return
    this.#gone = true
    if (!this.socket.isClosed) this.send(lineOf('', 'ERROR', [this.#reason]))
    this.socket.end()
    const { session } = this
    this.session = undefined
    if (session) void quit(this, { session, reason: this.#reason })
  }
}
