// One connection that is shown rooms.

import type { Sink } from '../ports/delivery.ts'
import type { Seat } from './seat.ts'

/**
 * All seats of one connection. While its sink is full they are behind; once it drains they catch up, one room at a time,
 * so that a connection asks for one page of the log at once.
 */
export class Subscriber {
  readonly #sink: Sink
  readonly #seats = new Set<Seat>()
  #full = false
  #catchingUp: Seat | undefined

  constructor(sink: Sink) {
    this.#sink = sink
  }

  get full(): boolean {
    return this.#full
  }

  write(bytes: Uint8Array): void {
    if (this.#sink.write(bytes) || this.#full) return
    this.#full = true
    for (const seat of this.#seats) seat.feed.fallBehind(seat)
  }

  /** The sink has room again. */
  drained(): void {
    this.#full = false
    this.serve()
  }

  seated(seat: Seat): void {
    this.#seats.add(seat)
    this.serve()
  }

  left(seat: Seat): void {
    this.#seats.delete(seat)
    this.settled(seat)
  }

  /** The seat has caught up, waits for its feed, or is gone: the next one may catch up. */
  settled(seat: Seat): void {
    if (this.#catchingUp !== seat) return
    this.#catchingUp = undefined
    this.serve()
  }

  /** Lets the seats that are behind catch up, one room at a time. */
  serve(): void {
    if (this.#full || this.#catchingUp) return
    for (const seat of this.#seats) {
      if (!seat.feed.canServe(seat)) continue
      this.#catchingUp = seat
      seat.feed.catchUp(seat)
      return
    }
  }

  /** Leaves every room. */
  leave(): void {
    for (const seat of this.#seats) seat.feed.leave(seat)
  }
}
