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
import { Terminal } from './terminal.ts'

const LONGEST_LINE = 16 << 10
/** Whoever has begun their first line and goes on with nothing for so long may not know how it ends. */
const UNENDED_MS = 15_000
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
  readonly #terminal: Terminal
  /** What is written is no text, or its lines end as they should. */
  #verbatim = false
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
          if (!this.#choked && !this.#terminal.hasKeys) socket.resume()
          else socket.pause()
        },
        refill: () => this.#refill(),
      },
      this.flow,
    )
    this.address = network(socket.remoteAddress ?? '')
    this.#outbox = new Outbox(socket, () => this.#drained())
    this.subscriber = new Subscriber({
      write: bytes => this.#outbox.write(this.#verbatim ? bytes : this.#terminal.rendered(bytes)),
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
    this.#terminal = new Terminal({
      splitter: this.#splitter,
      send: bytes => this.#signal(bytes),
      take: text => this.#pending.add(text),
      // Lines that wait are kept as keys, as long as they can be.
      mayPress: () => !this.#ended && !this.#choked && this.#inbox.size === 0,
      pressed: interrupted => this.#heard(interrupted),
    })
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
    return this.#terminal.isTerminalClient ? 'markdown' : 'plain'
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
    const bytes = Buffer.from(question)
    const drawn = this.#terminal.ask(bytes)
    if (drawn) this.#signal(drawn)
    else this.#reply(bytes)
  }

  /** What is typed next is not shown, where the client can be asked for that. */
  hideInput(): void {
    this.#terminal.hideInput()
  }

  showInput(): void {
    this.#terminal.showInput()
  }

  /** Nobody looks any more at what is said. */
  stop(): void {
    clearTimeout(this.#waiting)
    this.#terminal.dropKeys()
    this.flow.stopResting()
    this.#inbox.handler = undefined
    this.#inbox.clear()
    this.#pending.takeAll()
  }

  /** Leaves the socket to somebody else. @returns what was said on it and not heard */
  handOver(): Buffer {
    const lines = this.#inbox.clear().flatMap(input => (typeof input === 'string' ? [] : input.line))
    const rest = [this.#splitter.takeRest(), this.#pending.takeAll(), this.#terminal.keys]
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
    this.#heard(this.#terminal.receive(chunk))
  }

  #heard(interrupted: boolean): void {
    this.#waitForEnd()
    if (interrupted) this.#end()
    else this.pump()
  }

  #typed(input: Input): void {
    this.#inbox.push(input)
    this.#terminal.answered()
    this.#hasEnded = true
    this.#hint = undefined
  }

  /** Not while more comes, nor of what is typed hidden. */
  #waitForEnd(): void {
    clearTimeout(this.#waiting)
    if (this.#hint === undefined || this.#ended || (this.#splitter.isEmpty && this.#terminal.isEmpty)) return
    this.#waiting = setTimeout(() => this.#explain(), UNENDED_MS)
  }

  #explain(): void {
    const hint = this.#hint
    this.#hint = undefined
    // Where we show what is typed it comes above that, else behind it.
    if (hint !== undefined && !this.#terminal.isHidden)
      this.say(this.#terminal.isEditing ? hint : `\n${hint}`)
  }

  #noteCodePage(input: Input): void {
    if (typeof input === 'string' || input.codePage === undefined) return
    const told = this.#foreign
    this.#foreign = undefined
    told?.(input.codePage)
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
    else if (this.#ended && this.#terminal.hasKeys) this.#terminal.press()
    else if (this.#ended && !this.#hasSaidSo) this.#sayEnded()
    else {
      this.#terminal.pressOn()
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
    this.#terminal.dropKeys()
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
    this.#terminal.pressOn()
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
