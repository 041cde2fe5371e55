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

export interface TelnetListener {
  /** Bytes to be sent as they are. */
  answer(bytes: Uint8Array): void
  /** The user pressed the key for: stop this. */
  interrupt(): void
}

/** One client's telnet. A client is taken for one when it sends a telnet command, not before. */
export class Telnet {
  readonly #listener: TelnetListener
  #state: State = 'text'
  #verb = 0
  #afterCr = false
  #spoken = false
  /** Whether we said WILL ECHO: the client shows nothing of what is typed. */
  #echoing = false

  constructor(listener: TelnetListener) {
    this.#listener = listener
  }

  /** The text in the chunk, CR NUL turned into LF (RFC 1123, section 3.3.1: that is what Enter may send). */
  read(chunk: Buffer): Buffer {
    if (
      this.#state === 'text' &&
      !this.#afterCr &&
      chunk.at(-1) !== CR &&
      !chunk.includes(IAC) &&
      !chunk.includes(NUL)
    ) {
      return chunk
    }
    const text = Buffer.allocUnsafe(chunk.length)
    let length = 0
    for (const byte of chunk) {
      const kept = this.#readByte(byte)
      if (kept !== undefined) text[length++] = kept
    }
    return text.subarray(0, length)
  }

  /** From here on the client shows nothing of what its user types, if it is one that can be asked. */
  hide(): void {
    if (!this.#spoken || this.#echoing) return
    this.#say(WILL, ECHO)
    this.#echoing = true
  }

  /** @returns whether it showed nothing until now. */
  show(): boolean {
    const hidden = this.#echoing
    if (hidden) this.#say(WONT, ECHO)
    this.#echoing = false
    return hidden
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
    else if (byte === ARE_YOU_THERE) this.#listener.answer(Buffer.from('[Tertulia]\r\n'))
    else if (byte === INTERRUPT || byte === ABORT || byte === END_OF_FILE) this.#listener.interrupt()
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
    this.#listener.answer(Uint8Array.of(IAC, verb, option))
  }
}
