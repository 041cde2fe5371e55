// After the log-in: what is typed is said in the current room, what others say is shown, and commands are run.

import type { Chat, Entrance } from '../../core/chat.ts'
import { GENERAL, type Message, type Room, type RoomId, type Seq } from '../../core/model.ts'
import type { Listing, Receipt } from '../../core/ports.ts'
import { Refusal } from '../../core/refusals.ts'
import type { Seat } from '../../core/seat.ts'
import type { Session, View } from '../../core/sessions.ts'
import type { Wording } from '../../wording/es.ts'
import { argumentsOf, commandCalled, commands, counted, nearest, type Place, usage } from './commands.ts'
import type { Connection, Input } from './connection.ts'
import type { LoggedIn } from './dialogue.ts'
import { Pager } from './pager.ts'
import type { Refused } from './refused.ts'
import type { ShownRooms } from './rooms.ts'
import { message } from './show.ts'

/** Texts of one connection that are not yet delivered; more are not read before some are. */
const UNDELIVERED = 4096
/** The same in UTF-16 units, for those on their way to the disk; and for a text that is being pasted. */
const UNANSWERED = 256 << 10
/** Of another room, when somebody goes there. */
const MOST_MISSED = 200
const PASTE_ENDS = '.'

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
  readonly #home: Room
  readonly #left = Promise.withResolvers<void>()
  /** Where the past ends: what is typed is looked at when it has been shown. */
  readonly #past: Seq
  /** The room that is written to. */
  #room: Room
  /** What was said in other rooms before this connection, and not read: shown to who goes there. */
  readonly #missed = new Map<RoomId, Listing>()
  readonly #pager: Pager
  #pasted: string[] | undefined
  /** A command is at work: what is typed behind it waits. */
  #working = false
  /** The server stops: what has arrived is said, floods or not. */
  #hurrying = false
  #unanswered = 0
  #unansweredLength = 0
  #waiting: NodeJS.Timeout | undefined
  #leaving: 'said' | 'lost' | 'dismissed' | undefined

  private constructor(setting: Setting, session: Session, entrances: readonly Entrance[]) {
    const general = entrances.find(({ room }) => room.id === GENERAL)
    if (!general) throw new Error('somebody is not in `general`')
    this.#setting = setting
    this.#session = session
    this.#general = general.seat
    this.#home = this.#room = general.room
    this.#past = general.head
    this.#pager = new Pager(setting.connection, setting.wording)
    for (const { room } of entrances)
      if (room.id !== GENERAL && room.unread > 0) this.#missed.set(room.id, room)
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
      entered: () => {},
      left: room => conversation?.isOut(room),
    }
    const { session, entrances } = await chat.enter(person, view)
    conversation = new Conversation(setting, session, entrances)
    connection.say(welcome)
    conversation.#sayUnread()
    if (conversation.#general.seen < conversation.#past) connection.say(wording.past)
    for (const { seat } of entrances) seat.begin()
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
    if (this.#leaving) return
    this.#hurrying = true
    this.#setting.connection.pump()
    this.#setting.connection.say(reason)
    this.#leave('dismissed')
  }

  #sayUnread(): void {
    if (this.#missed.size === 0) return
    const { wording, connection, rooms } = this.#setting
    const each = [...this.#missed.values()].map(room => {
      const label = room.kind === 'direct' ? `@${room.name}` : rooms.label(room)
      return wording.unreadIn(label, counted(room.unread), counted(room.mentions))
    })
    connection.say(wording.unread(each.join(', ')))
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
    else if (this.#pasted) return this.#gather(input.line, this.#pasted)
    else if (wording.leaveWords.includes(input.line.trim())) this.#leave('said')
    else if (input.line.startsWith('//')) return this.#say(input.line.slice(1))
    else if (/^\/[\p{L}?]/u.test(input.line)) return this.#obey(input.line.slice(1))
    else if (input.line.trim() !== '') return this.#say(input.line)
    return true
  }

  /** Lines of one text, up to a dot. */
  #gather(line: string, pasted: string[]): boolean {
    const length = pasted.reduce((sum, each) => sum + each.length, line.length)
    if (line !== PASTE_ENDS && length <= UNANSWERED) {
      pasted.push(line)
      return true
    }
    const text = pasted.join('\n')
    if (text.trim() !== '' && !this.#say(text)) return false
    this.#pasted = undefined
    return true
  }

  #say(text: string): boolean {
    if (!this.#mayGoOn()) return false
    this.#post(this.#room.id, text)
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
    if (this.#leaving) this.#leaveWhenAnswered()
    else connection.pump()
  }

  #refuse(error: unknown): void {
    if (!(error instanceof Refusal)) throw error
    this.#setting.connection.say(this.#setting.refused[error.code])
  }

  // --- commands ------------------------------------------------------------------------------------------

  /** What was said before it has been answered; what is typed behind it waits until it is done. */
  #obey(line: string): boolean {
    if (this.#unanswered > 0 || !this.#mayGoOn()) return false
    this.#working = true
    this.#command(line)
      .catch(error => this.#refuse(error))
      .catch(error => {
        this.#setting.trouble(error)
        this.#setting.connection.say(this.#setting.wording.trouble)
      })
      .finally(() => {
        this.#working = false
        if (this.#leaving) this.#leaveWhenAnswered()
        else this.#setting.connection.pump()
      })
    return true
  }

  async #command(line: string): Promise<void> {
    const { wording, connection } = this.#setting
    const [word = ''] = line.split(/\s/, 1)
    const name = commandCalled(word === '?' ? 'help' : word)
    if (!name) {
      const near = nearest(word, wording)
      connection.say(near ? wording.didYouMean(word, near) : wording.unknownCommand(word))
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
      room: this.#room,
      say: lines => this.#pager.say(lines),
      more: () => this.#pager.more(),
      afterwards: next => this.#pager.afterwards(next),
      moveTo: room => this.#moveTo(room),
      markRead: () => this.#markRead(),
      post: (room, text) => this.#post(room, text),
      reply: (to, text) => this.#post(this.#room.id, text, to),
      paste: () => {
        this.#pasted = []
      },
    }
  }

  /** What is typed goes there from now on; what was missed there is shown. */
  async #moveTo(room: Room): Promise<void> {
    const { connection, wording, rooms } = this.#setting
    const label = room.kind === 'direct' ? `@${room.name}` : `#${room.name}`
    this.#regroup(this.#room, 'elsewhere')
    this.#room = room
    this.#regroup(room, 'here')
    rooms.of(room)
    connection.say(wording.nowIn(label))
    if (room.topic !== '') connection.say(wording.topicIs(room.topic))
    const missed = this.#missed.get(room.id)
    this.#missed.delete(room.id)
    if (missed) this.#sayMissed(await this.#readMissed(missed))
  }

  #regroup(room: Room, how: 'here' | 'elsewhere'): void {
    const seat = this.#session.seat(room.id)
    seat?.feed.regroup(seat, this.#setting.rooms.of(room)[how])
  }

  async #readMissed({ id, read, head }: Listing): Promise<readonly Message[]> {
    const page = { side: 'before', seq: (head + 1) as Seq, limit: MOST_MISSED } as const
    const messages = await this.#setting.chat.messages.page(this.#session.person, id, page)
    return messages.filter(({ seq }) => seq > read)
  }

  #sayMissed(messages: readonly Message[]): void {
    const { connection, wording } = this.#setting
    if (messages.length === 0) return
    connection.say(wording.past)
    for (const each of messages) connection.say(message(each, wording))
  }

  /** The person is out of a room, here or elsewhere. */
  isOut(room: RoomId): void {
    this.#missed.delete(room)
    if (room !== this.#room.id) return
    const { connection, wording, rooms } = this.#setting
    connection.say(wording.out(rooms.label(this.#room)))
    this.#room = this.#home
    this.#regroup(this.#home, 'here')
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
    if (this.#unanswered > 0 || this.#working) return
    void this.#goodbye()
  }

  async #goodbye(): Promise<void> {
    const { chat, connection, wording, trouble } = this.#setting
    if (this.#leaving === 'said') await this.#markRead().catch(trouble)
    if (this.#leaving !== 'dismissed') connection.say(wording.left(this.#session.person.username))
    chat.depart(this.#session)
    connection.end()
    this.#left.resolve()
  }

  /** All that was shown is read; where something was missed and not looked at, nothing is. */
  async #markRead(): Promise<void> {
    const seats = [...this.#session.seats].filter(({ feed }) => !this.#missed.has(feed.room))
    await Promise.all(seats.map(seat => this.#setting.chat.markRead(seat)))
  }
}
