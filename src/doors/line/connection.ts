// One bare socket: lines in, sentences out.

import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import { Subscriber } from '../../core/seat.ts'
import { network } from '../../net/address.ts'
import { LineSplitter } from '../../net/lines.ts'
import { Outbox } from '../../net/outbox.ts'
import { Telnet } from './telnet.ts'

const LONGEST_LINE = 16 << 10
/** For the last words to who is sent away. */
const MOMENT_MS = 100

/** What a connection says: a line, a line that was too long to be kept, or nothing more. */
export type Input = { readonly line: string } | 'too-long' | 'ended'

/** Takes one input; false leaves it where it is, and `pump` offers it again. */
export type Listener = (input: Input) => boolean

export class Connection {
  /** Where it comes from, as far as one subscriber has it (net/address.ts). */
  readonly address: string
  readonly subscriber: Subscriber
  readonly #socket: Socket
  readonly #outbox: Outbox
  readonly #telnet = new Telnet()
  readonly #splitter: LineSplitter
  #inputs: Input[] = []
  #next = 0
  #listener: Listener | undefined
  #pumping = false
  /** Something was answered though the peer does not read: nothing more is heard before it does. */
  #choked = false
  #ended = false
  #handedOver = false

  constructor(socket: Socket, first: Buffer) {
    this.#socket = socket
    this.address = network(socket.remoteAddress ?? '')
    this.#outbox = new Outbox(socket, () => this.#drained())
    this.subscriber = new Subscriber(this.#outbox)
    this.#splitter = new LineSplitter(
      LONGEST_LINE,
      line => this.#inputs.push({ line }),
      () => this.#inputs.push('too-long'),
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

  /** Something was typed that nobody has taken yet. */
  get hasInputs(): boolean {
    return this.#next < this.#inputs.length
  }

  /** Everything said from now on goes to this listener. */
  listen(listener: Listener): void {
    this.#listener = listener
    this.pump()
  }

  /** The next input, whatever it is; one for each turn of the event loop, so that a flood of them is no monologue. */
  async next(): Promise<Input> {
    await new Promise(resolve => setImmediate(resolve))
    return new Promise(resolve => {
      this.listen(input => {
        this.#listener = undefined
        resolve(input)
        return true
      })
    })
  }

  /** Offers the listener what is there; the socket is read only while it takes everything. */
  pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    while (this.#listener && !this.#choked) {
      const input = this.#inputs[this.#next] ?? (this.#ended ? 'ended' : undefined)
      if (input === undefined || !this.#listener(input)) break
      if (input === 'ended') break
      this.#next++
    }
    this.#pumping = false
    if (this.#next < this.#inputs.length || this.#choked) {
      this.#socket.pause()
      return
    }
    this.#inputs = []
    this.#next = 0
    this.#socket.resume()
  }

  say(line: string): void {
    this.#reply(Buffer.from(`${line}\n`))
  }

  /** A question, answered on the same line. */
  prompt(question: string): void {
    this.#reply(Buffer.from(question))
  }

  /** What is typed next is not shown, where the client can be asked for that. */
  hideInput(): void {
    this.#reply(this.#telnet.hide())
  }

  showInput(): void {
    this.#reply(this.#telnet.show())
  }

  /** Nobody looks any more at what is said. */
  stop(): void {
    this.#listener = undefined
    this.#inputs = []
    this.#next = 0
  }

  /** Leaves the socket to somebody else. @returns what was said on it and not heard */
  handOver(): Buffer {
    const lines = this.#inputs
      .slice(this.#next)
      .flatMap(input => (typeof input === 'string' ? [] : input.line))
    const unheard = [...lines.map(line => Buffer.from(`${line}\n`)), this.#splitter.takeRest()]
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
    const { text, answer, interrupted } = this.#telnet.read(chunk)
    this.#splitter.push(text)
    this.#reply(answer)
    if (interrupted) this.#end()
    else this.pump()
  }

  #end(): void {
    if (this.#ended) return
    this.#splitter.end()
    this.#ended = true
    this.pump()
  }

  #close(): void {
    this.#choked = false
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
  }
}
