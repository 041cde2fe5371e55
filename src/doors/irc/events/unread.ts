// What a person has not read, for clients that can't ask for it (draft/chathistory): all of it, oldest first, as fast as
// the client takes it. A mark moves only over what the client has got.

import type { Seat, Unshown } from '../../../core/log/seat.ts'
import type { Message, Room, Seq } from '../../../core/model/model.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import type { Listing } from '../../../core/ports/rooms.ts'
import type { RoomSeat } from '../../../core/sessions/connections.ts'
import type { Client } from '../client.ts'
import { QUERY_COST } from '../replies/cost.ts'
import { sendHistory } from '../replies/history.ts'
import { ignoreRefusal } from '../replies/join-replies.ts'
import { Reply } from '../replies/reply.ts'
import { lineOf } from '../wire/message.ts'

/** Messages that a client is sent before it is asked whether it has got them. */
const PAGE = 100
/** Of one room. Of more, the last ones are shown, and how to see the others. */
const MOST_UNREAD = 1000
/** So many are shown of what was said before somebody came here for the first time. */
const LAST_SHOWN = 50
/** Where counting stops in lists of rooms (ports.ts, Listing). */
const COUNT_LIMIT = 100
/** Where it stops here: half a million take as long as sixty other questions. */
const MOST_COUNTED = 10_000

/** A room of which more is to be shown. */
interface Backlog {
  readonly seat: Seat
  readonly room: Room
  /** Shown so far; what comes next is shown up to `upto`. */
  after: Seq
  readonly upto: Seq
  /** Messages that may still be shown. */
  left: number
}

/** Says a line in ChanServ's name. */
type Notify = (text: string) => void

interface ShownPage {
  readonly seat: Seat
  readonly upto: Seq
}

export class Unread {
  readonly #client: Client
  #owed: Backlog[] = []
  #isShowing = false

  constructor(client: Client) {
    this.#client = client
  }

  /** What comes to a room from now on is shown behind what was missed there. */
  async start(seats: readonly RoomSeat[], to: Reply): Promise<void> {
    const { session, deps } = this.#client
    if (!session) return
    this.#owed = []
    const listings = new Map((await deps.chat.rooms.mine(session.person)).map(each => [each.id, each]))
    for (const each of seats) {
      const owed = this.#owe(each, listings.get(each.room.id), to)
      if (!(await owed.catch(error => this.#refused(error)))) this.#begins(each.seat)
    }
    await this.#go(to)
  }

  /** @returns whether more of it is to be shown before what comes now */
  async #owe({ seat, room, head }: RoomSeat, listing: Listing | undefined, to: Reply): Promise<boolean> {
    if (!listing || listing.unread === 0) seat.caughtUp(head)
    const { unshown } = seat
    if (!listing || !unshown || this.#client.caps.has('draft/chathistory')) return false
    if (this.#client.isNew) {
      await this.#showLast(room, head, to)
      this.#got([{ seat, upto: head }])
      return false
    }
    const count = listing.unread < COUNT_LIMIT ? listing.unread : await this.#count(room, unshown)
    if (count > MOST_UNREAD) {
      await this.#showLast(room, head, to)
      await this.#sayLeft(room, unshown, this.#notice)
      return false
    }
    this.#owed.push({ seat, room, after: unshown.after, upto: unshown.upto, left: MOST_UNREAD })
    return true
  }

  async #count({ id }: Room, unshown: Unshown): Promise<number> {
    const { session, deps } = this.#client
    const span = { ...unshown, limit: MOST_COUNTED + 1 }
    return session ? deps.chat.messages.count(session.person, id, span) : 0
  }

  async #showLast(room: Room, head: Seq, to: Reply): Promise<void> {
    const { session, deps } = this.#client
    if (!session) return
    const page = { side: 'before', seq: (head + 1) as Seq, limit: LAST_SHOWN } as const
    await this.#inTurn(async () =>
      this.#say(room, await deps.chat.messages.page(session.person, room.id, page), to),
    )
  }

  #inTurn<T>(show: () => Promise<T>): Promise<T> {
    const { person, deps } = this.#client
    return person ? deps.pages.during(person.id, show) : show()
  }

  /** Where there is a number of them. */
  async #sayLeft(room: Room, unshown: Unshown, say: Notify): Promise<boolean> {
    const { deps, wording } = this.#client
    const count = await this.#count(room, unshown)
    if (count > 0) say(wording.irc.unreadLeft(deps.channels.nameOf(room), count, MOST_COUNTED))
    return count > 0
  }

  readonly #notice: Notify = text => {
    const { host, name } = this.#client
    this.#client.send(lineOf(`ChanServ!ChanServ@${host}`, 'NOTICE', [name, text]))
  }

  // --- page after page -----------------------------------------------------------------------------------

  /** The next page waits until the client has got this one. */
  async #go(to: Reply): Promise<void> {
    if (this.#isShowing || this.#owed.length === 0) return
    this.#isShowing = true
    const shown = await this.#inTurn(() => this.#showPage(to)).catch(error => {
      this.#isShowing = false
      throw error
    })
    this.#client.pings.ask(() => {
      this.#isShowing = false
      this.#got(shown)
      this.#go(new Reply(this.#client, undefined)).catch(error => this.#failed(error))
    })
  }

  #failed(error: unknown): void {
    if (!(error instanceof Refusal)) this.#client.deps.onError(error)
    for (const { seat } of this.#owed.splice(0)) this.#begins(seat)
  }

  /** Of one room: who has been sent out of it meanwhile is told that by the room, of anything else here. */
  #refused(error: unknown): undefined {
    if (!(error instanceof Refusal)) throw error
    if (error.code !== 'not-a-member') this.#notice(this.#client.refused(error))
  }

  /** Unless it has ended by now. */
  #begins(seat: Seat): void {
    if (this.#client.session?.seat(seat.room) === seat) seat.begin()
  }

  async #showPage(to: Reply): Promise<readonly ShownPage[]> {
    const shown: ShownPage[] = []
    let space = PAGE
    for (let next = this.#owed[0]; next && space > 0; next = this.#owed[0]) {
      const { seat, after, left } = next
      const page = await this.#missed(next, Math.min(space, left)).catch(error => this.#refused(error))
      if (!page) {
        await this.#finish(next)
        continue
      }
      await this.#say(next.room, page.messages, to)
      space -= page.length
      next.left -= page.length
      next.after = page.upto
      if (page.upto > after) shown.push({ seat, upto: page.upto })
      if (page.upto >= next.upto || next.left <= 0) await this.#finish(next)
    }
    return shown
  }

  async #missed({ room, after, upto }: Backlog, limit: number) {
    const { session, deps } = this.#client
    const page = { side: 'after', seq: after, limit } as const
    const all = session ? await deps.chat.messages.page(session.person, room.id, page) : []
    const messages = all.filter(({ seq }) => seq <= upto)
    const isLast = messages.length < limit
    return { messages, length: messages.length, upto: isLast ? upto : (messages.at(-1)?.seq ?? upto) }
  }

  /** What was said by this person's own clients is no news to them. */
  async #say(room: Room, messages: readonly Message[], to: Reply): Promise<void> {
    const { person, deps } = this.#client
    const events = messages.filter(({ author }) => author.id !== person?.id)
    if (events.length === 0) return
    await to.inLongBatch(['chathistory', deps.channels.nameOf(room)], inside =>
      sendHistory(this.#client, { room, events }, inside),
    )
  }

  async #finish({ seat, room, upto, after }: Backlog): Promise<void> {
    this.#owed.shift()
    this.#begins(seat)
    if (after < upto)
      await this.#sayLeft(room, { after, upto }, this.#notice).catch(error => this.#refused(error))
  }

  /** Who says how far they have read (draft/read-marker) does so themselves. */
  #got(shown: readonly ShownPage[]): void {
    const { session, caps, deps } = this.#client
    for (const { seat, upto } of shown) {
      seat.caughtUp(upto)
      if (session?.seat(seat.room) !== seat || caps.has('draft/read-marker')) continue
      deps.chat.markRead(session.person, seat.room, upto).catch(ignoreRefusal).catch(deps.onError)
    }
  }

  // --- on request (services.ts) ----------------------------------------------------------------------------

  /** How much there is, and where. */
  async list(to: Reply, say: Notify): Promise<void> {
    const { session, wording, rooms } = this.#client
    let found = false
    for (const seat of session?.seats ?? []) {
      const { unshown } = seat
      const room = rooms.get(seat.room)
      if (!room || !unshown) continue
      to.addCost(QUERY_COST)
      found = (await this.#sayLeft(room, unshown, say)) || found
    }
    if (!found) say(wording.irc.nothingUnread)
  }

  /** More of a room, oldest first. */
  async more(room: Room, to: Reply, say: Notify): Promise<void> {
    const seat = this.#client.session?.seat(room.id)
    const unshown = seat?.unshown
    if (!seat || !unshown || (await this.#count(room, unshown)) === 0)
      return say(this.#client.wording.irc.nothingUnread)
    if (this.#owed.some(each => each.seat === seat)) return
    this.#owed.push({ seat, room, after: unshown.after, upto: unshown.upto, left: MOST_UNREAD })
    await this.#go(to)
  }

  /** A client that has looked back by itself (CHATHISTORY) has been shown that, where it follows what it has seen. */
  async wasShown(room: Room, messages: readonly Pick<Message, 'seq'>[]): Promise<void> {
    const { session, deps } = this.#client
    const seat = session?.seat(room.id)
    const unshown = seat?.unshown
    const [first, last] = [messages[0], messages.at(-1)]
    if (!session || !seat || !unshown || !first || !last) return
    const nextOf = async (seq: Seq) =>
      (await deps.chat.messages.page(session.person, room.id, { side: 'after', seq, limit: 1 }))[0]
    const next = await nextOf(unshown.after)
    if (!next || next.seq < first.seq || next.seq > last.seq) return
    const beyond = await nextOf(last.seq)
    seat.caughtUp(beyond && beyond.seq <= unshown.upto ? last.seq : unshown.upto)
  }
}
