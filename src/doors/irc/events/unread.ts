// Playback of unread messages to clients without draft/chathistory: oldest first, as fast as the client takes them. The
// read mark moves only over what the client has confirmed with a PONG.

import type { Seat, Unshown } from '../../../core/log/seat.ts'
import type { Message, Room, Seq } from '../../../core/model/model.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import type { Listing } from '../../../core/ports/rooms.ts'
import type { RoomSeat } from '../../../core/sessions/seating.ts'
import type { Client } from '../client.ts'
import { QUERY_COST } from '../replies/cost.ts'
import { sendHistory } from '../replies/history.ts'
import { ignoreRefusal } from '../replies/join-replies.ts'
import { Reply } from '../replies/reply.ts'
import { lineOf } from '../wire/message.ts'

/** Messages that are sent before a PING asks whether they have arrived. */
const PAGE = 100
/**
 * The most unread messages of one room that are played back. Of more, the last ones are, with a notice on how to see
 * the rest.
 */
const MOST_UNREAD = 1000
/** Messages shown of a room with more than that, and to new people. */
const LAST_SHOWN = 50
/** Where counting stops in lists of rooms (Listing, core/ports/rooms.ts). */
const COUNT_LIMIT = 100
/** Where counting one room stops: half a million messages take as long as sixty other queries. */
const MOST_COUNTED = 10_000

/** A room whose playback is not finished. */
interface Backlog {
  readonly seat: Seat
  readonly room: Room
  /** The seq shown so far: playback goes on from there up to `upto`. */
  after: Seq
  readonly upto: Seq
  /** How many more messages may be shown. */
  left: number
}

/** Sends a sentence from ChanServ. */
type Notify = (text: string) => void

interface ShownPage {
  readonly seat: Seat
  readonly upto: Seq
}

export class Unread {
  readonly #client: Client
  #backlogs: Backlog[] = []
  #isSending = false

  constructor(client: Client) {
    this.#client = client
  }

  /**
   * Plays back all rooms of a new session. A seat begins when its room's playback is finished, so new messages come
   * after.
   */
  async start(seats: readonly RoomSeat[], reply: Reply): Promise<void> {
    const { session, deps } = this.#client
    if (!session) return
    this.#backlogs = []
    const listings = new Map((await deps.chat.rooms.mine(session.person)).map(each => [each.id, each]))
    for (const each of seats) {
      const owed = this.#enqueue(each, listings.get(each.room.id), reply)
      if (!(await owed.catch(error => this.#refused(error)))) this.#beginSeat(each.seat)
    }
    await this.#sendNext(reply)
  }

  /** @returns whether playback of the room is due before its seat begins */
  async #enqueue(
    { seat, room, head }: RoomSeat,
    listing: Listing | undefined,
    reply: Reply,
  ): Promise<boolean> {
    if (!listing || listing.unread === 0) seat.caughtUp(head)
    const { unshown } = seat
    if (!listing || !unshown || this.#client.caps.has('draft/chathistory')) return false
    if (this.#client.isNew) {
      await this.#sendLast(room, head, reply)
      this.#markRead([{ seat, upto: head }])
      return false
    }
    const count = listing.unread < COUNT_LIMIT ? listing.unread : await this.#countUnread(room, unshown)
    if (count > MOST_UNREAD) {
      await this.#sendLast(room, head, reply)
      await this.#notifyLeft(room, unshown, this.#notice)
      return false
    }
    this.#backlogs.push({ seat, room, after: unshown.after, upto: unshown.upto, left: MOST_UNREAD })
    return true
  }

  async #countUnread({ id }: Room, unshown: Unshown): Promise<number> {
    const { session, deps } = this.#client
    const span = { ...unshown, limit: MOST_COUNTED + 1 }
    return session ? deps.chat.messages.count(session.person, id, span) : 0
  }

  async #sendLast(room: Room, head: Seq, reply: Reply): Promise<void> {
    const { session, deps } = this.#client
    if (!session) return
    const page = { side: 'before', seq: (head + 1) as Seq, limit: LAST_SHOWN } as const
    await this.#inTurn(async () =>
      this.#send(room, await deps.chat.messages.page(session.person, room.id, page), reply),
    )
  }

  #inTurn<T>(show: () => Promise<T>): Promise<T> {
    return this.#client.deps.historySlots.run(this.#client, show)
  }

  /** Says how many unread messages a room has. @returns whether it has any */
  async #notifyLeft(room: Room, unshown: Unshown, notice: Notify): Promise<boolean> {
    const { deps, wording } = this.#client
    const count = await this.#countUnread(room, unshown)
    if (count > 0) notice(wording.irc.unreadLeft(deps.channels.nameOf(room), count, MOST_COUNTED))
    return count > 0
  }

  readonly #notice: Notify = text => {
    const { host, name } = this.#client
    this.#client.send(lineOf(`ChanServ!ChanServ@${host}`, 'NOTICE', [name, text]))
  }

  // --- page after page -----------------------------------------------------------------------------------

  /** Sends the next page; the one after it waits for the PONG. */
  async #sendNext(reply: Reply): Promise<void> {
    if (this.#isSending || this.#backlogs.length === 0) return
    this.#isSending = true
    const shown = await this.#inTurn(() => this.#sendPage(reply)).catch(error => {
      this.#isSending = false
      throw error
    })
    reply.flush()
    this.#client.pings.ping(() => {
      this.#isSending = false
      this.#markRead(shown)
      this.#sendNext(new Reply(this.#client, undefined)).catch(error => this.#failed(error))
    })
  }

  #failed(error: unknown): void {
    if (!(error instanceof Refusal)) this.#client.deps.onError(error)
    for (const { seat } of this.#backlogs.splice(0)) this.#beginSeat(seat)
  }

  /** Tells a refusal about one room, except a removal from it, which the room itself has told. */
  #refused(error: unknown): undefined {
    if (!(error instanceof Refusal)) throw error
    if (error.code !== 'not-a-member') this.#notice(this.#client.refused(error))
  }

  /** Begins a seat, unless it has ended meanwhile. */
  #beginSeat(seat: Seat): void {
    if (this.#client.session?.seat(seat.room) === seat) seat.begin()
  }

  async #sendPage(reply: Reply): Promise<readonly ShownPage[]> {
    const shown: ShownPage[] = []
    let space = PAGE
    for (let next = this.#backlogs[0]; next && space > 0; next = this.#backlogs[0]) {
      const { seat, after, left } = next
      const page = await this.#nextPage(next, Math.min(space, left)).catch(error => this.#refused(error))
      if (!page) {
        await this.#finish(next)
        continue
      }
      await this.#send(next.room, page.messages, reply)
      space -= page.length
      next.left -= page.length
      next.after = page.upto
      if (page.upto > after) shown.push({ seat, upto: page.upto })
      if (page.upto >= next.upto || next.left <= 0) await this.#finish(next)
    }
    return shown
  }

  async #nextPage({ room, after, upto }: Backlog, limit: number) {
    const { session, deps } = this.#client
    const page = { side: 'after', seq: after, limit } as const
    const all = session ? await deps.chat.messages.page(session.person, room.id, page) : []
    const messages = all.filter(({ seq }) => seq <= upto)
    const isLast = messages.length < limit
    return { messages, length: messages.length, upto: isLast ? upto : (messages.at(-1)?.seq ?? upto) }
  }

  /** Sends messages as a batch, without the person's own. */
  async #send(room: Room, messages: readonly Message[], reply: Reply): Promise<void> {
    const { person, deps } = this.#client
    const events = messages.filter(({ author }) => author.id !== person?.id)
    if (events.length === 0) return
    await reply.inLongBatch(['chathistory', deps.channels.nameOf(room)], inside =>
      sendHistory(this.#client, { room, events }, inside),
    )
  }

  async #finish({ seat, room, upto, after }: Backlog): Promise<void> {
    this.#backlogs.shift()
    this.#beginSeat(seat)
    if (after < upto)
      await this.#notifyLeft(room, { after, upto }, this.#notice).catch(error => this.#refused(error))
  }

  /** Moves read marks over pages that have arrived; clients with draft/read-marker do that themselves. */
  #markRead(shown: readonly ShownPage[]): void {
    const { session, caps, deps } = this.#client
    for (const { seat, upto } of shown) {
      seat.caughtUp(upto)
      if (session?.seat(seat.room) !== seat || caps.has('draft/read-marker')) continue
      deps.chat.readMarks.move(session.person, seat.room, upto).catch(ignoreRefusal).catch(deps.onError)
    }
  }

  // --- on request (services.ts) ----------------------------------------------------------------------------

  /** UNREAD: tells in which rooms there are unread messages, and how many. */
  async list(reply: Reply, notice: Notify): Promise<void> {
    const { session, wording, rooms } = this.#client
    let found = false
    for (const seat of session?.seats ?? []) {
      const { unshown } = seat
      const room = rooms.get(seat.room)
      if (!room || !unshown) continue
      reply.addCost(QUERY_COST)
      found = (await this.#notifyLeft(room, unshown, notice)) || found
    }
    if (!found) notice(wording.irc.nothingUnread)
  }

  /** UNREAD #sala: plays back more of a room, oldest first. */
  async more(room: Room, reply: Reply, notice: Notify): Promise<void> {
    const seat = this.#client.session?.seat(room.id)
    const unshown = seat?.unshown
    if (!seat || !unshown || (await this.#countUnread(room, unshown)) === 0)
      return notice(this.#client.wording.irc.nothingUnread)
    if (this.#backlogs.some(each => each.seat === seat)) return
    this.#backlogs.push({ seat, room, after: unshown.after, upto: unshown.upto, left: MOST_UNREAD })
    await this.#sendNext(reply)
  }

  /** Notes messages that a client was sent by CHATHISTORY as shown, if they follow what it was shown before. */
  async noteShown(room: Room, messages: readonly Pick<Message, 'seq'>[]): Promise<void> {
    const { session, deps, socket } = this.#client
    const seat = session?.seat(room.id)
    const unshown = seat?.unshown
    const [first, last] = [messages[0], messages.at(-1)]
    if (socket.isClosed || !session || !seat || !unshown || !first || !last) return
    const nextOf = async (seq: Seq) =>
      (await deps.chat.messages.page(session.person, room.id, { side: 'after', seq, limit: 1 }))[0]
    const next = await nextOf(unshown.after)
    if (!next || next.seq < first.seq || next.seq > last.seq) return
    const beyond = await nextOf(last.seq)
    seat.caughtUp(beyond && beyond.seq <= unshown.upto ? last.seq : unshown.upto)
  }
}
