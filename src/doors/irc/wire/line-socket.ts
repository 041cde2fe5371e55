// One IRC connection's socket: bounded lines in, lines out.

import { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Subscriber } from '../../../core/log/seat.ts'
import { network } from '../../../net/address.ts'
import { LineSplitter } from '../../../net/line-splitter.ts'
import { Outbox } from '../../../net/outbox.ts'
import { corkBriefly } from '../../shared/cork.ts'
import type { Flow } from '../../shared/flow.ts'
import { Inbox } from '../../shared/inbox.ts'
import { PendingBytes } from '../../shared/pending-bytes.ts'
import { LONGEST_LINE, LONGEST_TAGS, type Message, parse } from './message.ts'

/** For the last words to who is sent away. */
const MOMENT_MS = 2000

export type Input = Message | 'too-long' | 'not-utf8' | 'ended'

/** A socket, or what stands for one. */
export interface Transport extends Duplex {
  readonly remoteAddress?: string | undefined
  /** What is said on it is not to be read on the way. */
  readonly encrypted?: boolean
  /** The name that whoever comes by TLS has come to (SNI). */
  readonly servername?: string | false | null
}

export class LineSocket {
  readonly address: string
  readonly isSecure: boolean
  /** The client has said by which name it knows the server. */
  readonly isNamed: boolean
  readonly subscriber: Subscriber
  readonly inbox: Inbox<Input>
  readonly #socket: Transport
  readonly #outbox: Outbox
  readonly #splitter: LineSplitter
  readonly #pending = new PendingBytes()
  #ended = false
  /** That it has ended is in the inbox, behind all that came before. */
  #hasSaidSo = false
  /** Who waits until there is room again. */
  #drained = Promise.withResolvers<void>()

  /** What was there before is in the inbox, which is pumped when more comes. */
  constructor(socket: Transport, { first, flow }: { first: Buffer; flow: Flow }) {
    this.#socket = socket
    this.inbox = new Inbox(
      { pause: () => socket.pause(), resume: () => socket.resume(), refill: () => this.#refill() },
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

  /** The peer does not read what it is answered: nothing more is heard before it does. */
  get isChoked(): boolean {
    return this.subscriber.full && !this.isClosed
  }

  /** What is said in one turn goes out in one piece. @param line without its end */
  send(line: string): void {
    corkBriefly(this.#socket)
    this.subscriber.write(Buffer.from(`${line}\r\n`))
  }

  /**
   * For who says much: in another turn of the event loop, so that others have theirs, and when a peer that reads slowly
   * has taken what waits for it.
   */
  async ready(): Promise<void> {
    await nextTurn()
    while (this.subscriber.full && !this.isClosed) await this.#drained.promise
  }

  #isRoomy(): void {
    this.#drained.resolve()
    this.#drained = Promise.withResolvers()
  }

  /** When what was said has gone out; a peer that does not take it has no more than a moment. */
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

  /** Nothing comes any more: what has no end yet is a line. */
  #sayEnded(): void {
    this.#splitter.end()
    this.#hasSaidSo = true
    this.inbox.push('ended')
  }
}

const NO_LINE = /[\r\0]/

/** CR and NUL are no part of any line (RFC 1459, section 2.3): here they are spaces. */
function whole(line: string): string {
  return NO_LINE.test(line) ? line.replace(/[\r\0]/g, ' ') : line
}

/** Tags and the rest have limits of their own. */
function fits(line: string): boolean {
  if (line.length * 3 <= LONGEST_LINE - 2) return true
  const end = line.startsWith('@') ? line.indexOf(' ') + 1 : 0
  if (line.startsWith('@') && end === 0) return false
  const tags = Buffer.byteLength(line.slice(0, end))
  return tags <= LONGEST_TAGS && Buffer.byteLength(line) - tags <= LONGEST_LINE - 2
}
