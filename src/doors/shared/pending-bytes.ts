// Bytes that have come and are not cut into inputs yet. Cut, a line of one byte takes seventy times the memory, so whoever
// is read slowly has most of what waits kept as it came.

import { Buffer } from 'node:buffer'

/** Bytes that are cut at a time. */
const PIECE = 4096
const NOTHING = Buffer.alloc(0)

export class PendingBytes {
  #bytes: Buffer = NOTHING

  get isEmpty(): boolean {
    return this.#bytes.length === 0
  }

  add(bytes: Buffer): void {
    this.#bytes = this.isEmpty ? bytes : Buffer.concat([this.#bytes, bytes])
  }

  /** Takes the next piece; empty where nothing is left. */
  take(): Buffer {
    const piece = this.#bytes.subarray(0, PIECE)
    this.#bytes = piece.length === this.#bytes.length ? NOTHING : this.#bytes.subarray(PIECE)
    return piece
  }

  takeAll(): Buffer {
    const all = this.#bytes
    this.#bytes = NOTHING
    return all
  }
}
