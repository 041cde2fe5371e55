// What a client has surely got: it answers PING behind all that came before it.

import type { Seat } from '../../../core/log/seat.ts'
import type { RoomId, Seq } from '../../../core/model/model.ts'

/** How often a client is asked that has been shown something meanwhile: so much is shown again to one that died. */
const ASKED_MS = 30_000

export class Pings {
  readonly #ask: () => void
  /** In the order in which they were asked: some clients answer in words of their own. */
  readonly #waiting: (() => void)[] = []

  /** @param ask says PING */
  constructor(ask: () => void) {
    this.#ask = ask
  }

  /** @param got told when the client has got all that was said so far */
  ask(got: () => void): void {
    this.#waiting.push(got)
    this.#ask()
  }

  /** PONG has come. */
  answered(): void {
    this.#waiting.shift()?.()
  }
}

/** How far a client has got each of its rooms. */
export class ConfirmedCursors {
  readonly #pings: Pings
  readonly #seats: () => Iterable<Seat>
  readonly #got = new Map<RoomId, Seq>()
  #timer: NodeJS.Timeout | undefined
  #isAsking = false

  constructor(pings: Pings, seats: () => Iterable<Seat>) {
    this.#pings = pings
    this.#seats = seats
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#look(), ASKED_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  cursor({ room }: Pick<Seat, 'room'>): Seq {
    return this.#got.get(room) ?? (0 as Seq)
  }

  #look(): void {
    const further = [...this.#seats()].filter(seat => seat.seen > Math.max(seat.marked, this.cursor(seat)))
    if (this.#isAsking || further.length === 0) return
    const places = further.map(({ room, seen }) => [room, seen] as const)
    this.#isAsking = true
    this.#pings.ask(() => {
      this.#isAsking = false
      for (const [room, seen] of places) this.#got.set(room, seen)
    })
  }
}
