// What is typed at a terminal, as UTF-8 whatever the terminal speaks: readline would make U+FFFD of it, which all look alike.

import { Buffer, isUtf8 } from 'node:buffer'
import { PassThrough } from 'node:stream'
import type { ReadStream } from 'node:tty'

/** The bytes of one character come together, or as close as this. */
const TOGETHER_MS = 50

/** A terminal's input, for readline. */
export class Keys extends PassThrough {
  readonly isTTY = true
  readonly #input: Pick<ReadStream, 'on' | 'setRawMode'>
  readonly #foreign: (bytes: Buffer) => string
  /** May be the beginning of a character. */
  #held = Buffer.alloc(0)
  #waiting: NodeJS.Timeout | undefined

  /** @param foreign what bytes that are no UTF-8 say */
  constructor(input: Pick<ReadStream, 'on' | 'setRawMode'>, foreign: (bytes: Buffer) => string) {
    super()
    this.#input = input
    this.#foreign = foreign
    input.on('data', (chunk: Buffer) => this.#take(chunk))
    input.on('end', () => {
      this.#release()
      this.end()
    })
  }

  setRawMode(raw: boolean): this {
    this.#input.setRawMode(raw)
    return this
  }

  #take(chunk: Buffer): void {
    clearTimeout(this.#waiting)
    const bytes = Buffer.concat([this.#held, chunk])
    const whole = bytes.length - unfinished(bytes)
    this.#held = bytes.subarray(whole)
    this.#pass(bytes.subarray(0, whole))
    if (this.#held.length > 0) this.#waiting = setTimeout(() => this.#release(), TOGETHER_MS)
  }

  #release(): void {
    clearTimeout(this.#waiting)
    this.#pass(this.#held)
    this.#held = Buffer.alloc(0)
  }

  #pass(bytes: Buffer): void {
    if (bytes.length > 0) this.write(isUtf8(bytes) ? bytes : this.#foreign(bytes))
  }
}

/** Bytes at the end that lack the rest of their character (RFC 3629, section 3). */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte >= 0xc0) return back < lengthOf(byte) ? back : 0
    if (byte < 0x80) return 0
  }
  return 0
}

/** @param first of a character, in bytes */
function lengthOf(first: number): number {
  if (first >= 0xf0) return 4
  return first >= 0xe0 ? 3 : 2
}
