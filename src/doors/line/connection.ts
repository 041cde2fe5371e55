// One bare socket: lines in, sentences out.

import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import type { Chat } from '../../core/chat.ts'
import { Subscriber } from '../../core/log/seat.ts'
import type { Format, Person } from '../../core/model/model.ts'
import { network } from '../../net/address.ts'
import { LineSplitter } from '../../net/line-splitter.ts'
import { Outbox } from '../../net/outbox.ts'
import { type CodePage, decode, undecoded } from '../../wire/code-page.ts'
import { Flow } from '../shared/flow.ts'
import { type Handler, Inbox } from '../shared/inbox.ts'
import { PendingBytes } from '../shared/pending-bytes.ts'
import { eraseSequence, Keystrokes, LineEditor } from './editor.ts'
import { Telnet, type TelnetInput } from './telnet.ts'

const LF = 10
const LONGEST_LINE = 16 << 10
/** Whoever has begun their first line and goes on with nothing for so long may not know how it ends. */
const UNENDED_MS = 15_000
/** Keys that are edited in one turn of the event loop: taking one back costs a hundred times what it costs to send it. */
const KEYS_AT_ONCE = 256
const NOTHING = Buffer.alloc(0)
/** For the last words to who is sent away. */
const MOMENT_MS = 100

/** What a connection says: a line, a line that was too long to be kept, or nothing more. */
export type Input = Line | 'too-long' | 'ended'

export interface Line {
  readonly line: string
  /** It was no UTF-8, and was read as that. */
  readonly codePage?: CodePage
}

export class Connection {
  /** Where it comes from, as far as one subscriber has it (net/address.ts). */
  readonly address: string
  readonly subscriber: Subscriber
  readonly flow: Flow
  /** Whose it is, once they are in. */
  person: Person | undefined
  readonly #socket: Socket
  readonly #outbox: Outbox
  readonly #telnet = new Telnet()
  readonly #keystrokes = new Keystrokes()
  /** Of who sends each key as it is pressed. */
  #editor: LineEditor | undefined
  /** Keys that wait for their turn. */
  #unpressed = NOTHING
  #pressing: NodeJS.Immediate | undefined
  /** Nothing that is typed next is shown. */
  #hidden = false
  /** What is written is no text, or its lines end as they should. */
  #verbatim = false
  /** The question that stands on the line which is being typed. */
  #question = NOTHING
  /** For whoever has never ended a line; undefined once it is said, or one has. */
  #hint: string | undefined
  #hasEnded = false
  #waiting: NodeJS.Timeout | undefined
  /** Told once of somebody whose terminal speaks no UTF-8. */
  #foreign: ((codePage: CodePage) => void) | undefined
  readonly #splitter: LineSplitter
  readonly #pending = new PendingBytes()
  readonly #inbox: Inbox<Input>
  /** Something was answered though the peer does not read: nothing more is heard before it does. */
  #choked = false
  #ended = false
  /** The peer reset the connection: a line without an end is none. */
  #wasReset = false
  /** That it has ended is in the inbox, behind all that came before. */
  #hasSaidSo = false
  #handedOver = false

  constructor(socket: Socket, first: Buffer, chat: Chat) {
    this.#socket = socket
    this.flow = new Flow(chat, { person: () => this.person, goOn: () => this.pump() })
    this.#inbox = new Inbox(
      {
        pause: () => socket.pause(),
        resume: () => {
          if (!this.#choked && this.#unpressed.length === 0) socket.resume()
          else socket.pause()
        },
        refill: () => this.#refill(),
      },
      this.flow,
    )
    this.address = network(socket.remoteAddress ?? '')
    this.#outbox = new Outbox(socket, () => this.#drained())
    this.subscriber = new Subscriber({
      write: bytes => this.#outbox.write(this.#verbatim ? bytes : this.#aboveTyped(this.#withEnds(bytes))),
    })
    this.#splitter = new LineSplitter(
      LONGEST_LINE,
      line => this.#typed({ line: withoutMark(line) }),
      () => this.#typed('too-long'),
      bytes => {
        const { text, codePage } = decode(bytes)
        this.#typed({ line: text, codePage })
      },
    )
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('end', () => this.#end())
    socket.on('close', () => this.#close())
    if (first.length > 0) this.#receive(first)
    if (socket.readableEnded || socket.destroyed) this.#end()
  }

  /** The peer is gone: nothing more reaches it. */
  get isClosed(): boolean {
    return this.#socket.destroyed
  }

  /** What is typed there is plain, but in our terminal client. */
  get format(): Format {
    return this.#telnet.isTerminalClient ? 'markdown' : 'plain'
  }

  /** Something was typed that nobody has taken yet. */
  get hasInputs(): boolean {
    return !this.#pending.isEmpty || this.#inbox.size > (this.#hasSaidSo ? 1 : 0)
  }

  /** Tells whoever types no UTF-8 what becomes of it, once. */
  onCodePage(told: (codePage: CodePage) => void): void {
    this.#foreign = told
  }

  /** Tells whoever has begun their first line, and does not end it, how that is done. */
  explainLineEnd(hint: string): void {
    if (!this.#hasEnded) this.#hint = hint
    this.#waitForEnd()
  }

  /** Everything said from now on goes to this handler. */
  listen({ cost, take, held }: Handler<Input>): void {
    this.#inbox.handler = {
      cost: input => (this.#choked ? 'wait' : (cost?.(input) ?? 'turn')),
      take: input => {
        this.#noteCodePage(input)
        take(input)
      },
      ...(held && { held }),
    }
    this.pump()
  }

  /** The next input, whatever it is; one for each turn of the event loop, so that a flood of them is no monologue. */
  async next(): Promise<Input> {
    await new Promise(resolve => setImmediate(resolve))
    return new Promise(resolve => {
      const take = (input: Input) => {
        this.#inbox.handler = undefined
        resolve(input)
      }
      this.listen({ take })
    })
  }

  /** Deals with what is there, as far as it may be. */
  pump(): void {
    this.#inbox.pump()
  }

  say(line: string): void {
    this.#reply(Buffer.from(`${line}\n`))
  }

  /** A question, answered on the same line. */
  prompt(question: string): void {
    const asked = Buffer.from(question)
    if (this.#editor) this.#signal(Buffer.concat([this.#offScreen(), asked, this.#editor.drawn()]))
    else this.#reply(asked)
    this.#question = asked
  }

  /** What is typed next is not shown, where the client can be asked for that. */
  hideInput(): void {
    this.#hidden = true
    this.#signal(this.#telnet.hide())
    this.#tellEditor()
  }

  showInput(): void {
    this.#hidden = false
    this.#signal(this.#telnet.show())
    this.#tellEditor()
  }

  /** Nobody looks any more at what is said. */
  stop(): void {
    clearTimeout(this.#waiting)
    this.#dropKeys()
    this.flow.stopResting()
    this.#inbox.handler = undefined
    this.#inbox.clear()
    this.#pending.takeAll()
  }

  /** Leaves the socket to somebody else. @returns what was said on it and not heard */
  handOver(): Buffer {
    const lines = this.#inbox.clear().flatMap(input => (typeof input === 'string' ? [] : input.line))
    const rest = [this.#splitter.takeRest(), this.#pending.takeAll(), this.#unpressed]
    const unheard = [...lines.map(line => Buffer.from(`${line}\n`)), ...rest]
    this.stop()
    this.#handedOver = true
    this.#socket.removeAllListeners('data')
    return Buffer.concat(unheard)
  }

  /** Ends the connection when what was said has gone out. What still comes is not looked at. */
  end(): void {
    if (this.#handedOver) return
    this.stop()
    this.#socket.removeAllListeners('data')
    this.#socket.resume()
    this.#outbox.end()
  }

  /** Like `end`, but a peer that does not take what was said has no more than a moment for it. */
  endSoon(): void {
    const moment = setTimeout(() => this.#socket.destroy(), MOMENT_MS)
    this.#socket.on('close', () => clearTimeout(moment))
  }

  #receive(chunk: Buffer): void {
    const read = this.#telnet.read(chunk)
    this.#signal(read.answer)
    const stops = this.#take(read)
    this.#waitForEnd()
    if (read.interrupted || stops) this.#end()
    else this.pump()
  }

  #typed(input: Input): void {
    this.#inbox.push(input)
    this.#question = NOTHING
    this.#hasEnded = true
    this.#hint = undefined
  }

  /** Not while more comes, nor of what is typed hidden. */
  #waitForEnd(): void {
    clearTimeout(this.#waiting)
    const { isEmpty = true } = this.#editor ?? {}
    if (this.#hint === undefined || this.#ended || (this.#splitter.isEmpty && isEmpty)) return
    this.#waiting = setTimeout(() => this.#explain(), UNENDED_MS)
  }

  #explain(): void {
    const hint = this.#hint
    this.#hint = undefined
    // Where we show what is typed it comes above that, else behind it.
    if (hint !== undefined && !this.#hidden) this.say(this.#editor ? hint : `\n${hint}`)
  }

  /** @returns whether it says: stop this */
  #take({ text, mended }: TelnetInput): boolean {
    const keys = this.#editor || mended ? text : this.#firstKeys(text)
    if (!this.#editor) {
      this.#pending.add(text)
      return false
    }
    this.#unpressed = Buffer.concat([this.#unpressed, keys])
    return this.#pressing ? false : this.#press(this.#editor)
  }

  /** Those that may be pressed in this turn; the others in the next ones. @returns whether they say: stop this */
  #press(editor: LineEditor): boolean {
    this.#tellEditor()
    const { lines, echo, interrupted } = editor.feed(this.#unpressed.subarray(0, KEYS_AT_ONCE))
    this.#unpressed = this.#unpressed.subarray(KEYS_AT_ONCE)
    this.#signal(echo)
    this.#splitter.push(lines)
    if (interrupted) this.#dropKeys()
    this.#pressOn()
    return interrupted
  }

  #pressOn(): void {
    const editor = this.#editor
    if (!editor || this.#ended || this.#pressing || this.#choked || this.#unpressed.length === 0) return
    if (this.#inbox.size > 0) return // lines that wait are kept as keys, as long as they can be
    this.#pressing = setImmediate(() => {
      this.#pressing = undefined
      const stops = this.#press(editor)
      this.#waitForEnd()
      if (stops) this.#end()
      else this.pump()
    })
  }

  #dropKeys(): void {
    clearImmediate(this.#pressing)
    this.#pressing = undefined
    this.#unpressed = NOTHING
  }

  /** From the moment that somebody is seen to send each key they have an editor. @returns what they have typed so far */
  #firstKeys(text: Buffer): Buffer {
    if (!this.#keystrokes.sendsKeys(text, { now: performance.now(), isTelnet: this.#telnet.isTelnet }))
      return text
    this.#editor = new LineEditor()
    this.#signal(this.#telnet.takeKeys())
    return Buffer.concat([this.#splitter.takeRest(), text])
  }

  #tellEditor(): void {
    if (!this.#editor) return
    this.#editor.hidden = this.#hidden || this.#telnet.echoesItself
    this.#editor.question = this.#question
    this.#editor.columns = this.#telnet.columns
  }

  #noteCodePage(input: Input): void {
    if (typeof input === 'string' || input.codePage === undefined) return
    const told = this.#foreign
    this.#foreign = undefined
    told?.(input.codePage)
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

  /** Bytes that are to arrive as they are. */
  #signal(bytes: Uint8Array): void {
    this.#verbatim = true
    this.#reply(bytes)
    this.#verbatim = false
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.pump()
  }

  #refill(): boolean {
    if (!this.#pending.isEmpty) this.#cutSome()
    else if (this.#editor && this.#ended && this.#unpressed.length > 0) this.#press(this.#editor)
    else if (this.#ended && !this.#hasSaidSo) this.#sayEnded()
    else {
      this.#pressOn()
      return false
    }
    return true
  }

  #cutSome(): void {
    this.#splitter.push(this.#pending.take())
    this.#waitForEnd()
  }

  #sayEnded(): void {
    if (!this.#wasReset) this.#splitter.end()
    this.#hasSaidSo = true
    this.#inbox.push('ended')
  }

  #close(): void {
    clearTimeout(this.#waiting)
    this.#dropKeys()
    this.#choked = false
    this.#wasReset = !this.#ended
    this.#ended = true
    this.pump()
  }

  #reply(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.subscriber.write(bytes)
    if (this.subscriber.full && !this.isClosed) this.#choked = true
  }

  #drained(): void {
    this.#choked = false
    this.subscriber.drained()
    this.pump()
    this.#pressOn()
  }
}

/** Some programs begin each line with a byte order mark. */
function withoutMark(line: string): string {
  return line.startsWith('\ufeff') ? line.slice(1) : line
}

/** A password as it was typed. What is no UTF-8 is not guessed at: it becomes what no password may be. */
export function secretOf({ line, codePage }: Line): string {
  return codePage === undefined ? line : undecoded(line)
}
