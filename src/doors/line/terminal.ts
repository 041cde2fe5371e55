// The terminal at the other end of one connection: telnet negotiation and, for clients that send each key as it is
// pressed, editing of the current line.

import { Buffer } from 'node:buffer'
import type { LineSplitter } from '../../net/line-splitter.ts'
import { eraseSequence, Keystrokes, LineEditor } from './editor.ts'
import { Telnet } from './telnet.ts'

const LF = 10
/** Keys handled per turn of the event loop: erasing a key costs us a hundred times what it costs the client to send it. */
const KEYS_AT_ONCE = 256
const NOTHING = Buffer.alloc(0)

interface TerminalDeps {
  /** Takes the lines that are edited here. */
  readonly splitter: LineSplitter
  /** Sends bytes that must arrive unchanged. */
  send(bytes: Uint8Array): void
  /** Called with what arrived, without telnet's own bytes, while the client sends whole lines. */
  received(text: Buffer): void
  /** Whether more keys may be handled; if not, `pressOn` is called when they may. */
  mayPress(): boolean
  /** Called after keys were handled in a later turn. @param interrupted whether the user pressed a key to end */
  pressed(interrupted: boolean): void
}

export class Terminal {
  readonly #deps: TerminalDeps
  readonly #telnet = new Telnet()
  readonly #keystrokes = new Keystrokes()
  /** Present once the client sends each key as it is pressed. */
  #editor: LineEditor | undefined
  /** Keys that are not handled yet. */
  #unpressed = NOTHING
  #pressing: NodeJS.Immediate | undefined
  /** What is typed is not shown: a password. */
  #hidden = false
  /** The question before the line that is being typed. */
  #question: Buffer = NOTHING

  constructor(deps: TerminalDeps) {
    this.#deps = deps
  }

  /** Whether it is our terminal client. */
  get isTerminalClient(): boolean {
    return this.#telnet.isTerminalClient
  }

  /** Whether keys are edited and shown by us. */
  get isEditing(): boolean {
    return this.#editor !== undefined
  }

  get isHidden(): boolean {
    return this.#hidden
  }

  /** Whether the edited line is empty; true where lines are sent. */
  get isEmpty(): boolean {
    return this.#editor?.isEmpty ?? true
  }

  /** Keys that are not handled yet. */
  get keys(): Buffer {
    return this.#unpressed
  }

  get hasKeys(): boolean {
    return this.#unpressed.length > 0
  }

  /** Takes what the client sent. @returns whether the user pressed a key to end */
  receive(chunk: Buffer): boolean {
    const { text, answer, interrupted, mended } = this.#telnet.read(chunk)
    this.#deps.send(answer)
    const stops = this.#take(text, mended)
    return interrupted || stops
  }

  #take(text: Buffer, mended: boolean): boolean {
    const keys = this.#editor || mended ? text : this.#firstKeys(text)
    if (!this.#editor) {
      this.#deps.received(text)
      return false
    }
    this.#unpressed = Buffer.concat([this.#unpressed, keys])
    return this.#pressing ? false : this.press()
  }

  /** Handles the keys of one turn of the event loop. @returns whether the user pressed a key to end */
  press(): boolean {
    const editor = this.#editor
    if (!editor) return false
    this.#tellEditor()
    const { lines, echo, interrupted } = editor.feed(this.#unpressed.subarray(0, KEYS_AT_ONCE))
    this.#unpressed = this.#unpressed.subarray(KEYS_AT_ONCE)
    this.#deps.send(echo)
    this.#deps.splitter.push(lines)
    if (interrupted) this.dropKeys()
    this.pressOn()
    return interrupted
  }

  /** Handles the keys that wait in the next turn of the event loop, if they may be. */
  pressOn(): void {
    if (!this.#editor || this.#pressing || !this.hasKeys || !this.#deps.mayPress()) return
    this.#pressing = setImmediate(() => {
      this.#pressing = undefined
      this.#deps.pressed(this.press())
    })
  }

  dropKeys(): void {
    clearImmediate(this.#pressing)
    this.#pressing = undefined
    this.#unpressed = NOTHING
  }

  /** Begins to edit once the client is seen to send single keys. @returns what has been typed of the current line */
  #firstKeys(text: Buffer): Buffer {
    if (!this.#keystrokes.sendsKeys(text, { now: performance.now(), isTelnet: this.#telnet.isTelnet }))
      return text
    this.#editor = new LineEditor()
    this.#deps.send(this.#telnet.takeKeys())
    return Buffer.concat([this.#deps.splitter.takeRest(), text])
  }

  // --- output ------------------------------------------------------------------------------------------

  hideInput(): void {
    this.#hidden = true
    this.#deps.send(this.#telnet.hide())
    this.#tellEditor()
  }

  showInput(): void {
    this.#hidden = false
    this.#deps.send(this.#telnet.show())
    this.#tellEditor()
  }

  /** Puts a question before the line that is being typed. @returns the bytes that draw it; undefined where lines are sent */
  ask(question: Buffer): Buffer | undefined {
    const drawn = this.#editor && Buffer.concat([this.#offScreen(), question, this.#editor.redraw()])
    this.#question = question
    return drawn
  }

  /** Forgets the question: its line has ended. */
  answered(): void {
    this.#question = NOTHING
  }

  #tellEditor(): void {
    if (!this.#editor) return
    this.#editor.hidden = this.#hidden || this.#telnet.echoesItself
    this.#editor.question = this.#question
    this.#editor.columns = this.#telnet.columns
  }

  /** Turns lines into what this terminal is sent. */
  rendered(lines: Uint8Array): Uint8Array {
    if (this.#editor) return this.#aboveTyped(withCrLf(lines), this.#editor)
    return this.#telnet.isTelnet ? withCrLf(lines) : lines
  }

  /** Puts lines above the line that is being typed and redraws it below, so that output does not break into it. */
  #aboveTyped(bytes: Uint8Array, editor: LineEditor): Uint8Array {
    const off = this.#offScreen()
    return off.length === 0 ? bytes : Buffer.concat([off, bytes, this.#question, editor.redraw()])
  }

  /** The bytes that erase the line that is being typed. */
  #offScreen(): Buffer {
    const line = this.#editor ? Buffer.concat([this.#question, this.#editor.shown]) : NOTHING
    return line.length === 0 ? line : eraseSequence(line, this.#telnet.columns)
  }
}

/** Terminals in raw mode and telnet (RFC 854) want CR LF. */
function withCrLf(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(LF)) return bytes
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
}
