// Cuts a stream of bytes into lines of bounded length.

import { Buffer, isUtf8 } from 'node:buffer'

const LF = 10
const CR = 13

/**
 * Cuts a stream at LF and CR LF, wherever its packets are split, and decodes each line as UTF-8; invalid bytes become
 * U+FFFD unless `notUtf8` takes the line. Keeps at most `longest` bytes, however long a line is.
 */
export class LineSplitter {
  readonly #longest: number
  readonly #line: (text: string) => void
  readonly #tooLong: () => void
  readonly #notUtf8: ((bytes: Buffer) => void) | undefined
  #carry: Buffer[] = []
  #carried = 0
  /** The line being received is too long already: the rest of it is skipped. */
  #skipping = false

  /**
   * @param longest the most bytes of a line, without its end
   * @param line called with each line, without its end
   * @param tooLong called once for each line over the limit, which is dropped
   * @param notUtf8 called with each line that is not UTF-8, instead of `line`
   */
  constructor(
    longest: number,
    line: (text: string) => void,
    tooLong: () => void,
    notUtf8?: (bytes: Buffer) => void,
  ) {
    this.#longest = longest
    this.#line = line
    this.#tooLong = tooLong
    this.#notUtf8 = notUtf8
  }

  push(chunk: Buffer): void {
    const first = chunk.indexOf(LF)
    if (first === -1) return this.#keep(chunk)
    let start = 0
    if (this.#carried > 0 || this.#skipping) {
      this.#keep(chunk.subarray(0, first))
      this.#endCarried()
      start = first + 1
    }
    const last = chunk.lastIndexOf(LF)
    if (last >= start) this.#whole(chunk.subarray(start, last))
    if (last + 1 < chunk.length) this.#keep(chunk.subarray(last + 1))
  }

  /** Whether no unfinished line is held. */
  get isEmpty(): boolean {
    return this.#carried === 0 && !this.#skipping
  }

  /** Takes the unfinished line out. */
  takeRest(): Buffer {
    const rest = Buffer.concat(this.#carry)
    this.#forget()
    return rest
  }

  /** Call it when the stream has ended: an unfinished line is a line all the same. */
  end(): void {
    if (this.#carried > 0 || this.#skipping) this.#endCarried()
  }

  /** Takes complete lines, the last one without its LF. They are decoded together as long as none can be too long. */
  #whole(bytes: Buffer): void {
    for (let start = 0; start <= bytes.length; ) {
      const near = bytes.length - start <= this.#longest
      const last = near ? bytes.length : bytes.lastIndexOf(LF, start + this.#longest)
      if (last >= start && this.#isFine(bytes.subarray(start, last))) {
        for (const line of bytes.toString('utf8', start, last).split('\n')) this.#line(withoutCr(line))
        start = last + 1
      } else {
        const found = bytes.indexOf(LF, start)
        const end = found === -1 ? bytes.length : found
        this.#one(bytes.subarray(start, end))
        start = end + 1
      }
    }
  }

  #isFine(bytes: Buffer): boolean {
    return !this.#notUtf8 || isUtf8(bytes)
  }

  #one(bytes: Buffer): void {
    const length = bytes.at(-1) === CR ? bytes.length - 1 : bytes.length
    if (length > this.#longest) this.#tooLong()
    else if (this.#notUtf8 && !isUtf8(bytes)) this.#notUtf8(bytes.subarray(0, length))
    else this.#line(bytes.toString('utf8', 0, length))
  }

  #keep(bytes: Buffer): void {
    if (this.#skipping || bytes.length === 0) return
    this.#carry.push(bytes)
    this.#carried += bytes.length
    if (this.#carried > this.#longest + 1) {
      this.#forget()
      this.#skipping = true
    } else if (this.#carry.length > MANY_PIECES) {
      this.#carry = [Buffer.concat(this.#carry)]
    }
  }

  #endCarried(): void {
    if (this.#skipping) {
      this.#skipping = false
      this.#tooLong()
      return
    }
    const line = Buffer.concat(this.#carry)
    this.#forget()
    this.#one(line)
  }

  #forget(): void {
    this.#carry = []
    this.#carried = 0
  }
}

/** Pieces of a line that are held before they are joined: single bytes must not cost an object each. */
const MANY_PIECES = 64

function withoutCr(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
