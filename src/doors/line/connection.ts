// One client of the line door: lines in, sentences out.

import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import type { Chat } from '../../core/chat.ts'
import { Subscriber } from '../../core/log/subscriber.ts'
import type { Format, Person } from '../../core/model/model.ts'
import { network } from '../../net/address.ts'
import { LineSplitter } from '../../net/line-splitter.ts'
import { Outbox } from '../../net/outbox.ts'
import { type CodePage, decode, undecoded } from '../../wire/code-page.ts'
import { Flow } from '../shared/flow.ts'
import { type Handler, Inbox } from '../shared/inbox.ts'
import { PendingBytes } from '../shared/pending-bytes.ts'
import { LineEndHint } from './line-end-hint.ts'
import { Terminal } from './terminal.ts'

const LONGEST_LINE = 16 << 10
/** How long a peer that is sent away may take to read the last words. */
const MOMENT_MS = 100

/** An input of a connection: a line, a line over the limit (its text is dropped), or the end of the stream. */
export type Input = Line | 'too-long' | 'ended'

export interface Line {
  readonly line: string
  /** The encoding that a line was decoded from where it was not valid UTF-8. */
  readonly codePage?: CodePage
}

export class Connection {
  /** The remote network: an IPv4 address or an IPv6 /64 (net/address.ts). */
  readonly address: string
  readonly subscriber: Subscriber
  readonly flow: Flow
  /** The person who has logged in here. */
  person: Person | undefined
  readonly #socket: Socket
  readonly #outbox: Outbox
  readonly #terminal: Terminal
  /** Bytes are written as they are: they are not text, or their line ends are right already. */
  #isRaw = false
  readonly #lineEndHint: LineEndHint
  /** Called once, at the first line that is not UTF-8. */
  #notifyCodePage: ((codePage: CodePage) => void) | undefined
  readonly #splitter: LineSplitter
  readonly #pending = new PendingBytes()
  readonly #inbox: Inbox<Input>
  /** The peer does not read its answers: nothing more is handled until it does. */
  #choked = false
  #ended = false
  /** The peer reset the connection: an unfinished line is dropped. */
  #wasReset = false
  /** 'ended' is in the inbox, after all other inputs. */
  #hasSaidSo = false
  #isStopped = false
  /** Answers whoever waits for the next input that none comes. */
  #giveUp: (() => void) | undefined
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
        get destroyed() {
          return socket.destroyed
        },
        refill: () => this.#refill(),
      },
      this.flow,
    )
    this.address = network(socket.remoteAddress ?? '')
    this.#outbox = new Outbox(socket, () => this.#drained())
    this.subscriber = new Subscriber({
      write: bytes => this.#outbox.write(this.#isRaw ? bytes : this.#terminal.rendered(bytes)),
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
      send: bytes => this.#sendRaw(bytes),
      received: text => this.#pending.add(text),
      // While lines wait in the inbox, what follows is kept as keys: that takes less memory.
      mayPress: () => !this.#ended && !this.#choked && this.#inbox.size === 0,
      pressed: interrupted => this.#heard(interrupted),
    })
    this.#lineEndHint = new LineEndHint({
      isUnfinished: () => !this.#ended && !(this.#splitter.isEmpty && this.#terminal.isEmpty),
      say: hint => this.#explain(hint),
    })
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('end', () => this.#end())
    socket.on('close', () => this.#close())
    if (first.length > 0) this.#receive(first)
    if (socket.readableEnded || socket.destroyed) this.#end()
  }

  /** Whether the socket is closed: nothing more reaches the peer. */
  get isClosed(): boolean {
    return this.#socket.destroyed
  }

  /** Whether the peer does not take what it is sent: no more of its input is handled until it does. */
  get isChoked(): boolean {
    return this.#choked && !this.isClosed
  }

  /** The format of what is typed: Markdown in our terminal client, plain text elsewhere. */
  get format(): Format {
    return this.#terminal.isTerminalClient ? 'markdown' : 'plain'
  }

  /** Whether anything that was typed has not been handled yet. */
  get hasInputs(): boolean {
    return !this.#pending.isEmpty || this.#inbox.size > (this.#hasSaidSo ? 1 : 0)
  }

  /** Sets the callback for the first line that is not UTF-8. */
  onCodePage(notify: (codePage: CodePage) => void): void {
    this.#notifyCodePage = notify
  }

  /** Sets the hint for clients that begin a first line and do not end it. */
  explainLineEnd(hint: string): void {
    this.#lineEndHint.set(hint)
  }

  /** Passes all inputs to this handler from now on. */
  listen({ cost, take, abandoned }: Handler<Input>): void {
    this.#inbox.handler = {
      cost: input => (this.#choked ? 'wait' : (cost?.(input) ?? 'turn')),
      take: input => {
        this.#terminal.answered() // also by a line that was sent ahead of its question
        this.#noteCodePage(input)
        take(input)
      },
      ...(abandoned && { abandoned }),
    }
    this.pump()
  }

  /**
   * Waits for the next input; at most one per turn of the event loop, so that a flood does not block it. A connection that
   * is stopped, or closed with more than the rate limit lets through, has ended.
   */
  async next(): Promise<Input> {
    await new Promise(resolve => setImmediate(resolve))
    if (this.#isStopped) return 'ended'
    return new Promise(resolve => {
      const take = (input: Input) => {
        this.#inbox.handler = undefined
        this.#giveUp = undefined
        resolve(input)
      }
      this.#giveUp = () => take('ended')
      this.listen({ take, abandoned: this.#giveUp })
    })
  }

  /** Handles the inputs that wait, as far as the rate limit allows. */
  pump(): void {
    this.#inbox.pump()
  }

  say(line: string): void {
    this.#reply(Buffer.from(`${line}\n`))
  }

  /** Asks a question that is answered on the same line. */
  prompt(question: string): void {
    const bytes = Buffer.from(question)
    const drawn = this.#terminal.ask(bytes)
    if (drawn) this.#sendRaw(drawn)
    else this.#reply(bytes)
  }

  /** Stops showing what is typed, if the client can be asked to. */
  hideInput(): void {
    this.#terminal.hideInput()
  }

  showInput(): void {
    this.#terminal.showInput()
  }

  /** Stops handling inputs and drops those that wait. */
  stop(): void {
    this.#lineEndHint.stop()
    this.flow.stopResting()
    this.#inbox.handler = undefined
    this.dropInputs()
    this.#isStopped = true
    this.#giveUp?.()
  }

  /** Drops what has been typed and is not handled yet. */
  dropInputs(): void {
    this.#terminal.dropKeys()
    this.#inbox.clear()
    this.#pending.takeAll()
  }

  /** Gives up the socket to another door. @returns the input that was not handled */
  handOver(): Buffer {
    const lines = this.#inbox.clear().flatMap(input => (typeof input === 'string' ? [] : input.line))
    const rest = [this.#splitter.takeRest(), this.#pending.takeAll(), this.#terminal.keys]
    const unheard = [...lines.map(line => Buffer.from(`${line}\n`)), ...rest]
    this.stop()
    this.#handedOver = true
    this.#socket.removeAllListeners('data')
    return Buffer.concat(unheard)
  }

  /** Closes the connection once everything written has gone out. Further input is discarded. */
  end(): void {
    if (this.#handedOver) return
    this.stop()
    this.#socket.removeAllListeners('data')
    this.#socket.resume()
    this.#outbox.end()
  }

  /** Like `end`, but a peer that does not read is cut off after a moment. */
  endSoon(): void {
    const moment = setTimeout(() => this.#socket.destroy(), MOMENT_MS)
    this.#socket.on('close', () => clearTimeout(moment))
  }

  #receive(chunk: Buffer): void {
    this.#heard(this.#terminal.receive(chunk))
  }

  #heard(interrupted: boolean): void {
    this.#lineEndHint.restart()
    if (interrupted) this.#end()
    else this.pump()
  }

  #typed(input: Input): void {
    this.#inbox.push(input)
    this.#terminal.answered()
    this.#lineEndHint.lineEnded()
  }

  /** Says the hint: above the typed line if we draw it, otherwise after it. */
  #explain(hint: string): void {
    if (!this.#terminal.isHidden) this.say(this.#terminal.isEditing ? hint : `\n${hint}`)
  }

  #noteCodePage(input: Input): void {
    if (typeof input === 'string' || input.codePage === undefined) return
    const notify = this.#notifyCodePage
    this.#notifyCodePage = undefined
    notify?.(input.codePage)
  }

  /** Sends bytes that must arrive unchanged. */
  #sendRaw(bytes: Uint8Array): void {
    this.#isRaw = true
    this.#reply(bytes)
    this.#isRaw = false
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
    this.#lineEndHint.restart()
  }

  #sayEnded(): void {
    if (!this.#wasReset) this.#splitter.end()
    this.#hasSaidSo = true
    this.#inbox.push('ended')
  }

  #close(): void {
    this.#lineEndHint.stop()
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

/** Strips the byte order mark with which some programs begin each line. */
function withoutMark(line: string): string {
  return line.startsWith('\ufeff') ? line.slice(1) : line
}

/** Returns a password as it was typed. If it is not UTF-8, its encoding is not guessed: the result is no valid password. */
export function secretOf({ line, codePage }: Line): string {
  return codePage === undefined ? line : undecoded(line)
}
