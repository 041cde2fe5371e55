// The bounded way out of one connection.

import type { Duplex } from 'node:stream'

/** Bytes that may wait in our memory for a peer that reads slowly; the kernel keeps its own part besides. */
const OUTBOX_BYTES = 256 << 10
/** Who takes nothing for so long, though something waits, is gone. */
const STALLED_MS = 60_000
const LOOK_MS = 2_000
/** Who is sent away has so long to take what was said, however slowly they take it. */
const GOODBYE_MS = 60_000
/** When all has gone out, the peer has so long to end its side too. */
const LINGER_MS = 2_000

export class Outbox {
  readonly #socket: Duplex
  #watch: NodeJS.Timeout | undefined
  #full = false

  /**
   * @param drained told when a full outbox is empty again
   */
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

  /** Takes the bytes in any case; false when it is full, and nothing more should come before `drained`. */
  write(bytes: Uint8Array | string): boolean {
    if (!this.#socket.writable) return true // its end is on the way, and nobody reads any more
    if (this.#socket.write(bytes)) return true
    this.#closeWhenStalled()
    this.#full = this.#socket.writableLength >= OUTBOX_BYTES
    return !this.#full
  }

  /** Ends the connection when everything written has gone out, or the peer has had its time to take it. */
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
