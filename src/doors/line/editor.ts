// Editing a line for whoever sends each key as it is pressed: terminals in raw mode, and telnets that were never asked
// to do it themselves (Windows').

import { Buffer } from 'node:buffer'
import { lastGrapheme } from '../../wire/graphemes.ts'

const LF = 10
const CR = 13
const ESC = 27
const SPACE = 32
const BACKSPACE = 8
const DELETE = 127
const [CTRL_C, CTRL_D, CTRL_U, CTRL_W] = [3, 4, 21, 23]
/** Goes one column back, over what stands there. */
const RUB_OUT = Buffer.from('\b \b')
/** Columns of a character that is twice as broad as others: CJK and emoji, near enough. */
const BROAD =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u
/** A character with marks over it, which go with it. What terminals make of others of several parts nobody knows. */
const SIMPLE = /^[^\t\p{Mn}\p{Me}\p{Cf}][[\p{Mn}\p{Me}]--\ufe0f]*$/v
/** What begins with a lesser byte is a character by itself: U+0300 is the first that goes with one before it. */
const FIRST_OF_MARKS = 0xcc
/** Bytes of a character, with all its marks; of one that has more they are taken back one by one. */
const LONGEST_CHARACTER = 64
/** Bytes of a line that is edited: what is more is passed on, to be told that it is too long. */
const LONGEST = 16 << 10
/** Bytes of it that are drawn again below what others say: a few rows, however long it is. */
const LONGEST_DRAWN = 512
/** Bytes that are taken back character by character; of more, what is left of the line is drawn anew. */
const LONGEST_TAKEN_BACK = 256
/** Stands for what is left out. */
const CUT = Buffer.from('…')

export interface Edited {
  /** Lines that were ended, each with its LF. */
  readonly lines: Buffer
  /** To be shown where the cursor is. */
  readonly echo: Buffer
  /** Ctrl-C, or Ctrl-D on an empty line. */
  readonly interrupted: boolean
}

/** Where in a key of several bytes the last one was. */
type State = 'text' | 'escape' | 'sequence'

export class LineEditor {
  /** What is typed is not shown. */
  hidden = false
  /** What stands before the line. */
  question: Uint8Array = new Uint8Array()
  /** Of the screen, where they are known. */
  columns: number | undefined
  #line: number[] = []
  /** Where in it begins what stands on the screen. */
  #from = 0
  /** Nothing of it stands on the screen until these keys have been pressed. */
  #isOff = false
  #state: State = 'text'
  #lines: number[] = []
  #echo: number[] = []

  /** What stands on the screen of the line that is being typed. */
  get shown(): Buffer {
    if (this.hidden) return Buffer.alloc(0)
    const rest = Buffer.from(this.#line.slice(this.#from))
    return this.#from > 0 ? Buffer.concat([CUT, rest]) : rest
  }

  /** The same where it is drawn again: its end alone, where it is long. */
  drawn(): Buffer {
    let from = Math.max(0, this.#line.length - LONGEST_DRAWN)
    while (from > 0 && isContinuation(this.#line[from])) from++
    this.#from = from
    return this.shown
  }

  get isEmpty(): boolean {
    return this.#line.length === 0
  }

  /** @param keys as they came, in which a lone LF is Enter */
  feed(keys: Uint8Array): Edited {
    let interrupted = false
    for (const key of keys) interrupted ||= this.#press(key)
    this.#draw()
    const edited = { lines: Buffer.from(this.#lines), echo: Buffer.from(this.#echo), interrupted }
    this.#lines = []
    this.#echo = []
    return edited
  }

  /** @returns whether it says: stop this */
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

  /** Arrows and their like do nothing: ESC [ … letter, ESC O letter (ECMA-48, section 5.4). */
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
    this.#echo.push(CR, LF) // also of a line that is hidden
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
    if (this.#line.length - start > LONGEST_TAKEN_BACK) {
      this.#takeOff()
      this.#line.length = start
    }
    while (this.#line.length > start) this.#erase()
  }

  /** The last character. Where nobody knows what it is on the screen the line is drawn anew. */
  #erase(): void {
    if (this.#line.length === 0) return
    const start = this.#line.length - lastCharacter(this.#line)
    const gone = Buffer.from(this.#line.slice(start)).toString()
    const isCovered = this.#from > 0 && start <= this.#from
    if (isCovered || !SIMPLE.test(gone)) this.#takeOff()
    this.#line.length = start
    if (this.hidden || this.#isOff) return
    for (let i = columnsOf(gone); i > 0; i--) this.#echo.push(...RUB_OUT)
  }

  #takeOff(): void {
    if (this.hidden || this.#isOff) return
    this.#echo.push(...eraseSequence(Buffer.concat([this.question, this.shown]), this.columns))
    this.#isOff = true
  }

  #draw(): void {
    if (this.#isOff) this.#echo.push(...this.question, ...this.drawn())
    this.#isOff = false
  }
}

/** Its bytes: as people see it; of what is no UTF-8 a byte, with those behind it that only go on with it. */
function lastCharacter(line: readonly number[]): number {
  let start = line.length - 1
  const first = Math.max(0, start - 3)
  while (start > first && isContinuation(line[start])) start--
  const isAlone = (line[start] ?? 0) < FIRST_OF_MARKS
  const sign = isAlone ? '' : lastGrapheme(Buffer.from(line.slice(-LONGEST_CHARACTER)).toString())
  return sign === '' || sign.includes('\ufffd') ? line.length - start : Buffer.byteLength(sign)
}

/** Of a character that began before it (RFC 3629, section 3). */
function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80
}

/** Keys that come one by one are so far apart at the least, where a person presses them. */
const APART_MS = 15
/** So many in a row are no chance. */
const ENOUGH_KEYS = 3
const LONGEST_KEY = 6

/** Sees whether somebody sends each key as it is pressed, who has been taken to send lines. */
export class Keystrokes {
  #run = 0
  #last = Number.NEGATIVE_INFINITY

  /** @param isTelnet a telnet that sends one key does so on purpose: whole lines are its other way */
  sendsKeys(chunk: Buffer, { now, isTelnet }: { readonly now: number; readonly isTelnet: boolean }): boolean {
    const apart = now - this.#last
    this.#last = now
    this.#run = isKey(chunk) && apart >= APART_MS ? this.#run + 1 : 0
    return takesBack(chunk) || this.#run >= (isTelnet ? 1 : ENOUGH_KEYS)
  }
}

/** Where lines are sent, what was taken back is not in them; text with controls of all kinds is somebody's mischief. */
function takesBack(chunk: Buffer): boolean {
  const back = chunk.includes(BACKSPACE) || chunk.includes(DELETE)
  return back && chunk.every(key => key >= 32 || key === BACKSPACE)
}

/** One character, or what an arrow sends; not the end of a line, which is sent alone with an empty one. */
function isKey(chunk: Buffer): boolean {
  if (chunk.length === 0 || chunk.length > LONGEST_KEY || chunk.includes(LF)) return false
  return chunk[0] === ESC || [...chunk.toString()].length === 1
}

/** Fits one row of any screen. */
const NARROW = 40
/** Bytes that may be more than the screen has rows for: going up so far takes off what others have said. */
const MOST_TAKEN_OFF = 2048
const CLEAR_BELOW = '\x1b[J' // ECMA-48, section 8.3.39

/**
 * Takes off the screen what was typed, and the question before it; the cursor stands at its end. Where nobody knows how broad
 * the screen is, and it may go on below, or where it is very long, it is left, and what follows begins a new line.
 * @param columns of the screen
 */
export function eraseSequence(shown: Buffer, columns: number | undefined): Buffer {
  if (shown.length > MOST_TAKEN_OFF) return Buffer.from('\r\n')
  const text = shown.toString()
  const broad = Array.from(text, columnsOf)
  const all = broad.reduce((sum, each) => sum + each, 0)
  if (all < Math.min(NARROW, columns ?? NARROW)) return Buffer.from(`\r${' '.repeat(all)}\r`)
  if (columns === undefined) return Buffer.from('\r\n')
  const up = rowsOf(broad, columns) - 1
  return Buffer.from(`\r${up > 0 ? `\x1b[${up}A` : ''}${CLEAR_BELOW}`)
}

/** That characters of these breadths fill: one that is too broad for the end of a row begins the next. */
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

/** Of one with marks, its own. */
function columnsOf(character: string): number {
  if (character === '\t') return TAB_COLUMNS
  if (/^[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return 0
  return BROAD.test(character) ? 2 : 1
}
