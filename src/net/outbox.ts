// The bounded output of one connection.

import type { Duplex } from 'node:stream'

/** Bytes that may wait in our memory for a peer that reads slowly, besides the kernel's buffers. */
const OUTBOX_BYTES = 256 << 10
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
  #full = false

  /** @param drained called when a full outbox is empty again */
  constructor(socket: Duplex, drained: () => void) {
    this.#socket = socket
    socket.on('drain', () => {
      clearInterval(this.#watch)
      this.#watch = undefined
      const wasFull = this.#full
      this.#full = false
      if (wasFull) drained()
    })
    socket.on('close', () => clearInterval(this.#watch))
  }

  /** Writes the bytes in any case. @returns false if it is full: write nothing more before `drained` */
  write(bytes: Uint8Array | string): boolean {
    if (!this.#socket.writable) return true // already ended
    if (this.#socket.write(bytes)) return true
    this.#closeWhenStalled()
    this.#full = this.#socket.writableLength >= OUTBOX_BYTES
    return !this.#full
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
    let waiting = this.#socket.writableLength
    let since = performance.now()
    this.#watch = setInterval(() => {
      const now = performance.now()
      if (this.#socket.writableLength !== waiting) since = now
      waiting = this.#socket.writableLength
      if (now - since >= STALLED_MS) this.#socket.destroy()
    }, LOOK_MS)
  }
}
