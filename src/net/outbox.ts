// The bounded output of one connection.

import type { Duplex } from 'node:stream'

/** Bytes that may wait in our memory for a peer that reads slowly, besides the kernel's buffers. */
const OUTBOX_BYTES = 256 << 10
/** After an outbox has been full for this long, what is written counts as others’ activity, not as answers to the peer. */
const ANSWER_MS = 10_000
/** A peer with this many such bytes waiting is disconnected. */
const MOST_LATE_BYTES = 256 << 10
/** A peer that takes nothing for this long, though output waits, is disconnected. */
const STALLED_MS = 60_000
const LOOK_MS = 2_000
/** How long an ended connection has to take its output, however slowly. */
const GOODBYE_MS = 60_000
/** How long the peer has to end its side after all output has gone out. */
const LINGER_MS = 2_000

export class Outbox {
  readonly #socket: Duplex
  #watch: NodeJS.Timeout | undefined
  /** Bytes given to the socket here. */
  #written = 0
  /** When the peer was last seen to take something; undefined while nothing waits. */
  #tookAt: number | undefined
  /** Since when it has been full; undefined while it is not. */
  #fullSince: number | undefined
  /** Bytes written after it had been full for ANSWER_MS. */
  #late = 0

  /** @param drained called when a full outbox is empty again */
  constructor(socket: Duplex, drained: () => void) {
    this.#socket = socket
    socket.on('drain', () => {
      this.#stopWatching()
      const wasFull = this.#fullSince !== undefined
      this.#fullSince = undefined
      this.#late = 0
      if (wasFull) drained()
    })
    socket.on('close', () => this.#stopWatching())
  }

  /** Milliseconds for which the peer has taken nothing of what waits. */
  get stalledFor(): number {
    return this.#tookAt === undefined ? 0 : performance.now() - this.#tookAt
  }

  /** Writes the bytes in any case. @returns false if it is full: write nothing more before `drained` */
  write(bytes: Uint8Array | string): boolean {
    if (!this.#socket.writable) return true // already ended
    const length = Buffer.byteLength(bytes)
    this.#written += length
    if (this.#isLate) this.#late += length
    if (!this.#socket.write(bytes)) {
      this.#closeWhenStalled()
      if (this.#socket.writableLength >= OUTBOX_BYTES) this.#fullSince ??= performance.now()
    }
    if (this.#late >= MOST_LATE_BYTES) this.#socket.destroy()
    return this.#fullSince === undefined
  }

  get #isLate(): boolean {
    return this.#fullSince !== undefined && performance.now() - this.#fullSince >= ANSWER_MS
  }

  /** Ends the connection when all output has gone out, or after GOODBYE_MS. */
  end(): void {
    if (this.#socket.destroyed) return
    this.#socket.end(() => {
      const linger = setTimeout(() => this.#socket.destroy(), LINGER_MS)
      this.#socket.on('close', () => clearTimeout(linger))
    })
    const goodbye = setTimeout(() => this.#socket.destroy(), GOODBYE_MS)
    this.#socket.on('close', () => clearTimeout(goodbye))
    this.#closeWhenStalled()
  }

  #closeWhenStalled(): void {
    if (this.#watch) return
    let taken = this.#taken
    this.#tookAt = performance.now()
    this.#watch = setInterval(() => {
      if (this.#taken > taken) this.#tookAt = performance.now()
      taken = Math.max(taken, this.#taken)
      if (this.stalledFor >= STALLED_MS) this.#socket.destroy()
    }, LOOK_MS)
  }

  /** The bytes that are no longer in our memory. Others may write to the socket, too: it is never too many. */
  get #taken(): number {
    return this.#written - this.#socket.writableLength
  }

  #stopWatching(): void {
    clearInterval(this.#watch)
    this.#watch = undefined
    this.#tookAt = undefined
  }
}
