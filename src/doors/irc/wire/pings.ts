// What a client has surely received: its PONG confirms all that was sent before the PING.

import type { Seat } from '../../../core/log/seat.ts'
import type { RoomId, Seq } from '../../../core/model/model.ts'

/** How often a client that was sent something is asked: so much at most is sent again after a broken connection. */
const PING_INTERVAL_MS = 30_000

export class Pings {
  readonly #sendPing: () => void
  /** In the order of the PINGs, since some clients do not repeat the PING's text. */
  readonly #callbacks: (() => void)[] = []

  /** @param send sends a PING line */
  constructor(send: () => void) {
    this.#sendPing = send
  }

  /** Sends a PING. @param onPong called when the client has received all that was sent before */
  ping(onPong: () => void): void {
    this.#callbacks.push(onPong)
    this.#sendPing()
  }

  /** To be called for every PONG. */
  ponged(): void {
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
    const cursors = further.map(({ room, seen }) => [room, seen] as const)
    this.#isPinging = true
    this.#pings.ping(() => {
      this.#isPinging = false
      for (const [room, seen] of cursors) this.#cursors.set(room, seen)
    })
  }
}
