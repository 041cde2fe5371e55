// One feed per room and node is the only one that delivers. It makes a gapless stream out of the bus's hints and
// the log, and shows it to the room's seats: at once to those who keep up, from the log to those who don't.

import {
  type Author,
  type EphemeralEvent,
  isEphemeral,
  isLogged,
  type LogEvent,
  type Removal,
  type RoomEvent,
  type RoomId,
  type Seq,
  type UserId,
} from '../model/model.ts'
import type { Bus } from '../ports/bus.ts'
import type { Clock } from '../ports/clock.ts'
import type { Cohort } from '../ports/delivery.ts'
import type { Log } from '../ports/log.ts'
import { MANY } from '../presence/presence.ts'
import type { RoomDisplay } from '../sessions/sessions.ts'
import { costOf, EventRange, type History } from './history.ts'
import type { Pacer } from './pacer.ts'
import { ReorderBuffer } from './reorder-buffer.ts'
import type { Seat } from './seat.ts'

/** A batch is cut when its happenings cost this much memory (history.ts, costOf), about. */
const BATCH = 512 << 10
/** More than this is not kept waiting, in costOf bytes: it is read from the log when its turn comes. */
const PENDING = 8 << 20
/** Bytes that who catches up is written at once: so little that a slow reader's progress shows (net/outbox.ts). */
const SHARE = 64 << 10
/** Events that one reading of a gap asks for. */
const GAP_PAGE = 1024
/** A hint may come so much later than the one behind it, before the log is read instead. */
const LATE_MS = 10

export interface FeedDeps {
  readonly log: Pick<Log, 'readInTurn' | 'heads'>
  readonly bus: Pick<Bus, 'subscribe'>
  readonly clock: Clock
  readonly pacer: Pacer
  readonly history: History
  /** Told when the log could not be read; the next hint or sweep tries again. */
  readonly onError: (error: unknown) => void
}

export class RoomFeed {
  readonly room: RoomId
  readonly #deps: FeedDeps
  readonly #stopListening: () => void
  readonly #seats = new Set<Seat>()
  readonly #live = new Map<Cohort, Set<Seat>>()
  /** Seats that subscribed further on than the feed has come. */
  readonly #ahead = new Set<Seat>()
  #delivered = 0 as Seq
  /** What comes after `#delivered`, without a hole, presence between. */
  #pending: RoomEvent[] = []
  #pendingCost = 0
  /** The removals among what is pending. */
  readonly #removals: Removal[] = []
  /** The last seq delivered or pending. */
  #accepted = 0 as Seq
  /** The greatest seq that a hint, a sweep or a subscription spoke of. */
  #heard = 0 as Seq
  /** Hints of what comes behind a gap. */
  readonly #early = new ReorderBuffer()
  #started = false
  #closed = false
  #filling = false
  /** While a late hint is waited for: how to wait no more. */
  #stopWaiting: (() => void) | undefined

  /** Listens from now on; `start` tells it where the room stands. */
  constructor(room: RoomId, deps: FeedDeps) {
    this.room = room
    this.#deps = deps
    this.#stopListening = deps.bus.subscribe(room, {
      receive: happenings => this.#receive(happenings),
      reaches: seq => this.noteHead(seq),
    })
  }

  /** @param head read from the store after the feed was made, so that nothing falls between. */
  start(head: Seq): void {
    this.#delivered = this.#accepted = head
    this.#started = true
    this.noteHead(head)
  }

  /** The last seq that everybody live has been shown. */
  get delivered(): Seq {
    return this.#delivered
  }

  /** Seats in it. */
  get size(): number {
    return this.#seats.size
  }

  get isEmpty(): boolean {
    return this.#seats.size === 0
  }

  /** Whoever has a seat in it, on whatever connections: those of the room who are there. */
  get people(): ReadonlyMap<UserId, Author> {
    return new Map([...this.#seats].map(({ person }) => [person.id, person]))
  }

  get isClosed(): boolean {
    return this.#closed
  }

  /** Stops listening; it can't be started again. */
  close(): void {
    this.#closed = true
    this.#stopWaiting?.()
    this.#stopListening()
  }

  /** The room's log is known to reach `seq`: what the bus did not tell is read. */
  noteHead(seq: Seq): void {
    if (seq > this.#heard) this.#heard = seq
    if (this.#started && this.#heard > this.#accepted) this.#fill()
  }

  /** Shown behind what happened before, without a place in the log. */
  showEphemeral(passing: EphemeralEvent): void {
    this.#receive([passing])
  }

  // --- seats ---------------------------------------------------------------------------------------------

  /** Every subscription starts behind, and is a seat of its own. */
  join(seat: Seat): void {
    this.#seats.add(seat)
    if (seat.cursor > this.#delivered) this.#ahead.add(seat)
    this.noteHead(seat.cursor)
  }

  leave(seat: Seat): void {
    if (seat.state === 'gone') return
    this.#leaveLive(seat)
    seat.cursor = seat.lastShown // where a move to another door goes on
    seat.state = 'gone'
    this.#seats.delete(seat)
    this.#ahead.delete(seat)
    seat.subscriber.left(seat)
    seat.ended()
  }

  /** The seat's connection is full: its place is kept, and nothing is queued for it. */
  fallBehind(seat: Seat): void {
    if (seat.state !== 'live') return
    this.#leaveLive(seat)
    seat.cursor = this.#delivered
    seat.state = 'behind'
    const removal = this.#removals.find(each => concerns(each, seat))
    if (removal) this.#expel(seat, removal)
  }

  /** The seat is shown the room in another way from now on. */
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

  /** Reads to the seat what it missed, page by page, never past `delivered`, while its subscriber has room. */
  catchUp(seat: Seat): void {
    if (seat.cursor === this.#delivered) return this.#goLive(seat)
    seat.state = 'reading'
    this.#deps.history.range(this.room, seat.cursor, this.#delivered).then(
      stretch => this.#deps.pacer.spare(() => this.#show(seat, stretch)),
      error => this.#fail(seat, error),
    )
  }

  #show(seat: Seat, stretch: EventRange): void {
    if (seat.state !== 'reading') return
    if (stretch.last <= seat.cursor)
      return this.#fail(seat, new Error(`room ${this.room} ends before ${this.#delivered}`))
    seat.state = 'behind'
    if (!seat.subscriber.full) {
      const after = seat.cursor
      seat.cursor = stretch.lastWithin(SHARE, seat.cohort, after)
      seat.show(stretch, after, seat.cursor)
      seat.shownUpTo(seat.cursor)
      seat.progressed()
    }
    if (seat.subscriber.full || !this.canServe(seat)) return seat.subscriber.settled(seat)
    if (seat.cursor === stretch.last) return this.catchUp(seat)
    seat.state = 'reading' // the rest of this stretch
    this.#deps.pacer.spare(() => this.#show(seat, stretch))
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

  // --- the stream ----------------------------------------------------------------------------------------

  #receive(happenings: readonly RoomEvent[]): void {
    for (const happening of happenings) {
      if (!isEphemeral(happening)) this.#accept(happening)
      else if (this.#passesOn(happening)) this.#push(happening)
    }
    if (this.#pending.length > 0) this.#deps.pacer.ready(this)
    if (this.#heard > this.#accepted) this.#waitForLate()
  }

  /** Who types is no news among many; what programs tell each other is not kept waiting without bounds. */
  #passesOn({ kind }: EphemeralEvent): boolean {
    if (kind === 'signal') return this.#pendingCost <= PENDING
    return kind === 'presence' || this.size <= MANY
  }

  /** The next seq is taken, a lower one is there already, a higher one tells of a gap and is kept until that is filled. */
  #accept(event: LogEvent): void {
    if (event.seq > this.#heard) this.#heard = event.seq
    if (!this.#started || this.#pendingCost > PENDING) return
    if (event.seq !== this.#accepted + 1) {
      if (event.seq > this.#accepted) this.#early.keep(event)
      return
    }
    this.#append(event)
    for (let next = this.#nextEarly(); next; next = this.#nextEarly()) this.#append(next)
  }

  #nextEarly(): LogEvent | undefined {
    return this.#early.take((this.#accepted + 1) as Seq)
  }

  #append(event: LogEvent): void {
    this.#accepted = event.seq
    this.#push(event)
    if (event.kind === 'removal') this.#foresee(event)
    if (event.kind === 'edit' || event.kind === 'deletion') this.#deps.history.forget(this.room)
  }

  #push(happening: RoomEvent): void {
    this.#pending.push(happening)
    this.#pendingCost += costOf(happening)
  }

  /** What lacks may be on its way. */
  #waitForLate(): void {
    if (!this.#started || this.#filling) return
    this.#stopWaiting ??= this.#deps.clock.after(LATE_MS, () => {
      this.#stopWaiting = undefined
      this.noteHead(this.#heard)
    })
  }

  #fill(): void {
    if (this.#filling || this.#pendingCost > PENDING) return
    this.#filling = true
    this.#deps.log.readInTurn(this.room, this.#accepted, GAP_PAGE).then(
      events => {
        this.#filling = false
        if (events.length === 0) this.#heard = this.#accepted // somebody spoke of what is not there
        this.#receive(events)
        this.#early.forget(this.#accepted)
        this.noteHead(this.#heard)
      },
      error => {
        this.#filling = false
        this.#deps.onError(error)
      },
    )
  }

  /** Shows one batch to everybody live. Called by the pacer, once for each time it was told `ready`. */
  deliver(): number {
    const waiting = this.#pending.length
    const [next] = this.#pending
    if (next && isEphemeral(next)) this.#announce()
    else if (next) this.#deliverEvents(next.seq)
    const left = this.#pending.length
    if (left > 0) this.#deps.pacer.ready(this)
    if (!this.#stopWaiting) this.noteHead(this.#heard)
    return waiting - left
  }

  #deliverEvents(first: Seq): void {
    const batch = new EventRange(first, this.#take(this.#batchLength(isLogged)) as LogEvent[])
    const before = this.#delivered
    // point: before-delivery
    this.#delivered = batch.last
    for (const seats of this.#live.values()) {
      for (const seat of seats) {
        seat.show(batch, before, batch.last)
        // point: mid-delivery
        seat.shownUpTo(this.#delivered)
      }
    }
    const last = batch.events.at(-1)
    if (last?.kind === 'removal') this.#remove(last)
    for (const seat of this.#ahead) if (seat.cursor <= this.#delivered) this.#arrive(seat)
  }

  /** Tells everybody live but the person that each is about; who is behind never learns of it. */
  #announce(): void {
    const passing = this.#take(this.#batchLength(isEphemeral)) as EphemeralEvent[]
    for (const [cohort, seats] of this.#live) {
      const rendering = cohort.render(passing)
      if ((rendering.ends.at(-1) ?? 0) === 0) continue
      for (const seat of seats) seat.showEphemeral(rendering, passing)
    }
  }

  /** As many of these as fit a batch; it ends at a removal, which is applied before the next one. */
  #batchLength(belongs: (happening: RoomEvent) => boolean): number {
    let cost = 0
    let length = 0
    for (const happening of this.#pending) {
      if (!belongs(happening) || cost >= BATCH) break
      cost += costOf(happening)
      length++
      if (happening.kind === 'removal') break
    }
    return length
  }

  #take(length: number): RoomEvent[] {
    const taken = this.#pending.splice(0, length)
    for (const happening of taken) this.#pendingCost -= costOf(happening)
    return taken
  }

  #arrive(seat: Seat): void {
    this.#ahead.delete(seat)
    seat.subscriber.serve()
  }

  /** Seats that are behind go at once; those that keep up are shown what came before, and the removal. */
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

/** A seat that begins at or behind the removal is a later subscription, and stays. */
function concerns(removal: Removal, seat: Seat): boolean {
  return seat.person.id === removal.person.id && seat.since < removal.seq
}
