// What a client has surely received: its PONG confirms all that was sent before the PING.

import type { Seat } from '../../../core/log/seat.ts'
import type { RoomId, Seq } from '../../../core/model/model.ts'

/** How often a client that was sent something is asked: so much at most is sent again after a broken connection. */
const PING_INTERVAL_MS = 30_000

export class Pings {
  readonly #sendPing: () => void
  /** In the order of the PINGs, since some clients do not repeat the PING's text. */
  readonly #callbacks: (() => void)[] = []

  /** @param ask sends a PING */
  constructor(ask: () => void) {
    this.#sendPing = ask
  }

  /** Sends a PING. @param got called when the client has received all that was sent before */
  ask(got: () => void): void {
    this.#callbacks.push(got)
    this.#sendPing()
  }

  /** To be called for every PONG. */
  answered(): void {
    this.#callbacks.shift()?.()
  }
}

/** How far a client has confirmed each of its rooms. */
export class ConfirmedCursors {
  readonly #pings: Pings
  readonly #seats: () => Iterable<Seat>
  readonly #cursors = new Map<RoomId, Seq>()
  #timer: NodeJS.Timeout | undefined
  #isPinging = false

  constructor(pings: Pings, seats: () => Iterable<Seat>) {
    this.#pings = pings
    this.#seats = seats
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#check(), PING_INTERVAL_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  cursor({ room }: Pick<Seat, 'room'>): Seq {
    return this.#cursors.get(room) ?? (0 as Seq)
  }

  #check(): void {
    const further = [...this.#seats()].filter(seat => seat.seen > Math.max(seat.marked, this.cursor(seat)))
    if (this.#isPinging || further.length === 0) return
    const places = further.map(({ room, seen }) => [room, seen] as const)
    this.#isPinging = true
    this.#pings.ask(() => {
      this.#isPinging = false
      for (const [room, seen] of places) this.#cursors.set(room, seen)
    })
  }
}
