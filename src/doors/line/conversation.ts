// After the log-in: what is typed is said in the current room, what others say is shown, and commands are run.

import type { Chat } from '../../core/chat.ts'
import type { SessionTransfer } from '../../core/cluster/messages.ts'
import type { Post } from '../../core/log/appender.ts'
import type { Seat } from '../../core/log/seat.ts'
import { type Author, GENERAL, type RoomId, type Seq } from '../../core/model/model.ts'
import { Refusal } from '../../core/model/refusals.ts'
import type { Receipt } from '../../core/ports/log.ts'
import type { Seated } from '../../core/sessions/connections.ts'
import type { Ending, Session, View } from '../../core/sessions/sessions.ts'
import type { Wording } from '../../wording/es.ts'
import type { Cost } from '../shared/flow.ts'
import { obey } from './commands/commands.ts'
import type { Place } from './commands/context.ts'
import type { Connection, Input, Line } from './connection.ts'
import { Whereabouts } from './current-room.ts'
import type { Voice, Voices } from './locale.ts'
import type { LoggedIn } from './log-in.ts'
import { Pager } from './pager.ts'
import { Paste } from './paste.ts'
import { Questions } from './questions.ts'
import type { Titles } from './rooms.ts'

/** Texts of one connection that are not yet delivered; more are not read before some are. */
const UNDELIVERED = 4096
/** Of an answer, that take about as long as other commands: lines, and UTF-16 units of them. */
const LINES_A_TURN = 128
const UNITS_A_TURN = 32 << 10
/** Typed as a command by who knows other chats. */
const LEAVING = new Set(['salir', 'exit', 'quit'])

/** One connection of somebody. */
export interface Setting {
  readonly chat: Chat
  readonly titles: Titles
  readonly voices: Voices
  readonly connection: Connection
  readonly onError: (error: unknown) => void
  /** The server's time zone. */
  readonly zone: string
  readonly person: Author
  /** Of the person's language. */
  voice: Voice
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
  readonly #questions: Questions
  /** A command is at work: what is typed behind it waits. */
  #working = false
  /** The server stops: what has arrived is said, floods or not; then this is said. */
  #hurrying = false
  #dismissal: string | undefined
  #leaving: 'said' | 'lost' | 'dismissed' | undefined
  #gone = false

  private constructor(setting: Setting, whereabouts: Whereabouts, entered: Entered) {
    const general = entered.seated.find(({ room }) => room.id === GENERAL)
    if (!general) throw new Error('somebody is not in `general`')
    this.#setting = setting
    this.#session = entered.session
    this.#general = general.seat
    this.#whereabouts = whereabouts
    this.#past = general.head
    this.#pager = new Pager(setting)
    this.#questions = new Questions(setting)
  }

  /** Welcomes who is present now, shows what was said before, then listens. */
  static async begin(setting: Setting, { person, welcome, by }: LoggedIn): Promise<Conversation> {
    const { chat, connection } = setting
    const moving = typeof by === 'string' ? undefined : by
    let conversation: Conversation | undefined
    const whereabouts = new Whereabouts(setting, moving?.room ?? GENERAL)
    const view: View = {
      subscriber: connection.subscriber,
      echoes: false,
      lasts: false,
      showing: room => whereabouts.showing(room),
      moved: () => connection.pump(),
      failed: error => conversation?.fail(error),
      entered: (room, author) => whereabouts.entered(room, author),
      asked: asked => whereabouts.asked(asked),
      left: room => whereabouts.left(room),
      marked: () => {},
      changed: () => {},
      ended: how => conversation?.end(how),
    }
    await chat.turnOf(person, () => connection.isClosed)
    const { session, seated } = await chat.connections.connect(person, view, {
      door: 'line',
      address: connection.address,
      by,
    })
    try {
      connection.person = session.person
      whereabouts.begin(seated)
      conversation = new Conversation(setting, whereabouts, { session, seated })
      await conversation.#open(welcome, { seated, moving })
      return conversation
    } catch (error) {
      chat.connections.disconnect(session)
      throw error
    }
  }

  async #open(welcome: string, { seated, moving }: Opening): Promise<void> {
    const { chat, connection, voice } = this.#setting
    // Read before: whoever has been welcomed hears all that comes.
    const unread = await this.#whereabouts.unread(this.#session)
    const asked = await chat.rooms.invitations(this.#session.person)
    connection.say(welcome)
    if (unread !== undefined) connection.say(unread)
    this.#whereabouts.welcomed(asked)
    if (moving) await this.#whereabouts.moveTo(this.#session, this.#whereabouts.room)
    const { ending } = this.#session
    if (ending) return this.end(ending) // while it began
    if (!moving && this.#general.place < this.#past) {
      if (this.#general.seen < this.#general.place)
        connection.say(voice.wording.moreUnread(`#${this.#general.place + 1}`))
      connection.say(voice.wording.past)
    }
    for (const { seat } of seated) seat.begin()
    this.#listen()
  }

  /** Resolves when the person has left, and everything they said has been answered for. */
  get left(): Promise<void> {
    return this.#left.promise
  }

  fail(error: unknown): void {
    this.#setting.onError(error)
    this.dismiss(wording => wording.trouble)
  }

  /** Says what was typed so far, says why, and ends it from our side. */
  dismiss(reason: (wording: Wording) => string): void {
    if (this.#leaving || this.#dismissal !== undefined) return
    this.#hurrying = true
    this.#setting.connection.flow.stopResting()
    this.#dismissal = reason(this.#setting.voice.wording)
    this.#questions.close()
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

  /** At once: what was typed and not yet heard is not said any more. */
  end(how: Ending): void {
    if (this.#leaving) return
    const { connection, voice } = this.#setting
    connection.say(voice.wording.ended[how])
    this.#leave('dismissed')
    connection.endSoon()
  }

  // --- listening -----------------------------------------------------------------------------------------

  #listen(): void {
    this.#setting.connection.listen({
      cost: input => this.#costOf(input),
      take: input => this.#take(input),
      held: () => this.#held(),
    })
  }

  #costOf(input: Input): Cost | 'wait' {
    const { connection } = this.#setting
    if (this.#questions.open) return 'nothing'
    if (this.#working || (this.#general.place < this.#past && !connection.isClosed)) return 'wait'
    if (typeof input === 'string' || this.#leaves(input)) return 'nothing'
    if (this.#paste) return this.#paste.ends(input.line) ? this.#turn() : 'nothing'
    if (input.line.trim() === '') return 'little'
    // What was said before a command has been answered.
    return isCommand(input.line) && connection.flow.posts > 0 ? 'wait' : this.#turn()
  }

  /** Everybody's turn comes. */
  #turn(): Cost | 'wait' {
    if (this.#hurrying) return 'nothing'
    const { flow } = this.#setting.connection
    return flow.isFull || flow.posts + this.#session.undelivered >= UNDELIVERED ? 'wait' : 'turn'
  }

  #leaves({ line }: Line): boolean {
    return !this.#paste && this.#setting.voice.wording.leaveWords.includes(line.trim())
  }

  #take(input: Input): void {
    if (this.#questions.open) {
      this.#questions.hear(input)
      if (input !== 'ended') return
    }
    if (input === 'ended') return this.#leave('lost')
    if (input === 'too-long') return this.#setting.connection.say(this.#setting.voice.wording.longLine)
    this.#hear(input)
  }

  #hear(input: Line): void {
    const { line } = input
    if (this.#paste) this.#gather(line, this.#paste)
    else if (this.#leaves(input)) this.#leave('said')
    else if (line.startsWith('//')) this.#say(line.slice(1))
    else if (isCommand(line)) this.#obey(line.slice(1))
    else if (line.trim() !== '') this.#say(line)
  }

  /** Nothing is lost, but for what somebody leaves behind who resets the connection. */
  #held(): void {
    if (this.#setting.connection.isClosed) this.#leave('lost')
  }

  /** Lines of one text, for the room that was written to when it began. */
  #gather(line: string, paste: Paste): void {
    if (!paste.ends(line)) return paste.add(line)
    this.#paste = undefined
    if (paste.tooLong) this.#setting.connection.say(this.#setting.voice.refused['long-text'])
    else if (paste.text.trim() !== '') this.#post(paste.room, { text: paste.text })
  }

  #say(text: string): void {
    this.#post(this.#whereabouts.room.id, { text })
  }

  #post(room: RoomId, post: Post): void {
    const { chat, connection, voice } = this.#setting
    if (this.#leaving) return
    const seat = this.#session.seat(room)
    if (!seat) return connection.say(voice.refused['not-a-member'])
    try {
      const { format } = connection
      chat.post(seat, format === 'plain' ? post : { ...post, format }, this.#answered)
      connection.flow.posted(post.text.length)
    } catch (error) {
      this.#refuse(error)
    }
  }

  readonly #answered = (receipt: Receipt, texts: number): void => {
    const { connection, voice } = this.#setting
    connection.flow.answered(texts)
    if ('refused' in receipt) for (let i = 0; i < texts; i++) connection.say(voice.refused[receipt.refused])
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
    this.#setting.connection.say(this.#setting.voice.refused[error.code])
  }

  // --- commands ------------------------------------------------------------------------------------------

  /** What is typed behind it waits until it is done. */
  #obey(line: string): void {
    const [word = ''] = line.split(/\s/, 1)
    if (LEAVING.has(word.toLowerCase())) {
      this.#leave('said')
      return
    }
    this.#working = true
    obey(line, this.#place())
      .catch(error => this.#refuse(error))
      .then(() => this.#setting.chat.markShown(this.#session)) // whoever types has read what is there
      .catch(error => {
        if (error instanceof Refusal) return // that is not what was asked for
        this.#setting.onError(error)
        this.#setting.connection.say(this.#setting.voice.wording.trouble)
      })
      .finally(() => {
        this.#working = false
        this.#goOn()
      })
  }

  #place(): Place {
    const { chat, voice, zone } = this.#setting
    const session = this.#session
    return {
      chat,
      session,
      person: session.person,
      wording: voice.wording,
      zone: session.person.zone || zone,
      room: this.#whereabouts.room,
      address: this.#setting.connection.address,
      say: lines => {
        chat.charge(session.person, costOf(lines))
        this.#pager.say(lines)
      },
      more: () => this.#pager.more(),
      another: () => this.#pager.clear(),
      afterwards: next => this.#pager.afterwards(next),
      moveTo: room => this.#whereabouts.moveTo(session, room),
      goHome: () => this.#whereabouts.goHome(session),
      format: this.#setting.connection.format,
      post: (room, post) => this.#post(room, post),
      paste: () => {
        this.#paste = new Paste(this.#whereabouts.room.id)
      },
      askHidden: question => this.#questions.askHidden(question),
      speak: language => this.#speak(language),
    }
  }

  #speak(language: string): void {
    this.#setting.voice = this.#setting.voices.in(language)
    this.#whereabouts.respeak(this.#session)
    this.#setting.connection.say(this.#setting.voice.wording.spoken)
  }

  // --- leaving -------------------------------------------------------------------------------------------

  #leave(how: 'said' | 'lost' | 'dismissed'): void {
    if (this.#leaving) return
    this.#leaving = how
    this.#questions.close()
    this.#setting.connection.stop()
    this.#leaveWhenAnswered()
  }

  #leaveWhenAnswered(): void {
    if (this.#setting.connection.flow.posts > 0 || this.#working || this.#gone) return
    this.#gone = true
    void this.#goodbye()
  }

  async #goodbye(): Promise<void> {
    const { chat, connection, voice, onError } = this.#setting
    if (this.#leaving === 'said') await chat.markShown(this.#session).catch(onError)
    if (this.#leaving !== 'dismissed') connection.say(voice.wording.left(this.#session.person.username))
    if (this.#leaving === 'said') chat.connections.logOut(this.#session)
    else chat.connections.disconnect(this.#session)
    connection.end()
    this.#left.resolve()
  }
}

/** Turns, besides the one that each command takes. */
function costOf(lines: readonly string[]): number {
  const units = lines.reduce((sum, { length }) => sum + length, 0)
  return Math.floor(lines.length / LINES_A_TURN + units / UNITS_A_TURN)
}

/** A line that begins with a slash and a word. */
function isCommand(line: string): boolean {
  return /^\/[\p{L}?]/u.test(line)
}

interface Opening {
  readonly seated: readonly Seated[]
  /** Who comes from elsewhere. */
  readonly moving: SessionTransfer | undefined
}

interface Entered {
  readonly session: Session
  readonly seated: readonly Seated[]
}
