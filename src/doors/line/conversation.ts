// A connection after the log-in: typed lines are posted to the current room, events are shown, commands are run.

import type { Chat } from '../../core/chat.ts'
import type { SessionTransfer } from '../../core/cluster/cluster-messages.ts'
import type { Post } from '../../core/log/appender.ts'
import type { Seat } from '../../core/log/seat.ts'
import { type Author, GENERAL, type RoomId, type Seq } from '../../core/model/model.ts'
import type { RoomSeat } from '../../core/sessions/seating.ts'
import type { EndReason, Session, View } from '../../core/sessions/sessions.ts'
import { shortened } from '../../wire/graphemes.ts'
import { printableLine } from '../../wire/printable.ts'
import type { Wording } from '../../wording/es.ts'
import type { Cost } from '../shared/flow.ts'
import { reportNewsIn } from './commands/reports.ts'
import { CommandRunner } from './commands/runner.ts'
import type { Connection, Input, Line } from './connection.ts'
import { CurrentRoom } from './current-room.ts'
import type { Locale, Locales } from './locale.ts'
import type { LoggedIn } from './log-in.ts'
import { Posts } from './posts.ts'
import { Questions } from './questions.ts'
import type { RoomTitles } from './rooms.ts'

/** The most posts of one connection that have no receipt yet or have not come back by the feed; beyond it, input waits. */
const UNDELIVERED = 4096
/** Interval at which a server that stops looks whether a peer takes its answers. */
const DEAF_MS = 2_000
/** Code points of a line that is quoted. */
const LONGEST_EXCERPT = 40
/** Commands of other chats that also leave this one. */
const LEAVING = new Set(['salir', 'exit', 'quit'])

/** What a line is to be: a line of a text of several lines or its end, the goodbye, a command, or a message. */
type LineKind = 'gathered' | 'paste-end' | 'empty' | 'leaving' | 'command' | 'post'

/** What the parts of a conversation share. */
export interface ConversationDeps {
  readonly chat: Chat
  readonly titles: RoomTitles
  readonly locales: Locales
  readonly connection: Connection
  readonly onError: (error: unknown) => void
  /** The server's time zone. */
  readonly zone: string
  /** Where others reach the web door (LinkContext). */
  readonly webUrl: () => string
  readonly person: Author
  /** The locale of the person's language; changes with /idioma. */
  locale: Locale
}

export class Conversation {
  readonly #deps: ConversationDeps
  readonly #session: Session
  readonly #general: Seat
  readonly #left = Promise.withResolvers<void>()
  /** The last seq of the history in `general`: input is handled after it has been shown. */
  readonly #past: Seq
  readonly #currentRoom: CurrentRoom
  readonly #commands: CommandRunner
  readonly #posts: Posts
  readonly #questions: Questions
  /**
   * The server stops: input that has arrived is handled at once, as far as the person may owe it to their rate limit, then
   * the dismissal is said.
   */
  #hurrying = false
  /** More has arrived than may be handled while the server stops: the rest is dropped. */
  #isCutShort = false
  #dismissal: string | undefined
  #leaving: 'asked' | 'lost' | 'dismissed' | undefined
  #gone = false

  private constructor(
    deps: ConversationDeps,
    currentRoom: CurrentRoom,
    { session, seats }: { session: Session; seats: readonly RoomSeat[] },
  ) {
    const general = seats.find(({ room }) => room.id === GENERAL)
    if (!general) throw new Error('somebody is not in `general`')
    this.#deps = deps
    this.#session = session
    this.#general = general.seat
    this.#currentRoom = currentRoom
    this.#past = general.head
    this.#questions = new Questions(deps)
    this.#posts = new Posts(deps, session, () => this.#goOn())
    this.#commands = new CommandRunner(deps, {
      session,
      currentRoom,
      questions: this.#questions,
      post: (room, post) => this.#post(room, post),
      startPaste: room => this.#posts.startPaste(room),
      goOn: () => this.#goOn(),
    })
  }

  /** Connects the person, welcomes them, shows the history, then handles input. Refuses what `connect` refuses. */
  static async begin(deps: ConversationDeps, { person, welcome, by }: LoggedIn): Promise<Conversation> {
    const { chat, connection } = deps
    const transfer = typeof by === 'string' ? undefined : by
    let conversation: Conversation | undefined
    const currentRoom = new CurrentRoom(deps, transfer?.room ?? GENERAL)
    const view: View = {
      subscriber: connection.subscriber,
      echoes: false,
      lasts: false,
      displayOf: room => currentRoom.displayOf(room),
      progressed: () => connection.pump(),
      failed: error => conversation?.fail(error),
      joined: (room, author) => currentRoom.joined(room, author),
      invited: invitation => currentRoom.invited(invitation),
      left: room => currentRoom.left(room),
      readMarkMoved: () => {},
      changed: reportNewsIn(deps),
      ...currentRoom.putOff(person),
      ended: how => conversation?.end(how),
    }
    await chat.waitForThrottle(person, () => connection.isClosed)
    const { session, seats } = await chat.connections.connect(person, view, {
      door: 'line',
      address: connection.address,
      credential: by,
    })
    try {
      connection.person = session.person
      currentRoom.begin(seats)
      conversation = new Conversation(deps, currentRoom, { session, seats })
      await conversation.#open(welcome, { seats, transfer })
      return conversation
    } catch (error) {
      chat.connections.disconnect(session)
      throw error
    }
  }

  async #open(
    welcome: string,
    { seats, transfer }: { seats: readonly RoomSeat[]; transfer: SessionTransfer | undefined },
  ): Promise<void> {
    const { connection, locale } = this.#deps
    // Read first: after the welcome nothing that happens may be missed.
    const unread = await this.#currentRoom.unread(this.#session)
    const notices = await this.#currentRoom.storedNotices(this.#session.person)
    connection.say(welcome)
    if (unread !== undefined) connection.say(unread)
    this.#currentRoom.flushNotices(...notices)
    if (transfer) await this.#currentRoom.switchTo(this.#session, this.#currentRoom.room)
    const { endReason } = this.#session
    if (endReason) return this.end(endReason) // the session was ended meanwhile
    if (!transfer && this.#general.lastShown < this.#past) {
      if (this.#general.seen < this.#general.lastShown)
        connection.say(locale.wording.moreUnread(`#${this.#general.lastShown + 1}`))
      connection.say(locale.wording.past)
    }
    for (const { seat } of seats) seat.begin()
    this.#listen()
  }

  /** Resolves when the person has left and all their posts have receipts. */
  get left(): Promise<void> {
    return this.#left.promise
  }

  fail(error: unknown): void {
    this.#deps.onError(error)
    this.dismiss(wording => wording.internalError)
  }

  /** Handles what was typed so far, says the reason, and closes the connection. */
  dismiss(reason: (wording: Wording) => string): void {
    if (this.#leaving || this.#dismissal !== undefined) return
    this.#hurrying = true
    this.#deps.connection.flow.stopResting()
    this.#dismissal = reason(this.#deps.locale.wording)
    this.#questions.close()
    const looking = setInterval(() => this.#dropUnanswerable(), DEAF_MS)
    void this.left.finally(() => clearInterval(looking))
    this.#deps.connection.pump()
    this.#dismissWhenHeard()
  }

  /** The server does not wait for a peer that takes none of its answers: what it has typed behind them is dropped. */
  #dropUnanswerable(): void {
    const { connection } = this.#deps
    if (!connection.isChoked) return
    connection.dropInputs()
    this.#dismissWhenHeard()
  }

  /** Waits for commands that are still running. */
  #dismissWhenHeard(): void {
    const { connection } = this.#deps
    if (this.#dismissal === undefined || this.#leaving || this.#commands.isRunning || connection.hasInputs)
      return
    this.#sayUnposted()
    connection.say(this.#dismissal)
    this.#leave('dismissed')
  }

  /** Closes the connection at once: input that waits is dropped. */
  end(how: EndReason): void {
    if (this.#leaving) return
    const { connection, locale } = this.#deps
    this.#sayUnposted()
    connection.say(locale.wording.ended[how])
    this.#leave('dismissed')
    connection.endSoon()
  }

  // --- input ---------------------------------------------------------------------------------------------

  #listen(): void {
    this.#deps.connection.listen({
      cost: input => this.#costOf(input),
      take: input => this.#take(input),
      abandoned: () => this.#leave('lost'),
    })
  }

  #costOf(input: Input): Cost | 'wait' {
    const { connection } = this.#deps
    if (this.#questions.open) return 'nothing'
    if (this.#commands.isRunning || (this.#general.lastShown < this.#past && !connection.isClosed))
      return 'wait'
    if (typeof input === 'string') return 'nothing'
    const kind = this.#kindOf(input)
    if (kind === 'leaving') return 'nothing'
    if (kind === 'gathered' || kind === 'empty') return this.#hurrying ? 'nothing' : 'little'
    // Commands run after the posts before them have receipts.
    return kind === 'command' && connection.flow.posts > 0 ? 'wait' : this.#costOfPost()
  }

  /** The cost of a post or a command. */
  #costOfPost(): Cost | 'wait' {
    if (this.#hurrying) return 'nothing'
    const { flow } = this.#deps.connection
    return flow.isFull || flow.posts + this.#session.undelivered >= UNDELIVERED ? 'wait' : 'turn'
  }

  #kindOf({ line }: Line): LineKind {
    if (this.#posts.arePasted) return this.#posts.endsPaste(line) ? 'paste-end' : 'gathered'
    const text = line.trim()
    if (text === '') return 'empty'
    if (this.#deps.locale.wording.leaveWords.includes(text)) return 'leaving'
    return isCommand(line) ? 'command' : 'post'
  }

  #take(input: Input): void {
    if (this.#questions.open) {
      this.#questions.hear(input)
      if (input !== 'ended') return
    }
    if (input === 'ended') {
      this.#sayUnposted()
      return this.#leave('lost')
    }
    if (input === 'too-long') return this.#deps.connection.say(this.#deps.locale.wording.longLine)
    this.#hear(input)
  }

  #hear(input: Line): void {
    if (this.#isCutShort) return
    const { line } = input
    const kind = this.#kindOf(input)
    if (this.#hurrying && isCharged(kind) && !this.#deps.chat.borrow(this.#session.person))
      return this.#cutShort(line)
    if (kind === 'gathered' || kind === 'paste-end') this.#posts.gather(line)
    else if (kind === 'leaving') this.#leave('asked')
    else if (kind === 'command') this.#runCommand(line.slice(1))
    else if (kind === 'post') this.#say(line.startsWith('//') ? line.slice(1) : line)
  }

  /** Drops the input from this line on, which is more than may be handled while the server stops, and says so. */
  #cutShort(line: string): void {
    const { connection, locale } = this.#deps
    this.#isCutShort = true
    connection.dropInputs()
    connection.say(locale.wording.cutShort(excerptOf(this.#posts.dropPaste() || line)))
  }

  /** Says that a pasted text without its end is not posted. */
  #sayUnposted(): void {
    const { connection, locale } = this.#deps
    const first = this.#posts.dropPaste()
    if (first !== '') connection.say(locale.wording.pasteUnended(excerptOf(first)))
  }

  #runCommand(line: string): void {
    const [word = ''] = line.split(/\s/, 1)
    if (LEAVING.has(word.toLowerCase())) this.#leave('asked')
    else this.#commands.run(line)
  }

  #say(text: string): void {
    this.#post(this.#currentRoom.room.id, { text })
  }

  #post(room: RoomId, post: Post): void {
    if (!this.#leaving) this.#posts.post(room, post)
  }

  /** Goes on after a receipt or a command: handles the input after it. */
  #goOn(): void {
    if (this.#leaving) return this.#leaveWhenAnswered()
    this.#deps.connection.pump()
    this.#dismissWhenHeard()
  }

  // --- leaving -------------------------------------------------------------------------------------------

  #leave(how: 'asked' | 'lost' | 'dismissed'): void {
    if (this.#leaving) return
    this.#leaving = how
    this.#questions.close()
    this.#deps.connection.stop()
    this.#leaveWhenAnswered()
  }

  #leaveWhenAnswered(): void {
    if (this.#deps.connection.flow.posts > 0 || this.#commands.isRunning || this.#gone) return
    this.#gone = true
    void this.#goodbye()
  }

  async #goodbye(): Promise<void> {
    const { chat, connection, locale, onError } = this.#deps
    if (this.#leaving === 'asked') await chat.readMarks.moveToShown(this.#session).catch(onError)
    if (this.#leaving !== 'dismissed') connection.say(locale.wording.left(this.#session.person.username))
    if (this.#leaving === 'asked') chat.connections.logOut(this.#session)
    else chat.connections.disconnect(this.#session)
    connection.end()
    this.#left.resolve()
  }
}

/** Whether a line of this kind counts for the rate limit of posts and commands. */
function isCharged(kind: LineKind): boolean {
  return kind === 'post' || kind === 'paste-end' || kind === 'command'
}

/** The first words of a line, by which its author knows it again. */
function excerptOf(line: string): string {
  return printableLine(shortened(line, LONGEST_EXCERPT))
}

/** Whether a line begins with a slash and a letter, or /?. */
function isCommand(line: string): boolean {
  return line.startsWith('/') && /^\/[\p{L}?]/u.test(line)
}
