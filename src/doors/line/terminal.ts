// The terminal at the other end of one connection: telnet's own bytes, and the line that is being typed where each key is
// sent as it is pressed.

import { Buffer } from 'node:buffer'
import type { LineSplitter } from '../../net/line-splitter.ts'
import { eraseSequence, Keystrokes, LineEditor } from './editor.ts'
import { Telnet } from './telnet.ts'

const LF = 10
/** Keys that are edited in one turn of the event loop: taking one back costs a hundred times what it costs to send it. */
const KEYS_AT_ONCE = 256
const NOTHING = Buffer.alloc(0)

interface TerminalDeps {
  /** Takes the lines that were edited here. */
  readonly splitter: LineSplitter
  /** Sends bytes that are to arrive as they are. */
  send(bytes: Uint8Array): void
  /** Takes the text of somebody who sends lines. */
  take(text: Buffer): void
  /** Whether more keys may be handled; if not, `pressOn` is called when they may. */
  mayPress(): boolean
  /** Called when more keys have been handled. @param interrupted whether they say: stop this */
  pressed(interrupted: boolean): void
}

export class Terminal {
  readonly #deps: TerminalDeps
  readonly #telnet = new Telnet()
  readonly #keystrokes = new Keystrokes()
  /** Of who sends each key as it is pressed. */
  #editor: LineEditor | undefined
  /** Keys that wait for their turn. */
  #unpressed = NOTHING
  #pressing: NodeJS.Immediate | undefined
  /** Nothing that is typed next is shown. */
  #hidden = false
  /** The question that stands on the line which is being typed. */
  #question: Buffer = NOTHING

  constructor(deps: TerminalDeps) {
    this.#deps = deps
  }

  /** Whether it is our terminal client. */
  get isTerminalClient(): boolean {
    return this.#telnet.isTerminalClient
  }

  /** Whether we show what is typed. */
  get isEditing(): boolean {
    return this.#editor !== undefined
  }

  get isHidden(): boolean {
    return this.#hidden
  }

  /** Whether nothing stands on the line that is being edited. */
  get isEmpty(): boolean {
    return this.#editor?.isEmpty ?? true
  }

  /** Keys that wait for their turn. */
  get keys(): Buffer {
    return this.#unpressed
  }

  get hasKeys(): boolean {
    return this.#unpressed.length > 0
  }

  /** @returns whether it says: stop this */
  receive(chunk: Buffer): boolean {
    const { text, answer, interrupted, mended } = this.#telnet.read(chunk)
    this.#deps.send(answer)
    const stops = this.#take(text, mended)
    return interrupted || stops
  }

  #take(text: Buffer, mended: boolean): boolean {
    const keys = this.#editor || mended ? text : this.#firstKeys(text)
    if (!this.#editor) {
      this.#deps.take(text)
      return false
    }
    this.#unpressed = Buffer.concat([this.#unpressed, keys])
    return this.#pressing ? false : this.press()
  }

  /** Those that may be pressed in this turn; the others in the next ones. @returns whether they say: stop this */
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

  /** Goes on with the keys that wait, in the next turn of the event loop. */
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

  /** From the moment that somebody is seen to send each key they have an editor. @returns what they have typed so far */
  #firstKeys(text: Buffer): Buffer {
    if (!this.#keystrokes.sendsKeys(text, { now: performance.now(), isTelnet: this.#telnet.isTelnet }))
      return text
    this.#editor = new LineEditor()
    this.#deps.send(this.#telnet.takeKeys())
    return Buffer.concat([this.#deps.splitter.takeRest(), text])
  }

  // --- what is shown -------------------------------------------------------------------------------------

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

  /** Puts a question before the line that is being typed. @returns it as it is to be sent, undefined where it is not edited */
  ask(question: Buffer): Buffer | undefined {
    const drawn = this.#editor && Buffer.concat([this.#offScreen(), question, this.#editor.drawn()])
    this.#question = question
    return drawn
  }

  /** The line with the question has ended. */
  answered(): void {
    this.#question = NOTHING
  }

  #tellEditor(): void {
    if (!this.#editor) return
    this.#editor.hidden = this.#hidden || this.#telnet.echoesItself
    this.#editor.question = this.#question
    this.#editor.columns = this.#telnet.columns
  }

  /** Lines as this terminal is sent them. */
  rendered(lines: Uint8Array): Uint8Array {
    return this.#aboveTyped(this.#withEnds(lines))
  }

  /** Terminals that are not in their line mode, and telnet (RFC 854), want CR LF. */
  #withEnds(bytes: Uint8Array): Uint8Array {
    if (!this.#editor && !this.#telnet.isTelnet) return bytes
    if (!bytes.includes(LF)) return bytes
    return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
  }

  /** Lines come above what is being typed, which is drawn again below them: nobody types into what others say. */
  #aboveTyped(bytes: Uint8Array): Uint8Array {
    if (!this.#editor) return bytes // as most
    const off = this.#offScreen()
    return off.length === 0 ? bytes : Buffer.concat([off, bytes, this.#question, this.#editor.drawn()])
  }

  /** Takes off the line that whoever sends keys is typing. */
  #offScreen(): Buffer {
    const line = this.#editor ? Buffer.concat([this.#question, this.#editor.shown]) : NOTHING
    return line.length === 0 ? line : eraseSequence(line, this.#telnet.columns)
  }
}
