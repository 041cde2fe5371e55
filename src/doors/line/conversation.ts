// After the log-in: what is typed is said in the current room, what others say is shown, and commands are run.

import type { Chat, Seated } from '../../core/chat.ts'
import { type Author, GENERAL, type Room, type RoomId, type Seq } from '../../core/model.ts'
import type { Receipt } from '../../core/ports.ts'
import { Refusal } from '../../core/refusals.ts'
import type { Seat } from '../../core/seat.ts'
import type { Session, View } from '../../core/sessions.ts'
import { printableLine } from '../../wire/printable.ts'
import type { Wording } from '../../wording/es.ts'
import { argumentsOf, commandCalled, commands, type Place, suggested, usage } from './commands.ts'
import type { Connection, Input } from './connection.ts'
import type { LoggedIn } from './dialogue.ts'
import { Pager } from './pager.ts'
import { Paste } from './paste.ts'
import type { Refused } from './refused.ts'
import type { ShownRooms } from './rooms.ts'
import { Whereabouts } from './whereabouts.ts'

/** Texts of one connection that are not yet delivered; more are not read before some are. */
const UNDELIVERED = 4096
/** The same in UTF-16 units, for those on their way to the disk. */
const UNANSWERED = 256 << 10
/** Typed as a command by who knows other chats. */
const LEAVING = new Set(['salir', 'exit', 'quit'])

/** Of a word that is no command, in UTF-16 units. */
const LONGEST_ECHO = 40

export interface Setting {
  readonly chat: Chat
  readonly wording: Wording
  readonly refused: Refused
  readonly rooms: ShownRooms
  readonly connection: Connection
  readonly trouble: (error: unknown) => void
}

export class Conversation {
  readonly #setting: Setting
  readonly #session: Session
  readonly #general: Seat
  readonly #left = Promise.withResolvers<void>()
  /** Where the past ends: what is typed is looked at when it has been shown. */
  readonly #past: Seq
  readonly #whereabouts: Whereabouts
  readonly #pager: Pager
  #paste: Paste | undefined
  /** A command is at work: what is typed behind it waits. */
  #working = false
  /** The server stops: what has arrived is said, floods or not; then this is said. */
  #hurrying = false
  #dismissal: string | undefined
  #unanswered = 0
  #unansweredLength = 0
  #waiting: NodeJS.Timeout | undefined
  #leaving: 'said' | 'lost' | 'dismissed' | undefined
  #gone = false

  private constructor(setting: Setting, session: Session, seated: readonly Seated[]) {
    const general = seated.find(({ room }) => room.id === GENERAL)
    if (!general) throw new Error('somebody is not in `general`')
    this.#setting = setting
    this.#session = session
    this.#general = general.seat
    this.#whereabouts = new Whereabouts(setting, session, general.room)
    this.#past = general.head
    this.#pager = new Pager(setting.connection, setting.wording)
  }

  /** Welcomes who is present now, shows what was said before, then listens. */
  static async begin(setting: Setting, { person, welcome }: LoggedIn): Promise<Conversation> {
    const { chat, connection, wording, rooms } = setting
    let conversation: Conversation | undefined
    const view: View = {
      subscriber: connection.subscriber,
      cohort: room => (room.id === GENERAL ? rooms.of(room).here : rooms.of(room).elsewhere),
      moved: () => connection.pump(),
      failed: error => conversation?.fail(error),
      entered: (room, author) => conversation?.entered(room, author),
      left: room => conversation?.hasLeft(room),
    }
    const { session, seated } = await chat.enter(person, view)
    conversation = new Conversation(setting, session, seated)
    connection.say(welcome)
    try {
      await conversation.#whereabouts.sayUnread()
    } catch (error) {
      chat.depart(session)
      throw error
    }
    if (conversation.#general.seen < conversation.#past) connection.say(wording.past)
    for (const { seat } of seated) seat.begin()
    conversation.#listen()
    return conversation
  }

  /** Resolves when the person has left, and everything they said has been answered for. */
  get left(): Promise<void> {
    return this.#left.promise
  }

  fail(error: unknown): void {
    this.#setting.trouble(error)
    this.dismiss(this.#setting.wording.trouble)
  }

  /** Says what was typed so far, says why, and ends it from our side. */
  dismiss(reason: string): void {
    if (this.#leaving || this.#dismissal !== undefined) return
    this.#hurrying = true
    this.#dismissal = reason
    this.#setting.connection.pump()
    this.#dismissWhenHeard()
  }

  /** Commands that were typed take their time. */
  #dismissWhenHeard(): void {
    const { connection } = this.#setting
    if (this.#dismissal === undefined || this.#leaving || this.#working || connection.hasInputs) return
    connection.say(this.#dismissal)
    this.#leave('dismissed')
  }

  entered(room: Room, author: Author): void {
    this.#whereabouts.entered(room, author)
  }

  hasLeft(room: RoomId): void {
    this.#whereabouts.left(room)
  }

  // --- listening -----------------------------------------------------------------------------------------

  #listen(): void {
    this.#setting.connection.listen(input => this.#hear(input))
  }

  #hear(input: Input): boolean {
    const { connection, wording } = this.#setting
    if (this.#working) return false
    if (this.#general.seen < this.#past && !connection.isClosed) return false
    if (input === 'ended') this.#leave('lost')
    else if (input === 'too-long') connection.say(wording.longLine)
    else if (this.#paste) return this.#gather(input.line, this.#paste)
    else if (wording.leaveWords.includes(input.line.trim())) this.#leave('said')
    else if (input.line.startsWith('//')) return this.#say(input.line.slice(1))
    else if (/^\/[\p{L}?]/u.test(input.line)) return this.#obey(input.line.slice(1))
    else if (input.line.trim() !== '') return this.#say(input.line)
    return true
  }

  /** Lines of one text, for the room that was written to when it began. */
  #gather(line: string, paste: Paste): boolean {
    if (!paste.ends(line)) {
      paste.add(line)
      return true
    }
    if (!this.#mayGoOn()) return false
    this.#paste = undefined
    if (paste.tooLong) this.#setting.connection.say(this.#setting.refused['long-text'])
    else if (paste.text.trim() !== '') this.#post(paste.room, paste.text)
    return true
  }

  #say(text: string): boolean {
    if (!this.#mayGoOn()) return false
    this.#post(this.#whereabouts.room.id, text)
    return true
  }

  /** Everybody's turn comes; who floods is read more slowly. */
  #mayGoOn(): boolean {
    if (this.#hurrying) return true
    if (this.#unanswered + this.#session.undelivered >= UNDELIVERED || this.#unansweredLength >= UNANSWERED)
      return false
    const wait = this.#setting.chat.takeTurn(this.#session.person)
    return wait === 0 || this.#hold(wait)
  }

  /** Nothing is lost, but for what somebody leaves behind who resets the connection. */
  #hold(milliseconds: number): boolean {
    if (this.#setting.connection.isClosed) {
      this.#leave('lost')
      return true
    }
    this.#waiting ??= setTimeout(() => {
      this.#waiting = undefined
      this.#setting.connection.pump()
    }, milliseconds)
    return false
  }

  #post(room: RoomId, text: string, reply?: Seq): void {
    const { chat, connection, refused } = this.#setting
    if (this.#leaving) return
    const seat = this.#session.seat(room)
    if (!seat) return connection.say(refused['not-a-member'])
    try {
      if (reply === undefined) chat.post(seat, text, this.#answered)
      else chat.reply(seat, reply, text, this.#answered)
      this.#unanswered++
      this.#unansweredLength += text.length
    } catch (error) {
      this.#refuse(error)
    }
  }

  readonly #answered = (receipt: Receipt, texts: number): void => {
    const { connection, refused } = this.#setting
    const left = this.#unanswered - texts
    this.#unansweredLength *= left / this.#unanswered // as if all were of one length
    this.#unanswered = left
    if ('refused' in receipt) for (let i = 0; i < texts; i++) connection.say(refused[receipt.refused])
    this.#goOn()
  }

  /** Something was answered or done: what was typed behind it is heard now. */
  #goOn(): void {
    if (this.#leaving) return this.#leaveWhenAnswered()
    this.#setting.connection.pump()
    this.#dismissWhenHeard()
  }

  #refuse(error: unknown): void {
    if (!(error instanceof Refusal)) throw error
    this.#setting.connection.say(this.#setting.refused[error.code])
  }

  // --- commands ------------------------------------------------------------------------------------------

  /** What was said before it has been answered; what is typed behind it waits until it is done. */
  #obey(line: string): boolean {
    if (this.#unanswered > 0 || !this.#mayGoOn()) return false
    if (this.#leaving) return true
    this.#working = true
    this.#command(line)
      .catch(error => this.#refuse(error))
      .catch(error => {
        this.#setting.trouble(error)
        this.#setting.connection.say(this.#setting.wording.trouble)
      })
      .finally(() => {
        this.#working = false
        this.#goOn()
      })
    return true
  }

  async #command(line: string): Promise<void> {
    const { wording, connection } = this.#setting
    const [word = ''] = line.split(/\s/, 1)
    const name = commandCalled(word === '?' ? 'help' : word)
    if (LEAVING.has(word.toLowerCase())) return this.#leave('said')
    if (!name) {
      const near = suggested(word, wording)
      const typed = printableLine(word.slice(0, LONGEST_ECHO))
      connection.say(near ? wording.didYouMean(typed, near) : wording.unknownCommand(typed))
      return
    }
    const command = commands[name]
    const args = argumentsOf(command, line.slice(word.length))
    if (args.length < command.least) return connection.say(wording.usage(usage(name, wording)))
    if (name !== 'more') this.#pager.clear()
    await command.run(this.#place(), args)
  }

  #place(): Place {
    const { chat, wording } = this.#setting
    return {
      chat,
      wording,
      person: this.#session.person,
      room: this.#whereabouts.room,
      say: lines => this.#pager.say(lines),
      more: () => this.#pager.more(),
      afterwards: next => this.#pager.afterwards(next),
      moveTo: room => this.#whereabouts.moveTo(room),
      markRead: () => this.#setting.chat.markRead(this.#session),
      goHome: () => this.#whereabouts.goHome(),
      post: (room, text) => this.#post(room, text),
      reply: (to, text) => this.#post(this.#whereabouts.room.id, text, to),
      paste: () => {
        this.#paste = new Paste(this.#whereabouts.room.id)
      },
    }
  }

  // --- leaving -------------------------------------------------------------------------------------------

  #leave(how: 'said' | 'lost' | 'dismissed'): void {
    if (this.#leaving) return
    this.#leaving = how
    clearTimeout(this.#waiting)
    this.#setting.connection.stop()
    this.#leaveWhenAnswered()
  }

  #leaveWhenAnswered(): void {
    if (this.#unanswered > 0 || this.#working || this.#gone) return
    this.#gone = true
    void this.#goodbye()
  }

  async #goodbye(): Promise<void> {
    const { chat, connection, wording, trouble } = this.#setting
    if (this.#leaving === 'said') await chat.markRead(this.#session).catch(trouble)
    if (this.#leaving !== 'dismissed') connection.say(wording.left(this.#session.person.username))
    chat.depart(this.#session)
    connection.end()
    this.#left.resolve()
  }
}
