// Telnet's own bytes (RFC 854), taken out of what a client sends; what they ask for is answered.

import { Buffer } from 'node:buffer'

const IAC = 255
const DONT = 254
const DO = 253
const WONT = 252
const WILL = 251
const SB = 250
const ABORT = 238
const INTERRUPT = 244
const ARE_YOU_THERE = 246
const SE = 240
const END_OF_FILE = 236

const ECHO = 1 // RFC 857
const SUPPRESS_GO_AHEAD = 3 // RFC 858

const LF = 10
const CR = 13
const NUL = 0

type State = 'text' | 'command' | 'option' | 'subnegotiation' | 'subnegotiation-command'

export interface Read {
  /** What is no telnet, CR NUL turned into LF (RFC 1123, section 3.3.1: that is what Enter may send). */
  readonly text: Buffer
  /** Bytes to be sent back as they are; maybe none. */
  readonly answer: Uint8Array
  /** The user pressed the key for: stop this. */
  readonly interrupted: boolean
}

const NOTHING = new Uint8Array()
const HERE = Buffer.from('[Tertulia]\r\n')

/** One client's telnet. A client is taken for one when it sends a telnet command, not before. */
export class Telnet {
  #state: State = 'text'
  #verb = 0
  #afterCr = false
  #spoken = false
  /** Whether we said WILL ECHO: the client shows nothing of what is typed. */
  #echoing = false
  #answer: number[] = []
  #interrupted = false

  read(chunk: Buffer): Read {
    if (this.#isPlain(chunk)) return { text: chunk, answer: NOTHING, interrupted: false }
    const text = Buffer.allocUnsafe(chunk.length)
    let length = 0
    for (const byte of chunk) {
      const kept = this.#readByte(byte)
      if (kept !== undefined) text[length++] = kept
    }
    const read = {
      text: text.subarray(0, length),
      answer: Uint8Array.from(this.#answer),
      interrupted: this.#interrupted,
    }
    this.#answer = []
    this.#interrupted = false
    return read
  }

  /** From here on the client shows nothing of what its user types, if it is one that can be asked: the bytes for that. */
  hide(): Uint8Array {
    if (!this.#spoken || this.#echoing) return NOTHING
    this.#echoing = true
    return Uint8Array.of(IAC, WILL, ECHO)
  }

  /** It shows it again; the Enter that ended the line was not shown either. */
  show(): Uint8Array {
    if (!this.#echoing) return NOTHING
    this.#echoing = false
    return Uint8Array.of(IAC, WONT, ECHO, CR, LF)
  }

  #isPlain(chunk: Buffer): boolean {
    if (this.#state !== 'text' || this.#afterCr || chunk.at(-1) === CR) return false
    return !chunk.includes(IAC) && !chunk.includes(NUL)
  }

  #readByte(byte: number): number | undefined {
    switch (this.#state) {
      case 'text':
        return this.#readText(byte)
      case 'command':
        return this.#readCommand(byte)
      case 'option':
        this.#state = 'text'
        this.#negotiate(this.#verb, byte)
        return undefined
      case 'subnegotiation':
        if (byte === IAC) this.#state = 'subnegotiation-command'
        return undefined
      case 'subnegotiation-command':
        this.#state = byte === SE ? 'text' : 'subnegotiation'
        return undefined
    }
  }

  #readText(byte: number): number | undefined {
    const afterCr = this.#afterCr
    this.#afterCr = byte === CR
    if (byte === IAC) this.#state = 'command'
    else return afterCr && byte === NUL ? LF : byte
    return undefined
  }

  #readCommand(byte: number): number | undefined {
    this.#spoken = true
    this.#state = 'text'
    if (byte === IAC) return IAC // doubled: the byte itself, which is no UTF-8 and is shown as such
    if (byte >= WILL && byte <= DONT) {
      this.#verb = byte
      this.#state = 'option'
    } else if (byte === SB) this.#state = 'subnegotiation'
    else if (byte === ARE_YOU_THERE && this.#answer.length === 0) this.#answer.push(...HERE)
    else if (byte === INTERRUPT || byte === ABORT || byte === END_OF_FILE) this.#interrupted = true
    return undefined
  }

  /** We offer ECHO, while a password is typed, and SUPPRESS-GO-AHEAD, and want nothing of the client. */
  #negotiate(verb: number, option: number): void {
    if (verb === WILL) this.#say(DONT, option)
    else if (verb === DO && option === SUPPRESS_GO_AHEAD) this.#say(WILL, option)
    else if (verb === DO && !(option === ECHO && this.#echoing)) this.#say(WONT, option)
    else if (verb === DONT && option === ECHO) this.#echoing = false
  }

  #say(verb: number, option: number): void {
    this.#answer.push(IAC, verb, option)
  }
}
