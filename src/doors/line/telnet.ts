// Telnet (RFC 854): takes its commands out of the stream and negotiates options.

import { Buffer } from 'node:buffer'
import { TERMINAL_CLIENT } from '../../wire/terminal-client.ts'

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
const [SUSPEND, BREAK, ABORT_OUTPUT] = [237, 243, 245]

/** What our terminal client sends between IAC SB and IAC SE. */
const OURS = TERMINAL_CLIENT.subarray(2, -2)

const BINARY = 0 // RFC 856
const ECHO = 1 // RFC 857
const SUPPRESS_GO_AHEAD = 3 // RFC 858
const WINDOW_SIZE = 31 // RFC 1073: NAWS
/** The length of its subnegotiation: the option, and two bytes each for columns and rows. */
const WINDOW_SIZE_LENGTH = 5

/** The longest subnegotiation in bytes. We ask for none that is longer, and one without an end must not swallow the rest. */
const LONGEST_SUBNEGOTIATION = 256

/**
 * The commands that inetutils' telnet sends in place of a byte until it has agreed to eight bits (BINARY): it compares only
 * seven bits with Ctrl-C, Ctrl-D, Ctrl-O, Ctrl-Z and Ctrl-\, and so finds them in Ú, я or an emoji.
 */
const SWALLOWED: ReadonlyMap<number, number> = new Map([
  [INTERRUPT, 0x83],
  [END_OF_FILE, 0x84],
  [ABORT_OUTPUT, 0x8f],
  [SUSPEND, 0x9a],
  [BREAK, 0x9c],
])

const LF = 10
const CR = 13
const NUL = 0

type State = 'text' | 'command' | 'option' | 'subnegotiation' | 'subnegotiation-command'

export interface TelnetInput {
  /** The text without telnet. CR, CR LF and CR NUL become LF: Enter sends any of them (RFC 1123, section 3.3.1). */
  readonly text: Buffer
  /** The bytes to send back unchanged; may be empty. */
  readonly answer: Uint8Array
  /** The user pressed a key to end: IP, ABORT or EOF. */
  readonly interrupted: boolean
  /** The client handles special keys itself, and misread a byte as one: it sends lines. */
  readonly mended: boolean
}

const NOTHING = new Uint8Array()
const HERE = Buffer.from('[Tertulia]\r\n')

/** Telnet on one connection. A client counts as telnet from its first command on. */
export class Telnet {
  #state: State = 'text'
  #verb = 0
  #afterCr = false
  /** The number of bytes of the current subnegotiation so far. */
  #passed = 0
  /** Its first bytes, as many as tell what it is. */
  #heard: number[] = []
  #columns: number | undefined
  #isOurs = false
  #spoken = false
  /** Bytes that the last UTF-8 character lacks. */
  #lacks = 0
  /** Whether we have sent WILL BINARY. */
  #binary = false
  /** Whether we have sent WILL ECHO: the client does not show what is typed. */
  #echoing = false
  /** Whether the client sends single keys, which we show. */
  #keys = false
  #answer: number[] = []
  #interrupted = false
  #mended = false

  /** Whether the client has sent a telnet command: its lines end with CR LF (RFC 854). */
  get isTelnet(): boolean {
    return this.#spoken
  }

  /** The width of its screen, if it has told us. */
  get columns(): number | undefined {
    return this.#columns
  }

  /** Whether it is our terminal client. */
  get isTerminalClient(): boolean {
    return this.#isOurs
  }

  /** Whether the client refused our echo and shows what is typed itself. */
  get echoesItself(): boolean {
    return this.#keys && this.#spoken && !this.#echoing
  }

  read(chunk: Buffer): TelnetInput {
    if (this.#isPlain(chunk)) {
      for (const byte of chunk.subarray(-LONGEST_CHARACTER)) this.#lacks = lacks(byte, this.#lacks)
      return { text: chunk, answer: NOTHING, interrupted: false, mended: false }
    }
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
      mended: this.#mended,
    }
    this.#answer = []
    this.#interrupted = false
    this.#mended = false
    return read
  }

  /** Returns the bytes that stop the client from showing what is typed; none if it cannot be asked. */
  hide(): Uint8Array {
    if (!this.#spoken || this.#echoing || this.#keys) return NOTHING
    this.#echoing = true
    return Uint8Array.of(IAC, WILL, ECHO)
  }

  /** Returns the bytes that undo `hide`, and those that show the Enter that ended the hidden line. */
  show(): Uint8Array {
    if (!this.#echoing || this.#keys) return NOTHING
    this.#echoing = false
    return Uint8Array.of(IAC, WONT, ECHO, CR, LF)
  }

  /** The client sends single keys: returns the bytes by which we take over the echo. */
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
        else this.#note(byte) // IAC is doubled
        return undefined
    }
  }

  /** A subnegotiation ends with IAC SE, with the line, or at its bound. */
  #passOver(byte: number): number | undefined {
    if (byte === IAC) this.#state = 'subnegotiation-command'
    else if ((byte === LF || byte === CR) && !this.#isWindowSize) {
      this.#state = 'text'
      this.#changeLanguage()
      return this.#readText(byte)
    } else this.#note(byte)
    return undefined
  }

  /** Whether a window size is incomplete: its numbers may hold LF and CR. */
  get #isWindowSize(): boolean {
    return this.#heard[0] === WINDOW_SIZE && this.#heard.length < WINDOW_SIZE_LENGTH
  }

  #note(byte: number): void {
    if (this.#heard.length < OURS.length) this.#heard.push(byte)
    const isEndless = ++this.#passed >= LONGEST_SUBNEGOTIATION
    this.#state = isEndless ? 'text' : 'subnegotiation'
    if (isEndless) this.#changeLanguage()
  }

  #endSubnegotiation(): void {
    const [option, high = 0, low = 0] = this.#heard
    this.#state = 'text'
    if (this.#passed === OURS.length && this.#heard.every((byte, i) => byte === OURS[i])) this.#isOurs = true
    else this.#changeLanguage()
    // Zero columns: the client does not know them.
    if (option === WINDOW_SIZE) this.#columns = high * 256 + low || undefined
  }

  /** Marks the client as telnet, and asks it for eight bits. */
  #changeLanguage(): void {
    if (!this.#spoken) this.#say(DO, BINARY)
    this.#spoken = true
  }

  #readText(byte: number): number | undefined {
    const afterCr = this.#afterCr
    this.#afterCr = byte === CR
    if (byte !== IAC) this.#lacks = lacks(byte, this.#lacks)
    if (byte === IAC) this.#state = 'command'
    else if (byte === CR) return LF
    else if (!afterCr || (byte !== LF && byte !== NUL)) return byte
    return undefined
  }

  #readCommand(byte: number): number | undefined {
    this.#state = 'text'
    if (byte === IAC) return IAC // doubled: the byte itself, which is not UTF-8 and is shown as such
    if (byte < END_OF_FILE) return undefined // not a command: ÿ in some code page
    if (byte !== SB) this.#changeLanguage()
    const swallowed = this.#lacks > 0 && !this.#keys ? SWALLOWED.get(byte) : undefined
    if (swallowed !== undefined) {
      this.#mended = true
      return this.#readText(swallowed)
    }
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
   * We offer ECHO while a password is typed, and refuse SUPPRESS-GO-AHEAD to clients that ask for it: with it they send each
   * key as it is pressed, without it they let their user edit the line. We ask the client for BINARY, the eight bits that
   * UTF-8 needs, at its first telnet command; and, if we edit its line, for the size of its window.
   */
  #negotiate(verb: number, option: number): void {
    if (option === BINARY) return this.#negotiateBinary(verb)
    if (verb === WILL && option === WINDOW_SIZE && this.#keys) return // we have asked for it
    if (verb === WILL) this.#say(DONT, option)
    else if (verb === DO && !this.#offered(option)) this.#say(WONT, option)
    else if (verb === DONT && option === ECHO) this.#echoing = false
  }

  /** WILL and WONT answer our request. The client's own DO or DONT is answered once. */
  #negotiateBinary(verb: number): void {
    if (verb !== (this.#binary ? DONT : DO)) return
    this.#binary = !this.#binary
    this.#say(this.#binary ? WILL : WONT, BINARY)
  }

  #offered(option: number): boolean {
    return (option === ECHO && this.#echoing) || (option === SUPPRESS_GO_AHEAD && this.#keys)
  }

  #say(verb: number, option: number): void {
    this.#answer.push(IAC, verb, option)
  }
}

const LONGEST_CHARACTER = 4

/** The number of bytes that a character still lacks after this byte (RFC 3629, section 3). */
function lacks(byte: number, before: number): number {
  if (byte < 0xc0) return byte < 0x80 ? 0 : Math.max(0, before - 1)
  return byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
}
