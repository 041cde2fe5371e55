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
const WINDOW_SIZE = 31 // RFC 1073: NAWS
/** Of what it says then: the option, and two bytes each for columns and rows. */
const WINDOW_SIZE_LENGTH = 5

/** Nobody was asked for a subnegotiation, and none is so long: one without an end must not deafen a connection. */
const LONGEST_SUBNEGOTIATION = 256

const LF = 10
const CR = 13
const NUL = 0

type State = 'text' | 'command' | 'option' | 'subnegotiation' | 'subnegotiation-command'

export interface Read {
  /** What is no telnet. CR, CR LF and CR NUL are LF: Enter sends any of them (RFC 1123, section 3.3.1). */
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
  /** Bytes of the subnegotiation so far, and the first of them. */
  #passed = 0
  #heard: number[] = []
  #columns: number | undefined
  #spoken = false
  /** Whether we said WILL ECHO: the client shows nothing of what is typed. */
  #echoing = false
  /** Whether we show what is typed. */
  #keys = false
  #answer: number[] = []
  #interrupted = false

  /** Whether it has said anything in telnet; then its lines end with CR LF (RFC 854). */
  get spoken(): boolean {
    return this.#spoken
  }

  /** Of its screen, if it has said. */
  get columns(): number | undefined {
    return this.#columns
  }

  /** We wanted to show what it types, and it would not have it. */
  get echoesItself(): boolean {
    return this.#keys && this.#spoken && !this.#echoing
  }

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
    if (!this.#spoken || this.#echoing || this.#keys) return NOTHING
    this.#echoing = true
    return Uint8Array.of(IAC, WILL, ECHO)
  }

  /** It shows it again; the Enter that ended the line was not shown either. */
  show(): Uint8Array {
    if (!this.#echoing || this.#keys) return NOTHING
    this.#echoing = false
    return Uint8Array.of(IAC, WONT, ECHO, CR, LF)
  }

  /** It sends each key as it is pressed, whatever it was told: from here on we show what is typed. The bytes for that. */
  takeKeys(): Uint8Array {
    this.#keys = true
    if (!this.#spoken) return NOTHING
    this.#echoing = true
    return Uint8Array.of(IAC, WILL, ECHO, IAC, WILL, SUPPRESS_GO_AHEAD, IAC, DO, WINDOW_SIZE)
  }

  #isPlain(chunk: Buffer): boolean {
    if (this.#state !== 'text' || this.#afterCr) return false
    return !chunk.includes(IAC) && !chunk.includes(CR)
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
        return this.#passOver(byte)
      case 'subnegotiation-command':
        if (byte === SE) this.#endSubnegotiation()
        else this.#note(byte) // a byte of 255 is doubled
        return undefined
    }
  }

  /** It ends with its end, with the line, or when it was too long to be one. */
  #passOver(byte: number): number | undefined {
    if (byte === IAC) this.#state = 'subnegotiation-command'
    else if ((byte === LF || byte === CR) && !this.#isWindowSize) {
      this.#state = 'text'
      return this.#readText(byte)
    } else this.#note(byte)
    return undefined
  }

  /** Its numbers are any bytes, ends of lines too. */
  get #isWindowSize(): boolean {
    return this.#heard[0] === WINDOW_SIZE && this.#heard.length < WINDOW_SIZE_LENGTH
  }

  #note(byte: number): void {
    if (this.#heard.length < WINDOW_SIZE_LENGTH) this.#heard.push(byte)
    this.#state = ++this.#passed >= LONGEST_SUBNEGOTIATION ? 'text' : 'subnegotiation'
  }

  #endSubnegotiation(): void {
    const [option, high = 0, low = 0] = this.#heard
    this.#state = 'text'
    // Of none that has no columns nothing is known.
    if (option === WINDOW_SIZE) this.#columns = high * 256 + low || undefined
  }

  #readText(byte: number): number | undefined {
    const afterCr = this.#afterCr
    this.#afterCr = byte === CR
    if (byte === IAC) this.#state = 'command'
    else if (byte === CR) return LF
    else if (!afterCr || (byte !== LF && byte !== NUL)) return byte
    return undefined
  }

  #readCommand(byte: number): number | undefined {
    this.#spoken = true
    this.#state = 'text'
    if (byte === IAC) return IAC // doubled: the byte itself, which is no UTF-8 and is shown as such
    if (byte >= WILL && byte <= DONT) {
      this.#verb = byte
      this.#state = 'option'
    } else if (byte === SB) {
      this.#state = 'subnegotiation'
      this.#passed = 0
      this.#heard = []
    } else if (byte === ARE_YOU_THERE && this.#answer.length === 0) this.#answer.push(...HERE)
    else if (byte === INTERRUPT || byte === ABORT || byte === END_OF_FILE) this.#interrupted = true
    return undefined
  }

  /**
   * We offer ECHO while a password is typed, and SUPPRESS-GO-AHEAD to nobody who asks: clients that are granted it send
   * each key as it is pressed, and those that are not let their user edit the line. We want nothing of the client but, where
   * we edit its line, how broad its screen is.
   */
  #negotiate(verb: number, option: number): void {
    if (verb === WILL && option === WINDOW_SIZE && this.#keys) return // it was asked for it
    if (verb === WILL) this.#say(DONT, option)
    else if (verb === DO && !this.#offered(option)) this.#say(WONT, option)
    else if (verb === DONT && option === ECHO) this.#echoing = false
  }

  #offered(option: number): boolean {
    return (option === ECHO && this.#echoing) || (option === SUPPRESS_GO_AHEAD && this.#keys)
  }

  #say(verb: number, option: number): void {
    this.#answer.push(IAC, verb, option)
  }
}
