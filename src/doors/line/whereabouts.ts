// The room that a connection writes to, how each of its rooms is shown, and what was said in them before it came.

import type { Seated } from '../../core/chat.ts'
import {
  type Author,
  GENERAL,
  type Level,
  type LogEvent,
  type Message,
  type Room,
  type RoomId,
  type Seq,
} from '../../core/model.ts'
import type { Listing } from '../../core/ports.ts'
import { foldUsername, mentionsIn } from '../../core/rules.ts'
import type { Session, Showing } from '../../core/sessions.ts'
import { printableLine } from '../../wire/printable.ts'
import type { Setting } from './conversation.ts'
import { titleOf } from './rooms.ts'
import { counted, message } from './show.ts'

/** Of another room, when somebody goes there. */
const MOST_MISSED = 200

export class Whereabouts {
  readonly #setting: Setting
  /** Written to. */
  #here: RoomId
  readonly #rooms = new Map<RoomId, { room: Room; level: Level }>()
  /** Other rooms in which something was said before this connection, and not read: shown to who goes there. */
  readonly #missed = new Map<RoomId, Listing>()

  /** @param here where it begins */
  constructor(setting: Setting, here: RoomId) {
    this.#setting = setting
    this.#here = here
  }

  /** It begins in `general` where the room that it should begin in is none of its rooms. */
  begin(seated: readonly Seated[]): void {
    if (!seated.some(({ room }) => room.id === this.#here)) this.#here = GENERAL
  }

  /** The room that is written to; the person may be out of it. */
  get room(): Room {
    return this.#known(this.#here).room
  }

  #known(id: RoomId): { room: Room; level: Level } {
    const known = this.#rooms.get(id)
    if (!known) throw new Error(`room ${id} was never shown here`)
    return known
  }

  // --- how it is shown -----------------------------------------------------------------------------------

  showing(room: Room, level: Level): Showing {
    this.#setting.titles.learn(room)
    this.#rooms.set(room.id, { room, level })
    return this.#shown(room.id, level)
  }

  #shown(id: RoomId, level: Level): Showing {
    const { here, elsewhere } = this.#setting.voice.rooms.of(id)
    if (id === this.#here) return { cohort: here }
    const wants = level === 'everything' ? {} : { wants: (event: LogEvent) => this.#wants(event, level) }
    return { cohort: elsewhere, ...wants }
  }

  #wants(event: LogEvent, level: Level): boolean {
    if (level !== 'mentions' || event.kind !== 'message') return false
    return mentionsIn(event.text).includes(foldUsername(this.#setting.person.username))
  }

  #regroup(session: Session, id: RoomId): void {
    const seat = session.seat(id)
    const known = this.#rooms.get(id)
    if (seat && known) seat.feed.regroup(seat, this.#shown(id, known.level))
  }

  levelled(session: Session, id: RoomId, level: Level): void {
    const known = this.#rooms.get(id)
    if (known) known.level = level
    this.#regroup(session, id)
  }

  /** The voice is another now. */
  respeak(session: Session): void {
    for (const id of this.#rooms.keys()) this.#regroup(session, id)
  }

  // --- going about ---------------------------------------------------------------------------------------

  async sayUnread(session: Session): Promise<void> {
    const { chat, voice, connection } = this.#setting
    const mine = await chat.lobby.mine(session.person)
    const unread = mine.filter(({ id, unread }) => id !== this.#here && unread > 0)
    for (const room of unread) this.#missed.set(room.id, room)
    const each = unread.map(room =>
      voice.wording.unreadIn(titleOf(room), counted(room.unread), counted(room.mentions)),
    )
    if (each.length > 0) connection.say(voice.wording.unread(each.join(', ')))
  }

  /** What is typed goes there from now on; what was missed there is shown. */
  async moveTo(session: Session, room: Room): Promise<void> {
    const { connection, voice } = this.#setting
    const before = this.#here
    const level = this.#rooms.get(room.id)?.level ?? 'everything'
    this.#rooms.set(room.id, { room, level })
    this.#here = room.id
    this.#regroup(session, before)
    this.#regroup(session, room.id)
    connection.say(voice.wording.nowIn(titleOf(room)))
    if (room.topic !== '') connection.say(voice.wording.topicIs(printableLine(room.topic)))
    const missed = this.#missed.get(room.id)
    if (!missed) return
    this.#sayMissed(await this.#readMissed(session, missed))
    this.#missed.delete(room.id)
    session.seat(room.id)?.caughtUp()
  }

  async goHome(session: Session): Promise<void> {
    await this.moveTo(session, this.#known(GENERAL).room)
  }

  /** Brought in by somebody; who comes by themselves is told so by their command. */
  entered(room: Room, author: Author): void {
    const { connection, voice, person } = this.#setting
    if (author.id === person.id || room.kind === 'direct') return
    connection.say(voice.wording.broughtYou(author.username, titleOf(room)))
  }

  /**
   * The person is out of a room. What they have typed for it must not be heard elsewhere: it goes nowhere until they
   * choose another.
   */
  left(room: RoomId): void {
    const { connection, voice } = this.#setting
    this.#missed.delete(room)
    if (room === this.#here) connection.say(voice.wording.out(voice.rooms.label(room)))
  }

  async #readMissed(session: Session, { id, read, head }: Listing): Promise<readonly Message[]> {
    const page = { side: 'before', seq: (head + 1) as Seq, limit: MOST_MISSED } as const
    const messages = await this.#setting.chat.messages.page(session.person, id, page)
    return messages.filter(({ seq }) => seq > read)
  }

  #sayMissed(messages: readonly Message[]): void {
    const { connection, voice } = this.#setting
    if (messages.length === 0) return
    connection.say(voice.wording.past)
    connection.say(messages.map(each => message(each, voice.wording)).join('\n'))
  }
}
