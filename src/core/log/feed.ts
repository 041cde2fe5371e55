// The delivery of one room on this node: every event goes through here to every seat.

import {
  type Author,
  type EphemeralEvent,
  isEphemeral,
  type LogEvent,
  type Removal,
  type RoomId,
  type Seq,
  type UserId,
} from '../model/model.ts'
import type { Bus } from '../ports/bus.ts'
import type { Clock } from '../ports/clock.ts'
import type { Cohort } from '../ports/delivery.ts'
import type { Log } from '../ports/log.ts'
import { CROWD } from '../presence/presence.ts'
import type { RoomDisplay } from '../sessions/sessions.ts'
import { EventRange, type History } from './history.ts'
import type { Pacer } from './pacer.ts'
import type { Seat } from './seat.ts'
import { GaplessStream } from './stream.ts'

/** Bytes written at once to a seat that catches up: few, so that a slow reader's progress shows (net/outbox.ts). */
const SHARE = 64 << 10
/** Bytes of a batch that are rendered in one turn of the event loop: further cohorts are shown it in the next turns. */
const TURN = 1 << 20

export interface FeedDeps {
  readonly log: Pick<Log, 'readInTurn' | 'heads'>
  readonly bus: Pick<Bus, 'subscribe'>
  readonly clock: Clock
  readonly pacer: Pacer
  readonly history: History
  /** Told when the log could not be read; the next hint or sweep tries again. */
  readonly onError: (error: unknown) => void
}

/**
 * Shows a room's stream to its seats. A live seat is shown each batch as it is delivered, rendered once per cohort. A
 * seat whose connection is full falls behind: nothing is queued for it, and it reads the log from its cursor up to what
 * is delivered, then goes live again. So every seat is shown every event once and in order, and memory stays bounded.
 * Where a batch is much to render for all cohorts, some seats are late, and the next batch waits for them.
 */
export class RoomFeed {
  readonly room: RoomId
  readonly #deps: FeedDeps
  readonly #stream: GaplessStream
  readonly #stopListening: () => void
  readonly #seats = new Set<Seat>()
  readonly #live = new Map<Cohort, Set<Seat>>()
  /** Seats whose cursor is beyond what has been delivered. */
  readonly #ahead = new Set<Seat>()
  #delivered = 0 as Seq
  /** The last batch, while there are seats that it has yet to be shown to. */
  #late: { readonly batch: EventRange; readonly seats: readonly Seat[] } | undefined
  /** The removals that are pending in the stream. */
  readonly #removals: Removal[] = []
  #closed = false

  /** Listens to the bus from now on; `start` tells it the room's head. */
  constructor(room: RoomId, deps: FeedDeps) {
    this.room = room
    this.#deps = deps
    this.#stream = new GaplessStream(room, deps, this)
    this.#stopListening = deps.bus.subscribe(room, {
      receive: events => this.#stream.receive(events),
      reaches: seq => this.noteHead(seq),
    })
  }

  /** @param head read from the store after the feed was made, so that nothing is missed in between */
  start(head: Seq): void {
    this.#delivered = head
    this.#stream.start(head)
  }

  /** The last seq that every live seat has been shown. */
  get delivered(): Seq {
    return this.#delivered
  }

  /** The number of seats. */
  get size(): number {
    return this.#seats.size
  }

  get isEmpty(): boolean {
    return this.#seats.size === 0
  }

  /** Everyone with a seat here, on any of their connections. */
  get people(): ReadonlyMap<UserId, Author> {
    return new Map([...this.#seats].map(({ person }) => [person.id, person]))
  }

  get isClosed(): boolean {
    return this.#closed
  }

  /** Stops listening; it can't be started again. */
  close(): void {
    this.#closed = true
    this.#stream.close()
    this.#stopListening()
  }

  /** The room's log is known to reach `seq`: what the bus has not told is read. */
  noteHead(seq: Seq): void {
    this.#stream.noteHead(seq)
  }

  /** Shows the event on this node, after what happened before it. */
  showEphemeral(event: EphemeralEvent): void {
    this.#stream.receive([event])
  }

  // --- seats ---------------------------------------------------------------------------------------------

  /** Adds a seat, which starts behind. */
  join(seat: Seat): void {
    this.#seats.add(seat)
    if (seat.cursor > this.#delivered) this.#ahead.add(seat)
    this.noteHead(seat.cursor)
  }

  leave(seat: Seat): void {
    if (seat.state === 'gone') return
    this.#leaveLive(seat)
    seat.cursor = seat.lastShown // where a session transfer resumes
    seat.state = 'gone'
    this.#seats.delete(seat)
    this.#ahead.delete(seat)
    seat.subscriber.left(seat)
    seat.ended()
  }

  /** The seat's connection is full: its cursor is kept, and nothing is queued for it. */
  fallBehind(seat: Seat): void {
    if (seat.state !== 'live') return
    this.#leaveLive(seat)
    this.#keepBehind(seat, this.#delivered)
  }

  #keepBehind(seat: Seat, cursor: Seq): void {
    seat.cursor = cursor
    seat.state = 'behind'
    const removal = this.#removals.find(each => concerns(each, seat))
    if (removal) this.#expel(seat, removal)
  }

  /** Shows the room to the seat in another way from now on. */
  redisplay(seat: Seat, { cohort, isCurrent }: RoomDisplay): void {
    const live = seat.state === 'live'
    if (live) this.#leaveLive(seat)
    seat.cohort = cohort
    seat.visibility.isCurrent = isCurrent
    if (live) this.#joinLive(seat)
  }

  canServe(seat: Seat): boolean {
    return seat.state === 'behind' && seat.cursor <= this.#delivered
  }

  /** Shows the seat what it missed, page by page and never past `delivered`, while its connection has room. */
  catchUp(seat: Seat): void {
    if (seat.cursor === this.#delivered) return this.#goLive(seat)
    seat.state = 'reading'
    this.#deps.history.range(this.room, seat.cursor, this.#delivered).then(
      range => this.#deps.pacer.spare(() => this.#show(seat, range)),
      error => this.#fail(seat, error),
    )
  }

  #show(seat: Seat, range: EventRange): void {
    if (seat.state !== 'reading') return
    if (range.last <= seat.cursor)
      return this.#fail(seat, new Error(`room ${this.room} ends before ${this.#delivered}`))
    seat.state = 'behind'
    if (!seat.subscriber.full) {
      const after = seat.cursor
      seat.cursor = range.lastWithin(SHARE, seat.cohort, after)
      seat.show(range, after, seat.cursor)
      seat.shownUpTo(seat.cursor)
      seat.progressed()
    }
    if (seat.subscriber.full || !this.canServe(seat)) return seat.subscriber.settled(seat)
    if (seat.cursor === range.last) return this.catchUp(seat)
    seat.state = 'reading' // the rest of this range is shown later
    this.#deps.pacer.spare(() => this.#show(seat, range))
  }

  #fail(seat: Seat, error: unknown): void {
    if (seat.state === 'gone') return
    this.leave(seat)
    seat.failed(error)
  }

  #goLive(seat: Seat): void {
    seat.state = 'live'
    this.#joinLive(seat)
    seat.subscriber.settled(seat)
    seat.progressed()
  }

  #joinLive(seat: Seat): void {
    const cohort = this.#live.get(seat.cohort)
    if (cohort) cohort.add(seat)
    else this.#live.set(seat.cohort, new Set([seat]))
  }

  #leaveLive(seat: Seat): void {
    const cohort = this.#live.get(seat.cohort)
    if (cohort?.delete(seat) && cohort.size === 0) this.#live.delete(seat.cohort)
  }

  // --- delivery ------------------------------------------------------------------------------------------

  /** For the stream. */
  get isCrowded(): boolean {
    return this.size > CROWD
  }

  /** For the stream. */
  ready(): void {
    this.#deps.pacer.ready(this)
  }

  /** Part of StreamListener. */
  accepted(event: LogEvent): void {
    if (event.kind === 'removal') this.#foresee(event)
    if (event.kind === 'edit' || event.kind === 'deletion') this.#deps.history.forget(this.room)
  }

  /**
   * Shows one batch to every live seat, or what of it one turn takes. The pacer calls it once for each `ready`.
   * @returns the number of events
   */
  deliver(): number {
    const count = this.#late ? this.#deliverLate(this.#late.batch, this.#late.seats) : this.#deliverNext()
    if (this.#late || this.#stream.length > 0) this.ready()
    this.#stream.refill()
    return count
  }

  #deliverNext(): number {
    const batch = this.#stream.takeBatch()
    const [next] = batch
    if (next && isEphemeral(next)) this.#deliverEphemeral(batch as readonly EphemeralEvent[])
    else if (next) this.#deliverEvents(next.seq, batch as readonly LogEvent[])
    return batch.length
  }

  #deliverEvents(first: Seq, events: readonly LogEvent[]): void {
    const batch = new EventRange(first, events)
    const before = this.#delivered
    // point: before-delivery
    this.#delivered = batch.last
    const late: Seat[] = []
    for (const seats of this.#live.values()) {
      for (const seat of seats) {
        if (batch.rendered < TURN) this.#showBatch(seat, batch, before)
        else late.push(this.#postpone(seat, before))
      }
    }
    if (late.length > 0) this.#late = { batch, seats: late }
    const last = batch.events.at(-1)
    if (last?.kind === 'removal') this.#remove(last)
    for (const seat of this.#ahead) if (seat.cursor <= this.#delivered) this.#reach(seat)
  }

  #showBatch(seat: Seat, batch: EventRange, after: Seq): void {
    seat.show(batch, after, batch.last)
    // point: mid-delivery
    seat.shownUpTo(this.#delivered)
  }

  #postpone(seat: Seat, cursor: Seq): Seat {
    this.#leaveLive(seat)
    seat.cursor = cursor
    seat.state = 'late'
    return seat
  }

  #deliverLate(batch: EventRange, seats: readonly Seat[]): number {
    const before = batch.rendered
    let done = 0
    for (const seat of seats) {
      if (batch.rendered - before >= TURN) break
      done++
      this.#showLate(seat, batch)
    }
    this.#late = done < seats.length ? { batch, seats: seats.slice(done) } : undefined
    return batch.events.length
  }

  #showLate(seat: Seat, batch: EventRange): void {
    if (seat.state !== 'late') return // it is gone
    if (seat.subscriber.full) return this.#keepBehind(seat, seat.cursor)
    const after = seat.cursor
    seat.state = 'live'
    this.#joinLive(seat)
    this.#showBatch(seat, batch, after)
  }

  /** To live seats alone: one that is behind never learns of it. */
  #deliverEphemeral(events: readonly EphemeralEvent[]): void {
    for (const [cohort, seats] of this.#live) {
      const rendering = cohort.render(events)
      if ((rendering.ends.at(-1) ?? 0) === 0) continue
      for (const seat of seats) seat.showEphemeral(rendering, events)
    }
  }

  #reach(seat: Seat): void {
    this.#ahead.delete(seat)
    seat.subscriber.serve()
  }

  /** Seats that are behind go at once; live ones are still shown what came before the removal, and the removal. */
  #foresee(removal: Removal): void {
    this.#removals.push(removal)
    for (const seat of this.#seats)
      if (seat.state !== 'live' && concerns(removal, seat)) this.#expel(seat, removal)
  }

  #remove(removal: Removal): void {
    this.#removals.shift()
    for (const seat of this.#seats) if (concerns(removal, seat)) this.#expel(seat, removal)
  }

  #expel(seat: Seat, removal: Removal): void {
    const isShown = seat.hasShown(removal.seq)
    this.leave(seat)
    seat.removed(isShown ? undefined : removal)
  }
}

/** A seat that begins at the removal or after it is a later subscription, and stays. */
function concerns(removal: Removal, seat: Seat): boolean {
  return seat.person.id === removal.person.id && seat.since < removal.seq
}
