// The room that a connection writes to, how each of its rooms is displayed, and what has not been shown of them.

import {
  type Author,
  GENERAL,
  type Profile,
  type Room,
  type RoomId,
  type Seq,
} from '../../core/model/model.ts'
import type { RoomInvitation } from '../../core/ports/rooms.ts'
import type { RoomSeat } from '../../core/sessions/seating.ts'
import type { RoomDisplay, Session, View } from '../../core/sessions/sessions.ts'
import { printableLine } from '../../wire/printable.ts'
import { notSentLine, remindedLine } from '../shared/put-off.ts'
import type { ConversationDeps } from './conversation.ts'
import { costOf } from './cost.ts'
import { counted, renderMessage } from './render.ts'
import { titleOf } from './rooms.ts'

/** Messages that are shown of a room when the person switches to it. */
const MOST_SHOWN = 200
/** Rooms that the line about unread messages lists. */
const MOST_LISTED = 20

export class CurrentRoom {
  readonly #deps: ConversationDeps
  #current: RoomId
  readonly #rooms = new Map<RoomId, Room>()
  /** Notices held back until after the welcome; undefined once it has been said. */
  #early: Set<string> | undefined = new Set()
  /** Of that, what was told of rooms that the person was brought into. */
  readonly #brought = new Map<RoomId, string>()

  /** @param first the room to begin in */
  constructor(deps: ConversationDeps, first: RoomId) {
    this.#deps = deps
    this.#current = first
  }

  /** Falls back to `general` if the person is not in the room to begin in. */
  begin(seats: readonly RoomSeat[]): void {
    if (!seats.some(({ room }) => room.id === this.#current)) this.#current = GENERAL
  }

  /** What `flushNotices` says besides. */
  async storedNotices(person: Profile): Promise<[readonly RoomInvitation[], number]> {
    const { rooms, putOff } = this.#deps.chat
    return [await rooms.invitations(person), await putOff.reminders.rung(person)]
  }

  /**
   * Says the notices held back.
   * @param invitations the stored invitations, some of which may be among them
   * @param rung how many reminders have come
   */
  flushNotices(invitations: readonly RoomInvitation[], rung = 0): void {
    if (rung > 0) this.#deps.connection.say(this.#deps.locale.wording.putOff.waiting(rung))
    for (const each of invitations) this.invited(each)
    const early = this.#early ?? []
    this.#early = undefined
    for (const line of early) this.#tell(line)
  }

  #tell(line: string): void {
    if (this.#early) this.#early.add(line)
    else this.#deps.connection.say(line)
  }

  /** The room that is written to; the person may have been removed from it. */
  get room(): Room {
    return this.#known(this.#current)
  }

  #known(id: RoomId): Room {
    return this.#rooms.get(id) ?? fail(`room ${id} was never displayed`)
  }

  // --- display ------------------------------------------------------------------------------------------

  displayOf(room: Room): RoomDisplay {
    this.#deps.titles.learn(room)
    this.#rooms.set(room.id, room)
    return this.#display(room.id)
  }

  #display(id: RoomId): RoomDisplay {
    const { current, other } = this.#deps.locale.rooms.of(id)
    return id === this.#current ? { cohort: current, isCurrent: true } : { cohort: other, isCurrent: false }
  }

  #regroup(session: Session, id: RoomId): void {
    const seat = session.seat(id)
    seat?.feed.redisplay(seat, this.#display(id))
  }

  /** Displays all rooms in the new locale. */
  changeLocale(session: Session): void {
    for (const id of this.#rooms.keys()) this.#regroup(session, id)
  }

  // --- switching ----------------------------------------------------------------------------------------

  /** A sentence about what is unread in other rooms; undefined if nothing is. */
  async unread(session: Session): Promise<string | undefined> {
    const { chat, locale } = this.#deps
    const mine = await chat.rooms.mine(session.person)
    const unread = mine.filter(
      ({ id, unread, level }) => id !== this.#current && unread > 0 && level !== 'nothing',
    )
    const each = unread
      .slice(0, MOST_LISTED)
      .map(room => locale.wording.unreadIn(titleOf(room), counted(room.unread), counted(room.mentions)))
    if (unread.length > MOST_LISTED) each.push('…')
    return each.length > 0 ? locale.wording.unread(each.join(', ')) : undefined
  }

  /** Makes a room the current one, after showing what the person has not seen of it. */
  async switchTo(session: Session, room: Room): Promise<void> {
    const { connection, locale } = this.#deps
    this.#rooms.set(room.id, room)
    const seat = session.seat(room.id)
    if (seat) seat.isHeld = false // whoever comes to a room reads it
    connection.say(locale.wording.nowIn(titleOf(room)))
    if (room.topic !== '') connection.say(locale.wording.topicIs(printableLine(room.topic)))
    await this.#sayMissed(session, room.id)
    const before = this.#current
    this.#current = room.id
    this.#regroup(session, before)
    this.#regroup(session, room.id)
  }

  /** Repeats until nothing is missing, so that live events follow without a gap. */
  async #sayMissed(session: Session, id: RoomId): Promise<void> {
    const { chat, connection, locale, webUrl } = this.#deps
    const { wording } = locale
    for (let first = true; ; first = false) {
      const seat = session.seat(id)
      if (!seat || seat.seen >= seat.lastShown) return
      const { seen, lastShown } = seat
      const page = { side: 'before', seq: (lastShown + 1) as Seq, limit: MOST_SHOWN } as const
      const messages = await chat.messages.page(session.person, id, page)
      const missed = messages.filter(({ seq }) => seq > seen)
      const [oldest] = missed
      const isAll = !oldest || !(await this.#hasUnread(session, id, { after: seen, before: oldest.seq }))
      if (!isAll) connection.say(wording.moreUnread(`#${oldest.seq}`))
      if (first && missed.length > 0) connection.say(wording.past)
      const lines = missed.map(each => renderMessage(each, { wording, webUrl }))
      chat.charge(session.person, costOf(lines))
      if (lines.length > 0) connection.say(lines.join('\n'))
      if (!isAll) return // the read mark stays before what was left out
      seat.caughtUp(lastShown)
    }
  }

  async #hasUnread(
    { person }: Session,
    id: RoomId,
    { after, before }: { after: Seq; before: Seq },
  ): Promise<boolean> {
    const span = { after, upto: (before - 1) as Seq, limit: 1 }
    return (await this.#deps.chat.messages.count(person, id, span)) > 0
  }

  async switchToGeneral(session: Session): Promise<void> {
    await this.switchTo(session, this.#known(GENERAL))
  }

  /** Brought in by somebody; who comes by themselves is told so by their command. */
  joined(room: Room, author: Author): void {
    const { locale, person } = this.#deps
    if (author.id === person.id || room.kind === 'direct') return
    const line = locale.wording.broughtYou(author.username, titleOf(room))
    if (this.#early) this.#brought.set(room.id, line)
    this.#tell(line)
  }

  /** Somebody asks the person to come. */
  invited({ by, room }: RoomInvitation): void {
    const { locale } = this.#deps
    this.#tell(locale.wording.asksYou(by.username, titleOf(room)))
  }

  /** Tells of reminders, and of what was not sent when its time came. */
  putOff(person: Profile): Pick<View, 'reminded' | 'notSent'> {
    const { locale, zone } = this.#deps
    const context = () => ({
      wording: locale.wording,
      zone: person.zone || zone,
      label: (room: RoomId) => locale.rooms.label(room),
    })
    return {
      reminded: reminder => this.#tell(remindedLine(reminder, context())),
      notSent: kept => this.#tell(notSentLine(kept, context())),
    }
  }

  /**
   * The person is out of a room. What they have typed for it must not be heard elsewhere: it goes nowhere until they
   * choose another.
   */
  left(room: RoomId): void {
    const { locale } = this.#deps
    this.#early?.delete(this.#brought.get(room) ?? '') // it is not so any more
    if (room === this.#current) this.#tell(locale.wording.out(locale.rooms.label(room)))
  }
}

function fail(what: string): never {
  throw new Error(what)
}
