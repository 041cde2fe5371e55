// The room that a connection writes to, and what was said in its other rooms before it came.

import type { Author, Message, Room, RoomId, Seq } from '../../core/model.ts'
import type { Listing } from '../../core/ports.ts'
import type { Session } from '../../core/sessions.ts'
import { printableLine } from '../../wire/printable.ts'
import { counted } from './commands.ts'
import type { Setting } from './conversation.ts'
import { titleOf } from './rooms.ts'
import { message } from './show.ts'

/** Of another room, when somebody goes there. */
const MOST_MISSED = 200

export class Whereabouts {
  readonly #setting: Setting
  readonly #session: Session
  readonly #home: Room
  #room: Room
  /** Other rooms in which something was said before this connection, and not read: shown to who goes there. */
  readonly #missed = new Map<RoomId, Listing>()

  /** @param home `general`, where everybody begins */
  constructor(setting: Setting, session: Session, home: Room) {
    this.#setting = setting
    this.#session = session
    this.#home = this.#room = home
  }

  /** The room that is written to; the person may be out of it. */
  get room(): Room {
    return this.#room
  }

  async sayUnread(): Promise<void> {
    const { chat, wording, connection } = this.#setting
    const mine = await chat.lobby.mine(this.#session.person)
    const unread = mine.filter(({ id, unread }) => id !== this.#home.id && unread > 0)
    for (const room of unread) this.#missed.set(room.id, room)
    const each = unread.map(room =>
      wording.unreadIn(titleOf(room), counted(room.unread), counted(room.mentions)),
    )
    if (each.length > 0) connection.say(wording.unread(each.join(', ')))
  }

  /** What is typed goes there from now on; what was missed there is shown. */
  async moveTo(room: Room): Promise<void> {
    const { connection, wording } = this.#setting
    this.#regroup(this.#room, 'elsewhere')
    this.#room = room
    this.#regroup(room, 'here')
    connection.say(wording.nowIn(titleOf(room)))
    if (room.topic !== '') connection.say(wording.topicIs(printableLine(room.topic)))
    const missed = this.#missed.get(room.id)
    if (!missed) return
    this.#sayMissed(await this.#readMissed(missed))
    this.#missed.delete(room.id)
    this.#session.seat(room.id)?.caughtUp()
  }

  async goHome(): Promise<void> {
    await this.moveTo(this.#home)
  }

  /** Brought in by somebody; who comes by themselves is told so by their command. */
  entered(room: Room, author: Author): void {
    const { connection, wording } = this.#setting
    if (author.id === this.#session.person.id || room.kind === 'direct') return
    connection.say(wording.broughtYou(author.username, titleOf(room)))
  }

  /**
   * The person is out of a room. What they have typed for it must not be heard elsewhere: it goes nowhere until they
   * choose another.
   */
  left(room: RoomId): void {
    const { connection, wording, rooms } = this.#setting
    this.#missed.delete(room)
    if (room === this.#room.id) connection.say(wording.out(rooms.label(this.#room)))
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
}
