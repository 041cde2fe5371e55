// One IRC connection: what it has told of itself, who it is, and what it is asked.

import type { Admitted } from '../../core/accounts.ts'
import type { Seated } from '../../core/attendance.ts'
import type { Chat } from '../../core/chat.ts'
import type { Author, Profile, Room, RoomId, Seq } from '../../core/model.ts'
import type { Receipt } from '../../core/ports.ts'
import { Refusal } from '../../core/refusals.ts'
import type { Seat } from '../../core/seat.ts'
import type { Ending, Session, View } from '../../core/sessions.ts'
import type { Wording } from '../../wording/es.ts'
import { isLanguage, type Language, languages } from '../../wording/languages.ts'
import { refusedIn } from '../../wording/refused.ts'
import { isPair, replay, sayMark, showJoined } from './arriving.ts'
import { Caps } from './caps.ts'
import type { Channels, Profile as Shown } from './channels.ts'
import { KeepAlive } from './keep-alive.ts'
import { type Input, Link, type Wire } from './link.ts'
import { lineOf, type Message, parse } from './message.ts'
import type { Gathering } from './multiline.ts'
import { foldName } from './names.ts'
import { obey } from './obeying.ts'
import { Posts } from './posts.ts'
import type { Presences } from './presences.ts'
import { Reply, type Speaker } from './reply.ts'
import type { Roster } from './roster.ts'
import { sourceOf } from './show.ts'
import { welcome } from './welcome.ts'

/** What goes on while texts are on their way to the disk: runs of them travel together. */
const POSTING = new Set(['PRIVMSG', 'NOTICE', 'BATCH', 'PONG'])

export interface IrcParts {
  readonly chat: Chat
  /** The server's name, in every source. */
  readonly host: string
  readonly network: string
  readonly version: string
  readonly startedAt: number
  readonly language: Language
  readonly shortestPassword: number
  readonly channels: Channels
  readonly roster: Roster
  readonly clients: ReadonlySet<Client>
  /** The server's. */
  readonly wording: Wording
  readonly presences: () => Presences
  readonly trouble: (error: unknown) => void
}

export class Client implements Speaker {
  readonly parts: IrcParts
  readonly link: Link
  readonly caps = new Caps()
  readonly posts: Posts
  /** As it has said before it came in. */
  asked: { nick?: string; user?: string; realname?: string; pass?: string } = {}
  capVersion = 0
  /** It has begun to negotiate, and not ended. */
  isNegotiating = false
  /** Whose account it has shown the password of. */
  admitted: Admitted | undefined
  /** A SASL exchange under way: what has come of the response. */
  sasl: string | undefined
  /** It has been welcomed. */
  isRegistered = false
  session: Session | undefined
  /** Its rooms, conversations included. */
  readonly rooms = new Map<RoomId, Room>()
  /** Folded → as it calls them, whom it wants to hear about. */
  readonly monitored = new Map<string, string>()
  /** What it calls them → where that leads: what is said most often is found at once. */
  readonly targets = new Map<string, RoomId>()
  /** Why it is away; empty while it is not. */
  awayText = ''
  /** A text of many lines that is on its way. */
  gathering: Gathering | undefined
  /** The last that was refused: what comes of it still is passed over. */
  failedBatch: string | undefined
  #joiningTo: Reply | undefined
  #arriving: Promise<void> | undefined
  #working = false
  #leaving = false
  #waiting: NodeJS.Timeout | undefined
  readonly #alive: KeepAlive
  #pumping = false

  constructor(parts: IrcParts, socket: Wire, first: Buffer) {
    this.parts = parts
    this.posts = new Posts(this)
    this.#alive = new KeepAlive({
      ask: () => this.say(lineOf('', 'PING', [this.host])),
      letGo: reason => this.close(reason),
    })
    this.link = new Link(socket, { first, heard: () => this.pump() })
    setImmediate(() => this.pump())
  }

  get host(): string {
    return this.parts.host
  }

  /** @returns * before it has one */
  get name(): string {
    return this.session?.person.username ?? this.asked.nick ?? '*'
  }

  get person(): Profile | undefined {
    return this.session?.person
  }

  get source(): string {
    return sourceOf({ username: this.name }, this.host)
  }

  get language(): Language {
    const chosen = this.person?.language ?? ''
    return isLanguage(chosen) ? chosen : this.parts.language
  }

  get wording() {
    return languages[this.language]
  }

  refused(error: Refusal): string {
    return refusedIn(this.wording, this.parts.shortestPassword)[error.code]
  }

  hasBatches(): boolean {
    return this.caps.has('batch')
  }

  say(line: string): void {
    this.link.say(line)
  }

  /** A room of its own by what it is called here. */
  roomCalled(name: string): Room | undefined {
    const folded = foldName(name)
    for (const room of this.rooms.values()) {
      if (foldName(this.parts.channels.nameOf(room)) === folded) return room
    }
    return undefined
  }

  // --- listening -----------------------------------------------------------------------------------------

  /** Deals with what has come, in order; nothing is read while something waits. */
  pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    while (!this.#working && !this.#waiting && !this.#leaving && !this.posts.isFull) {
      const input = this.link.take()
      if (input === undefined) break
      if (!this.#hear(input)) break
    }
    this.#pumping = false
    if (this.#working || this.#waiting || this.posts.isFull) this.link.wait()
    if (this.#leaving) this.#leaveWhenAnswered()
  }

  /** @returns false when it has to be taken another time */
  #hear(input: Input): boolean {
    this.#alive.heard()
    if (input === 'ended') {
      this.close('Connection closed')
      return false
    }
    if (input === 'too-long') {
      new Reply(this, undefined).numeric('ERR_INPUTTOOLONG')
      return true
    }
    if (input === 'not-utf8') {
      new Reply(this, undefined).fail('*', 'INVALID_UTF8', this.wording.irc.notUtf8)
      return true
    }
    const message = parse(input.line)
    if (message.command === '') return true
    if (this.posts.count > 0 && !POSTING.has(message.command)) return this.#waitForPosts()
    if (this.session && message.command !== 'PONG' && message.command !== 'PING') {
      const wait = this.parts.chat.takeTurn(this.session.person)
      if (wait > 0) return this.#hold(wait)
    }
    this.#obey(message)
    return true
  }

  /** What is asked behind texts is answered behind them. */
  #waitForPosts(): boolean {
    this.link.putBack()
    this.link.wait()
    return false
  }

  /** Who floods is read more slowly. */
  #hold(milliseconds: number): boolean {
    this.link.putBack()
    this.#waiting = setTimeout(() => {
      this.#waiting = undefined
      this.pump()
    }, milliseconds)
    return false
  }

  #obey(message: Message): void {
    const done = obey(this, message)
    if (!done) return
    this.#working = true
    void done.then(() => {
      this.#working = false
      this.pump()
    })
  }

  // --- coming in -----------------------------------------------------------------------------------------

  /** When it has said all that is asked of it, it is welcomed. */
  async register(to: Reply): Promise<void> {
    const { nick, user, pass } = this.asked
    if (this.isRegistered || this.isNegotiating || nick === undefined || user === undefined) return
    if (this.sasl !== undefined) {
      this.sasl = undefined
      to.numeric('ERR_SASLABORTED')
    }
    if (!this.admitted && pass !== undefined && !(await this.#admitBy(pass, to))) return
    this.isRegistered = true
    this.#alive.registered()
    if (this.admitted) await this.#enterFirst(this.admitted, to)
    else welcome(this, to)
  }

  /** Who was disabled meanwhile, or has another password by now, does not stay. */
  async #enterFirst(admitted: Admitted, to: Reply): Promise<void> {
    try {
      await this.enter(admitted, to)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      to.numeric('ERR_PASSWDMISMATCH')
      this.close(this.refused(error))
    }
  }

  /** PASS user:password, or a password for the nick. */
  async #admitBy(pass: string, to: Reply): Promise<boolean> {
    const colon = pass.indexOf(':')
    const [user, password] =
      colon > 0 ? [pass.slice(0, colon), pass.slice(colon + 1)] : [this.asked.nick ?? '', pass]
    try {
      this.admitted = await this.parts.chat.accounts.logIn(user, password, this.link.address)
      return true
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      to.numeric('ERR_PASSWDMISMATCH')
      this.close(this.refused(error))
      return false
    }
  }

  /** As whoever has been admitted; welcomed under their name. */
  async enter(admitted: Admitted, to: Reply): Promise<void> {
    const before = this.name
    const { chat } = this.parts
    const { session, seated } = await chat.attendance.enter(admitted.person, this.#view(), {
      door: 'irc',
      address: this.link.address,
      by: admitted.proof,
      cursors: [],
    })
    if (this.#leaving || this.link.isClosed || session.ending) return chat.attendance.depart(session)
    this.session = session
    this.parts.channels.meet(session.person)
    if (this.isRegistered && before !== session.person.username && this.#welcomed)
      to.say(lineOf(sourceOf({ username: before }, this.host), 'NICK', [session.person.username]))
    if (!this.#welcomed) welcome(this, to)
    if (this.awayText !== '') chat.setAway(session, true) // said before it came in (pre-away)
    await this.#showRooms(seated, to)
    for (const { seat } of seated) seat.begin()
  }

  get #welcomed(): boolean {
    return this.welcomedAs !== undefined
  }

  /** Where it moves the mark itself: it is answered, not told. */
  marking: RoomId | undefined

  /** By which name; set by welcome.ts. */
  welcomedAs: string | undefined

  async #showRooms(seated: readonly Seated[], to: Reply): Promise<void> {
    const { session } = this
    if (!session) return
    const mine = await this.parts.chat.lobby.mine(session.person)
    for (const { room } of seated) await showJoined(this, room, to)
    if (this.caps.has('draft/chathistory')) return
    for (const listing of mine) {
      const head = seated.find(({ room }) => room.id === listing.id)?.head
      if (head !== undefined) await replay(this, { ...listing, head }, to)
    }
  }

  /** How it is shown what happens. */
  get shown(): Shown {
    return { shown: this.caps.shown, language: this.language, person: this.person ?? NOBODY }
  }

  #view(): View {
    return {
      subscriber: this.link.subscriber,
      // What it says is shown to it with its answer, under its label (posts.ts).
      echoes: false,
      lasts: false,
      showing: room => {
        this.parts.channels.learn(room)
        this.rooms.set(room.id, room)
        return { cohort: this.parts.channels.cohort(room, this.shown), here: true }
      },
      moved: () => this.pump(),
      failed: error => {
        this.parts.trouble(error)
        this.close(this.wording.trouble)
      },
      entered: (room, author) => {
        if (this.session) void this.#entered(room, author)
      },
      left: room => this.#left(room),
      marked: (room, seq) => void this.#marked(room, seq),
      ended: how => this.end(how),
    }
  }

  #left(room: RoomId): void {
    this.rooms.delete(room)
    this.targets.clear()
  }

  /** Whoever brings somebody in has invited them: here they are in at once. */
  async #entered(room: Room, author: Author): Promise<void> {
    if (author.id !== this.person?.id && !isPair(room))
      this.say(lineOf(sourceOf(author, this.host), 'INVITE', [this.name, this.parts.channels.nameOf(room)]))
    const own = author.id === this.person?.id ? this.#joiningTo : undefined
    this.#arriving = showJoined(this, room, own ?? new Reply(this, undefined)).catch(error =>
      this.parts.trouble(error),
    )
    await this.#arriving
  }

  /** What it is told of a room that it joins itself is the answer to that. */
  async joining(to: Reply, join: () => Promise<void>): Promise<void> {
    this.#joiningTo = to
    await join()
    await this.#arriving
    this.#joiningTo = undefined
  }

  async #marked(room: RoomId, seq: Seq): Promise<void> {
    if (!this.session || !this.caps.has('draft/read-marker') || this.marking === room) return
    await sayMark(this, room, seq).catch(error => this.parts.trouble(error))
  }

  /** It is shown everything anew: its capabilities are others now. */
  regroup(): void {
    for (const seat of this.session?.seats ?? []) {
      const room = this.rooms.get(seat.room)
      if (room) seat.feed.regroup(seat, { cohort: this.parts.channels.cohort(room, this.shown), here: true })
    }
  }

  seatIn(room: RoomId): Seat | undefined {
    return this.session?.seat(room)
  }

  /** What was posted is answered (posts.ts). */
  answered(receipt: Receipt, texts: number): void {
    this.posts.answered(receipt, texts)
    this.pump()
  }

  // --- going ---------------------------------------------------------------------------------------------

  end(how: Ending): void {
    this.close(this.wording.ended[how].replace(/^\* /, ''))
  }

  /** Says why, and ends it when what it said has been answered. */
  close(reason: string): void {
    if (this.#leaving) return
    this.#leaving = true
    this.#alive.end()
    clearTimeout(this.#waiting)
    this.gathering?.drop()
    this.#reason = reason
    this.#leaveWhenAnswered()
  }

  #reason = ''
  #gone = false

  #leaveWhenAnswered(): void {
    if (this.#gone || this.posts.count > 0) return
    this.#gone = true
    if (!this.link.isClosed) this.say(lineOf('', 'ERROR', [this.#reason]))
    this.link.end()
    const { session } = this
    this.session = undefined
    if (session) void this.#depart(session)
  }

  /** Who does not say how far they have read has read what they were shown. */
  async #depart(session: Session): Promise<void> {
    const { chat, trouble } = this.parts
    const marked = this.caps.has('draft/read-marker') ? undefined : chat.markShown(session)
    chat.attendance.depart(session)
    await marked?.catch(error => {
      if (!(error instanceof Refusal)) trouble(error) // a server that stops takes no more
    })
  }
}

const NOBODY = { id: 0, username: '*' } as unknown as Author
