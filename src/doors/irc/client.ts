// One IRC connection: reads its lines one after the other, and ties together its registration, its session, its rooms
// and its preferences.

import type { Profile, Room, RoomEvent } from '../../core/model/model.ts'
import { isAdmin } from '../../core/model/permissions.ts'
import type { Refusal, RefusalCode } from '../../core/model/refusals.ts'
import type { Receipt } from '../../core/ports/log.ts'
import type { EndReason, Session } from '../../core/sessions/sessions.ts'
import { isLanguage, type Language, languages } from '../../wording/languages.ts'
import { refusedIn, withOpening } from '../../wording/refused.ts'
import { type Cost, Flow } from '../shared/flow.ts'
import type { Viewer } from './channels.ts'
import { Multiline } from './commands/multiline.ts'
import type { IrcDeps } from './deps.ts'
import { dispatch } from './dispatch.ts'
import { Joins } from './events/joins.ts'
import { render } from './events/lines.ts'
import { linesOf, sourceOf, timeTags } from './events/tags.ts'
import { Unread } from './events/unread.ts'
import { Posts } from './posts.ts'
import { Preferences } from './preferences.ts'
import { quit } from './quit.ts'
import { Registration } from './registration.ts'
import { type Numeric, REFUSAL_OF } from './replies/numerics.ts'
import type { Recipient } from './replies/recipient.ts'
import { Reply } from './replies/reply.ts'
import { ClientRooms } from './rooms.ts'
import { Caps, knowsFail } from './wire/caps.ts'
import { KeepAlive } from './wire/keep-alive.ts'
import { type Input, LineSocket, type Transport } from './wire/line-socket.ts'
import { lineOf, type Message } from './wire/message.ts'
import { ConfirmedCursors, Pings } from './wire/pings.ts'

/** Commands that do not wait until posts have their receipts, so that a run of texts travels to the disk together. */
const BESIDE_POSTS = new Set(['PRIVMSG', 'NOTICE', 'BATCH', 'PONG'])

/** Lines that cost next to nothing: empty ones, and signs of life. */
const CHEAP = new Set(['', 'PING', 'PONG'])

export class Client implements Recipient {
  readonly deps: IrcDeps
  readonly socket: LineSocket
  readonly caps = new Caps()
  readonly registration = new Registration()
  readonly preferences = new Preferences()
  readonly rooms: ClientRooms
  readonly multiline = new Multiline()
  readonly flow: Flow
  readonly posts: Posts
  readonly joins: Joins
  readonly unread: Unread
  readonly pings: Pings
  readonly confirmed: ConfirmedCursors
  session: Session | undefined
  /** It has a session without an account. */
  isGuest = false
  /** Nobody has used the account before, or it is a guest: there is nothing that it may have missed. */
  isNew = false
  /** It has said OPER. */
  isOper = false
  /** It has said QUIT, so it has received all that it was sent. */
  hasQuit = false
  #batches = 0
  #isBusy = false
  #isClosing = false
  #reason = ''
  #isGone = false
  readonly #keepAlive: KeepAlive

  constructor(deps: IrcDeps, socket: Transport, first: Buffer) {
    this.deps = deps
    this.rooms = new ClientRooms(room => deps.channels.nameOf(room))
    this.flow = new Flow(deps.chat, { person: () => this.person, goOn: () => this.pump() })
    this.posts = new Posts(this)
    this.joins = new Joins(this)
    this.unread = new Unread(this)
    this.pings = new Pings(() => this.send(lineOf('', 'PING', [this.host])))
    this.confirmed = new ConfirmedCursors(this.pings, () => this.session?.seats ?? [])
    this.socket = new LineSocket(socket, { first, flow: this.flow })
    this.socket.inbox.handler = {
      cost: input => this.#costOf(input),
      take: input => this.#take(input),
      abandoned: () => this.close('Connection closed'),
    }
    this.#keepAlive = new KeepAlive({
      ping: () => this.pings.ping(() => {}),
      disconnect: reason => this.close(reason),
    })
    setImmediate(() => this.pump())
  }

  get host(): string {
    return this.deps.settings.host
  }

  /** The nick; * before there is one. */
  get name(): string {
    return this.session?.person.username ?? this.registration.nick ?? '*'
  }

  get person(): Profile | undefined {
    return this.session?.person
  }

  /** The person, if they have an account. */
  get account(): Profile | undefined {
    return this.isGuest ? undefined : this.session?.person
  }

  /** Whether it may use the commands of server operators. */
  get isPrivileged(): boolean {
    return this.isOper || isAdmin(this.person?.role ?? 'member')
  }

  get source(): string {
    return sourceOf({ username: this.name }, this.host)
  }

  /** The tags before a line of its own, as this client wants them. */
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

  /** The chat's own sentence, except where that speaks of something that IRC does not have. */
  refused({ code, opens }: Pick<Refusal, 'code' | 'opens'>): string {
    const own: Partial<Record<RefusalCode, string>> = this.wording.irc.refusals
    const sentence = own[code] ?? refusedIn(this.wording, this.deps.shortestPassword)[code]
    return withOpening(sentence, opens, this.wording, this.person?.zone)
  }

  textOf(numeric: Numeric): string | undefined {
    const own: Partial<Record<Numeric, string>> = this.wording.irc.numerics
    const code = REFUSAL_OF[numeric]
    return own[numeric] ?? (code && this.refused({ code }))
  }

  get isClosing(): boolean {
    return this.#isClosing
  }

  hasBatches(): boolean {
    return this.caps.has('batch')
  }

  knowsFail(command: string): boolean {
    return knowsFail(this.caps, command)
  }

  /** A reference for a batch that the server begins. */
  nextBatch(): string {
    return `h${++this.#batches}`
  }

  send(line: string): void {
    this.socket.send(line)
  }

  // --- input --------------------------------------------------------------------------------------------

  /** Handles what has come, as far as the rate limit, posts in flight and a slow peer allow. */
  pump(): void {
    this.socket.inbox.pump()
    if (this.#isClosing) this.#closeWhenAnswered()
  }

  /** A command after texts is answered after them. */
  #costOf(input: Input): Cost | 'wait' {
    if (this.#isBusy || this.#isClosing || this.flow.isFull || this.socket.isChoked) return 'wait'
    if (input === 'ended') return 'nothing'
    if (typeof input === 'string') return 'little'
    const { command } = input
    if (command !== '' && this.flow.posts > 0 && !BESIDE_POSTS.has(command)) return 'wait'
    return CHEAP.has(command) ? 'little' : 'turn'
  }

  #take(input: Input): void {
    this.#keepAlive.received()
    if (input === 'ended') this.close('Connection closed')
    else if (typeof input === 'string') this.#refuse(input)
    else if (input.command !== '') this.#run(input)
  }

  #refuse(input: 'too-long' | 'not-utf8'): void {
    const reply = new Reply(this, undefined)
    if (input === 'too-long') reply.numeric('ERR_INPUTTOOLONG')
    else reply.fail('*', 'INVALID_UTF8', this.wording.irc.notUtf8)
  }

  #run(message: Message): void {
    const done = dispatch(this, message)
    if (!done) return
    this.#isBusy = true
    void done.then(() => {
      this.#isBusy = false
      this.pump()
    })
  }

  // --- registered ---------------------------------------------------------------------------------------

  registered(): void {
    this.registration.isComplete = true
    this.#keepAlive.registered()
  }

  /** Decides how events are rendered for that person on this connection. */
  viewerFor(person: Profile): Viewer {
    return { caps: this.caps.visible, language: this.#languageOf(person), person }
  }

  /** The lines that show this client an event of a room, without their line ends; none before there is a session. */
  render(event: RoomEvent, room: Room, person = this.person): string[] {
    if (!person) return []
    return linesOf(render(event, this.deps.channels.renderContext(room, this.viewerFor(person))))
  }

  /** Moves its seats to the cohorts that fit now: its capabilities have changed, or somebody's name has. */
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

  /** Takes the receipt of its oldest posts (posts.ts). */
  answered(receipt: Receipt, texts: number): void {
    this.posts.answered(receipt, texts)
    this.pump()
  }

  // --- closing ------------------------------------------------------------------------------------------

  end(how: EndReason): void {
    this.close(this.wording.ended[how].replace(/^\* /, ''))
  }

  /** Ends the connection with ERROR as soon as its posts have their receipts. */
  close(reason: string): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#keepAlive.stop()
    this.confirmed.stop()
    this.flow.stopResting()
    this.multiline.open?.drop()
    this.#reason = reason
    this.#closeWhenAnswered()
  }

  #closeWhenAnswered(): void {
    if (this.#isGone || this.flow.posts > 0) return
    this.#isGone = true
    if (!this.socket.isClosed) this.send(lineOf('', 'ERROR', [this.#reason]))
    this.socket.end()
    const { session } = this
    this.session = undefined
    if (session) void quit(this, { session, reason: this.#reason })
  }
}
