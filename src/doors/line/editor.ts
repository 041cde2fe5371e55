// Line editing for clients that send each key as it is pressed: terminals in raw mode, and telnet clients that do not edit
// lines themselves unless asked to (Windows').

import { Buffer } from 'node:buffer'
import { lastGrapheme } from '../../wire/graphemes.ts'

const LF = 10
const CR = 13
const ESC = 27
const SPACE = 32
const BACKSPACE = 8
const DELETE = 127
const [CTRL_C, CTRL_D, CTRL_U, CTRL_W] = [3, 4, 21, 23]
/** Erases one column to the left. */
const RUB_OUT = Buffer.from('\b \b')
/** Characters that take two columns: CJK and emoji, near enough. */
const BROAD =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u
/** A character with combining marks. How terminals draw other clusters of several code points is unknown. */
const SIMPLE = /^[^\t\p{Mn}\p{Me}\p{Cf}][[\p{Mn}\p{Me}]--\ufe0f]*$/v
/** The first byte of U+0300, the first combining mark: lower bytes begin a character of their own. */
const FIRST_OF_MARKS = 0xcc
/** The most bytes of a character with its marks; of a longer one, code points are erased one by one. */
const LONGEST_CHARACTER = 64
/** The most bytes of an edited line; a longer one is passed on, to be refused as too long. */
const LONGEST = 16 << 10
/** The most bytes of a line that are redrawn below other output: a few rows. */
const LONGEST_DRAWN = 512
/** The most bytes that are erased character by character; beyond it the rest of the line is redrawn. */
const LONGEST_STEPWISE = 256
/** Stands for the beginning of a line that is not redrawn. */
const CUT = Buffer.from('…')

export interface Edited {
  /** The lines that were finished, each with its LF. */
  readonly lines: Buffer
  /** The bytes to send, to be drawn at the cursor. */
  readonly echo: Buffer
  /** Ctrl-C, or Ctrl-D on an empty line. */
  readonly interrupted: boolean
}

/** The position within an escape sequence. */
type State = 'text' | 'escape' | 'sequence'

export class LineEditor {
  /** Whether what is typed is not shown: a password. */
  hidden = false
  /** The question before the line. */
  question: Uint8Array = new Uint8Array()
  /** The width of the screen, if known. */
  columns: number | undefined
  #line: number[] = []
  /** Where the part that is on the screen begins. */
  #from = 0
  /** The line has been erased from the screen, to be redrawn after these keys. */
  #isOff = false
  #state: State = 'text'
  #lines: number[] = []
  #echo: number[] = []

  /** The part of the line that is on the screen. */
  get shown(): Buffer {
    if (this.hidden) return Buffer.alloc(0)
    const rest = Buffer.from(this.#line.slice(this.#from))
    return this.#from > 0 ? Buffer.concat([CUT, rest]) : rest
  }

  /** The bytes that redraw the line; of a long one, its end alone. */
  redraw(): Buffer {
    let from = Math.max(0, this.#line.length - LONGEST_DRAWN)
    while (from > 0 && isContinuation(this.#line[from])) from++
    this.#from = from
    return this.shown
  }

  get isEmpty(): boolean {
    return this.#line.length === 0
  }

  /** Handles keys. @param keys as received; a lone LF is Enter */
  feed(keys: Uint8Array): Edited {
    let interrupted = false
    for (const key of keys) interrupted ||= this.#press(key)
    this.#draw()
    const edited = { lines: Buffer.from(this.#lines), echo: Buffer.from(this.#echo), interrupted }
    this.#lines = []
    this.#echo = []
    return edited
  }

  /** @returns whether the key ends the connection */
  #press(key: number): boolean {
    if (this.#state !== 'text') this.#endSequence(key)
    else if (key === ESC) this.#state = 'escape'
    else if (key === LF || key === CR) this.#enter()
    else if (key === BACKSPACE || key === DELETE) this.#erase()
    else if (key === CTRL_U) this.#eraseFrom(0)
    else if (key === CTRL_W) this.#eraseWord()
    else if (key === CTRL_C || (key === CTRL_D && this.#line.length === 0)) return true
    else if (key >= 32 || key === 9) this.#type(key)
    return false
  }

  /** Skips arrow keys and the like: ESC [ … letter, ESC O letter (ECMA-48, section 5.4). */
  #endSequence(key: number): void {
    const opens = this.#state === 'escape' && (key === 0x5b || key === 0x4f)
    if (opens) this.#state = 'sequence'
    else if (this.#state === 'escape' || key >= 0x40) this.#state = 'text'
  }

  #type(key: number): void {
    this.#line.push(key)
    if (!this.hidden && !this.#isOff) this.#echo.push(key)
    if (this.#line.length > LONGEST) this.#flush()
  }

  #enter(): void {
    this.#draw()
    this.#flush()
    this.question = new Uint8Array()
    this.#lines.push(LF)
    this.#echo.push(CR, LF) // of hidden lines too
  }

  #flush(): void {
    for (const byte of this.#line) this.#lines.push(byte)
    this.#line = []
    this.#from = 0
  }

  #eraseWord(): void {
    let start = this.#line.length
    while (start > 0 && this.#line[start - 1] === SPACE) start--
    while (start > 0 && this.#line[start - 1] !== SPACE) start--
    this.#eraseFrom(start)
  }

  #eraseFrom(start: number): void {
    if (this.#line.length - start > LONGEST_STEPWISE) {
      this.#eraseLine()
      this.#line.length = start
    }
    while (this.#line.length > start) this.#erase()
  }

  /** Erases the last character. If its width on the screen is unknown, the line is redrawn. */
  #erase(): void {
    if (this.#line.length === 0) return
    const start = this.#line.length - lastCharacter(this.#line)
    const gone = Buffer.from(this.#line.slice(start)).toString()
    const isCovered = this.#from > 0 && start <= this.#from
    if (isCovered || !SIMPLE.test(gone)) this.#eraseLine()
    this.#line.length = start
    if (this.hidden || this.#isOff) return
    for (let i = columnsOf(gone); i > 0; i--) this.#echo.push(...RUB_OUT)
  }

  #eraseLine(): void {
    if (this.hidden || this.#isOff) return
    this.#echo.push(...eraseSequence(Buffer.concat([this.question, this.shown]), this.columns))
    this.#isOff = true
  }

  #draw(): void {
    if (this.#isOff) this.#echo.push(...this.question, ...this.redraw())
    this.#isOff = false
  }
}

/** The length in bytes of the last grapheme; in invalid UTF-8, of a byte with the continuation bytes after it. */
function lastCharacter(line: readonly number[]): number {
  let start = line.length - 1
  const first = Math.max(0, start - 3)
  while (start > first && isContinuation(line[start])) start--
  const isAlone = (line[start] ?? 0) < FIRST_OF_MARKS
  const sign = isAlone ? '' : lastGrapheme(Buffer.from(line.slice(-LONGEST_CHARACTER)).toString())
  return sign === '' || sign.includes('\ufffd') ? line.length - start : Buffer.byteLength(sign)
}

/** Whether it is a continuation byte (RFC 3629, section 3). */
function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80
}

/** The least time between two keys that a person presses. */
const APART_MS = 15
/** Single keys in a row that are no coincidence. */
const ENOUGH_KEYS = 3
const LONGEST_KEY = 6

/** Detects clients that send each key as it is pressed. Clients are taken to send lines until then. */
export class Keystrokes {
  #run = 0
  #last = Number.NEGATIVE_INFINITY

  /** @param isTelnet a telnet client that sends a single key is in character mode: otherwise it sends whole lines */
  sendsKeys(chunk: Buffer, { now, isTelnet }: { readonly now: number; readonly isTelnet: boolean }): boolean {
    const apart = now - this.#last
    this.#last = now
    this.#run = isKey(chunk) && apart >= APART_MS ? this.#run + 1 : 0
    return erases(chunk) || this.#run >= (isTelnet ? 1 : ENOUGH_KEYS)
  }
}

/** Whether a chunk holds a backspace, which lines never do. Text with other controls is not a person's. */
function erases(chunk: Buffer): boolean {
  const back = chunk.includes(BACKSPACE) || chunk.includes(DELETE)
  return back && chunk.every(key => key >= 32 || key === BACKSPACE)
}

/** Whether a chunk is one key: a character or an arrow. Not a line end, which an empty line also sends alone. */
function isKey(chunk: Buffer): boolean {
  if (chunk.length === 0 || chunk.length > LONGEST_KEY || chunk.includes(LF)) return false
  return chunk[0] === ESC || [...chunk.toString()].length === 1
}

/** Columns that fit on one row of any screen. */
const NARROW = 40
/** Bytes that may fill more rows than the screen has: erasing so many would erase what others have said. */
const MOST_ERASED = 2048
const CLEAR_BELOW = '\x1b[J' // ECMA-48, section 8.3.39

/**
 * Returns the bytes that erase the typed line and its question from the screen; the cursor is at their end. If the width
 * of the screen is unknown and they may take several rows, or if they are very long, they stay and a new line begins.
 * @param columns the width of the screen
 */
export function eraseSequence(line: Buffer, columns: number | undefined): Buffer {
  if (line.length > MOST_ERASED) return Buffer.from('\r\n')
  const text = line.toString()
  const broad = Array.from(text, columnsOf)
  const all = broad.reduce((sum, each) => sum + each, 0)
  if (all < Math.min(NARROW, columns ?? NARROW)) return Buffer.from(`\r${' '.repeat(all)}\r`)
  if (columns === undefined) return Buffer.from('\r\n')
  const up = rowsOf(broad, columns) - 1
  return Buffer.from(`\r${up > 0 ? `\x1b[${up}A` : ''}${CLEAR_BELOW}`)
}

/** The rows that characters of these widths fill: one that does not fit at the end of a row begins the next. */
function rowsOf(broad: readonly number[], columns: number): number {
  let rows = 1
  let at = 0
  for (const each of broad) {
    if (at + each > columns) {
      rows++
      at = 0
    }
    at += each
  }
  return rows
}

const TAB_COLUMNS = 8 // at most

/** The columns of a character; combining marks take none. */
function columnsOf(character: string): number {
  if (character === '\t') return TAB_COLUMNS
  if (/^[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return 0
  return BROAD.test(character) ? 2 : 1
}
