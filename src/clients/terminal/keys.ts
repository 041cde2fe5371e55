// Terminal input as UTF-8, whatever encoding the terminal uses: readline would turn other bytes into U+FFFD and lose them.

import { Buffer, isUtf8 } from 'node:buffer'
import { PassThrough } from 'node:stream'
import type { ReadStream } from 'node:tty'

/** The bytes of one character arrive within this time. */
const CHARACTER_MS = 50

/** A terminal's input stream, for readline. */
export class Keys extends PassThrough {
  readonly isTTY = true
  readonly #input: Pick<ReadStream, 'on' | 'setRawMode'>
  readonly #foreign: (bytes: Buffer) => string
  /** Possibly the beginning of a character. */
  #held = Buffer.alloc(0)
  #waiting: NodeJS.Timeout | undefined

  /** @param foreign decodes bytes that are not UTF-8 */
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
    if (this.#held.length > 0) this.#waiting = setTimeout(() => this.#release(), CHARACTER_MS)
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

/** How many bytes at the end are the beginning of a character whose rest is missing (RFC 3629, section 3). */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte >= 0xc0) return back < lengthOf(byte) ? back : 0
    if (byte < 0x80) return 0
  }
  return 0
}

/** The length in bytes of a character that begins with this byte, which is at least 0xc0. */
function lengthOf(first: number): number {
  if (first >= 0xf0) return 4
  return first >= 0xe0 ? 3 : 2
}
