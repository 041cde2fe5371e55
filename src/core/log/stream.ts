// A room's events on this node, in order and without a gap, made out of the bus's hints and the log.

import {
  type EphemeralEvent,
  isEphemeral,
  type LogEvent,
  type RoomEvent,
  type RoomId,
  type Seq,
} from '../model/model.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { costOf, showingCost } from './history.ts'
import { ReorderBuffer } from './reorder-buffer.ts'

/** The most that the events of a batch cost to show once, in bytes, about (history.ts); one alone may cost more. */
const BATCH = 512 << 10
/** Beyond this cost no more events are kept pending: the rest is read from the log when its turn comes. */
const PENDING = 8 << 20
/** Events asked for by one read of a gap. */
const GAP_PAGE = 1024
/** How long a missing hint is waited for, after a later one has come, before the log is read instead. */
const LATE_MS = 10

export interface StreamDeps {
  readonly log: Pick<Log, 'readInTurn'>
  readonly clock: Clock
  /** Told when the log could not be read; the next hint or sweep tries again. */
  readonly onError: (error: unknown) => void
}

export interface StreamListener {
  /** The event is the stream's next one; it is pending. */
  accepted(event: LogEvent): void
  /** There are pending events. */
  ready(): void
  /** So many people are in the room that typing is not shown. */
  readonly isCrowded: boolean
}

/**
 * Takes each seq once and in order, whatever the bus loses, repeats, delays or swaps. A missing event is waited for
 * briefly, then read from the log. Ephemeral events keep their place among the others.
 */
export class GaplessStream {
  readonly #room: RoomId
  readonly #deps: StreamDeps
  readonly #listener: StreamListener
  /** Accepted but not taken yet: without a gap, ephemeral events between. */
  #pending: RoomEvent[] = []
  #pendingCost = 0
  /** The last seq accepted. */
  #accepted = 0 as Seq
  /** The greatest seq that a hint, a sweep or a subscription has named. */
  #knownHead = 0 as Seq
  /** Hints from beyond a gap. */
  readonly #early = new ReorderBuffer()
  #started = false
  #filling = false
  /** While a late hint is waited for: stops waiting. */
  #stopWaiting: (() => void) | undefined

  constructor(room: RoomId, deps: StreamDeps, listener: StreamListener) {
    this.#room = room
    this.#deps = deps
    this.#listener = listener
  }

  /** The stream begins after `head`. Events received before are dropped, but their seqs are remembered. */
  start(head: Seq): void {
    this.#accepted = head
    this.#started = true
    this.noteHead(head)
  }

  /** Waits for nothing any more. */
  close(): void {
    this.#stopWaiting?.()
  }

  /** The number of pending events. */
  get length(): number {
    return this.#pending.length
  }

  /** The room's log is known to reach `seq`: what has not been received up to there is read. */
  noteHead(seq: Seq): void {
    if (seq > this.#knownHead) this.#knownHead = seq
    if (this.#started && this.#knownHead > this.#accepted) this.#fill()
  }

  receive(events: readonly RoomEvent[]): void {
    for (const event of events) {
      if (!isEphemeral(event)) this.#accept(event)
      else if (this.#isWanted(event)) this.#push(event)
    }
    if (this.#pending.length > 0) this.#listener.ready()
    if (this.#knownHead > this.#accepted) this.#waitForLate()
  }

  /** Takes the next events, at most a batch: all in the log or all ephemeral. A removal ends a batch. */
  takeBatch(): readonly RoomEvent[] {
    const [next] = this.#pending
    const taken = this.#pending.splice(0, next ? this.#batchLength(isEphemeral(next)) : 0)
    for (const event of taken) this.#pendingCost -= costOf(event)
    return taken
  }

  /** Continues to read a gap, unless a late hint is still waited for. Called after a batch, since that made room. */
  refill(): void {
    if (!this.#stopWaiting) this.noteHead(this.#knownHead)
  }

  /** Typing of other nodes is not shown in a crowd (Chat.typing does not send it either); signals are dropped when too much is pending. */
  #isWanted({ kind }: EphemeralEvent): boolean {
    if (kind === 'signal') return this.#pendingCost <= PENDING
    return kind === 'presence' || !this.#listener.isCrowded
  }

  /** The next seq is accepted, a lower one is a repeat, a higher one shows a gap and is kept until that is filled. */
  #accept(event: LogEvent): void {
    if (event.seq > this.#knownHead) this.#knownHead = event.seq
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
    this.#listener.accepted(event)
  }

  #push(event: RoomEvent): void {
    this.#pending.push(event)
    this.#pendingCost += costOf(event)
  }

  /** What is missing may be on its way. */
  #waitForLate(): void {
    if (!this.#started || this.#filling) return
    this.#stopWaiting ??= this.#deps.clock.after(LATE_MS, () => {
      this.#stopWaiting = undefined
      this.noteHead(this.#knownHead)
    })
  }

  #fill(): void {
    if (this.#filling || this.#pendingCost > PENDING) return
    this.#filling = true
    this.#deps.log.readInTurn(this.#room, this.#accepted, GAP_PAGE).then(
      events => {
        this.#filling = false
        if (events.length === 0) this.#knownHead = this.#accepted // somebody named a seq that does not exist
        this.receive(events)
        this.#early.forget(this.#accepted)
        this.noteHead(this.#knownHead)
      },
      error => {
        this.#filling = false
        this.#deps.onError(error)
      },
    )
  }

  #batchLength(ephemeral: boolean): number {
    let cost = 0
    let length = 0
    for (const event of this.#pending) {
      if (isEphemeral(event) !== ephemeral) break
      cost += showingCost(event)
      if (length > 0 && cost > BATCH) break
      length++
      if (event.kind === 'removal') break
    }
    return length
  }
}
