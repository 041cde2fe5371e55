// One IRC connection's socket: bounded lines in, lines out.

import { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Subscriber } from '../../../core/log/subscriber.ts'
import { network } from '../../../net/address.ts'
import { LineSplitter } from '../../../net/line-splitter.ts'
import { Outbox } from '../../../net/outbox.ts'
import { corkBriefly } from '../../shared/cork.ts'
import type { Flow } from '../../shared/flow.ts'
import { Inbox } from '../../shared/inbox.ts'
import { PendingBytes } from '../../shared/pending-bytes.ts'
import { LONGEST_LINE, LONGEST_TAGS, type Message, parse } from './message.ts'

/** How long a peer has to take the last lines before its socket is destroyed. */
const MOMENT_MS = 2000

export type Input = Message | 'too-long' | 'not-utf8' | 'ended'

/** A socket, or a WebSocket's stream of lines. */
export interface Transport extends Duplex {
  readonly remoteAddress?: string | undefined
  /** Whether it is encrypted. */
  readonly encrypted?: boolean
  /** The server name of the TLS handshake (SNI). */
  readonly servername?: string | false | null
}

export class LineSocket {
  readonly address: string
  readonly isSecure: boolean
  /** Whether the client has named the server (SNI). */
  readonly isNamed: boolean
  readonly subscriber: Subscriber
  readonly inbox: Inbox<Input>
  readonly #socket: Transport
  readonly #outbox: Outbox
  readonly #splitter: LineSplitter
  readonly #pending = new PendingBytes()
  #ended = false
  /** Whether the inbox has 'ended', after all that came before. */
  #hasSaidSo = false
  /** Resolves when the outbox has drained. */
  #drained = Promise.withResolvers<void>()

  /** @param first bytes received before: they go to the inbox, which the caller pumps first */
  constructor(socket: Transport, { first, flow }: { first: Buffer; flow: Flow }) {
    this.#socket = socket
    this.inbox = new Inbox(
      {
        pause: () => socket.pause(),
        resume: () => socket.resume(),
        get destroyed() {
          return socket.destroyed
        },
        refill: () => this.#refill(),
      },
      flow,
    )
    this.address = network(socket.remoteAddress ?? '')
    this.isSecure = socket.encrypted === true
    this.isNamed = typeof socket.servername === 'string' && socket.servername !== ''
    this.#outbox = new Outbox(socket, () => {
      this.#isRoomy()
      this.subscriber.drained()
      this.inbox.pump()
    })
    this.subscriber = new Subscriber(this.#outbox)
    this.#splitter = new LineSplitter(
      LONGEST_TAGS + LONGEST_LINE - 2,
      line => this.inbox.push(fits(line) ? parse(whole(line)) : 'too-long'),
      () => this.inbox.push('too-long'),
      () => this.inbox.push('not-utf8'),
    )
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('end', () => this.#end())
    socket.on('close', () => {
      this.#isRoomy()
      this.#end()
    })
    this.#pending.add(first)
    this.#ended = socket.readableEnded || socket.destroyed
  }

  get isClosed(): boolean {
    return this.#socket.destroyed
  }

  /** Whether the peer does not take what it is sent: no more of its input is handled until it does. */
  get isChoked(): boolean {
    return this.subscriber.full && !this.isClosed
  }

  /** Milliseconds for which the peer has taken nothing of what waits. */
  get stalledFor(): number {
    return this.#outbox.stalledFor
  }

  /** Closes the socket at once. */
  destroy(): void {
    this.#socket.destroy()
  }

  /** @param line without its line end */
  send(line: string): void {
    corkBriefly(this.#socket)
    this.subscriber.write(Buffer.from(`${line}\r\n`))
  }

  /**
   * To be awaited between parts of a long answer: resolves in another turn of the event loop, when a slow peer has taken
   * what waits for it.
   */
  async ready(): Promise<void> {
    await nextTurn()
    while (this.subscriber.full && !this.isClosed) await this.#drained.promise
  }

  #isRoomy(): void {
    this.#drained.resolve()
    this.#drained = Promise.withResolvers()
  }

  /** Ends the socket when all lines have gone out, or MOMENT_MS have passed. */
  end(): void {
    this.inbox.handler = undefined
    this.inbox.clear()
    this.#pending.takeAll()
    this.#socket.removeAllListeners('data')
    this.#socket.resume()
    this.#outbox.end()
    const moment = setTimeout(() => this.#socket.destroy(), MOMENT_MS)
    this.#socket.on('close', () => clearTimeout(moment))
  }

  #receive(chunk: Buffer): void {
    this.#pending.add(chunk)
    this.inbox.pump()
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.inbox.pump()
  }

  #refill(): boolean {
    if (!this.#pending.isEmpty) this.#splitter.push(this.#pending.take())
    else if (this.#ended && !this.#hasSaidSo) this.#sayEnded()
    else return false
    return true
  }

  /** Nothing more comes: bytes without a line end are the last line. */
  #sayEnded(): void {
    this.#splitter.end()
    this.#hasSaidSo = true
    this.inbox.push('ended')
  }
}

const NO_LINE = /[\r\0]/

/** Replaces CR and NUL, which no line may contain (RFC 1459, section 2.3), by spaces. */
function whole(line: string): string {
  return NO_LINE.test(line) ? line.replace(/[\r\0]/g, ' ') : line
}

/** Whether a line is within its limits: tags and the rest have one each. */
function fits(line: string): boolean {
  if (line.length * 3 <= LONGEST_LINE - 2) return true
  const end = line.startsWith('@') ? line.indexOf(' ') + 1 : 0
  if (line.startsWith('@') && end === 0) return false
  const tags = Buffer.byteLength(line.slice(0, end))
  return tags <= LONGEST_TAGS && Buffer.byteLength(line) - tags <= LONGEST_LINE - 2
}
