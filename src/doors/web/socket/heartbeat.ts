// Pings and pongs of one WebSocket, and how long its peer has been silent.

import type { Buffer } from 'node:buffer'
import type { WebSocket } from 'ws'
import type { Subscriber } from '../../../core/log/subscriber.ts'
import { pongFrame } from '../../../net/frames.ts'
import type { Flow } from '../../shared/flow.ts'

export class Heartbeat {
  readonly #web: WebSocket
  readonly #subscriber: Subscriber
  readonly #flow: Flow
  /** The payload of the last ping that is not answered yet. */
  #ping: Buffer | undefined
  #heardAt = performance.now()

  constructor(web: WebSocket, subscriber: Subscriber, flow: Flow) {
    this.#web = web
    this.#subscriber = subscriber
    this.#flow = flow
    web.on('ping', payload => this.#answerPing(payload))
    web.on('pong', () => this.#signOfLife())
  }

  /** Notes that the peer sent or took something. */
  heard(): void {
    this.#heardAt = performance.now()
  }

  /** Milliseconds since the peer was last heard. */
  get silence(): number {
    return performance.now() - this.#heardAt
  }

  /** Of pings that arrive together only the last is answered (RFC 6455, section 5.5.3). */
  #answerPing(payload: Buffer): void {
    this.#signOfLife()
    if (!this.#ping) setImmediate(() => this.#pong())
    this.#ping = payload
  }

  /** No pongs pile up for a peer that does not read. */
  #pong(): void {
    if (this.#ping && !this.#subscriber.full) this.#subscriber.write(pongFrame(this.#ping))
    this.#ping = undefined
  }

  /** Charges a ping or pong. One packet may hold ten thousand: a peer over the limit is disconnected. */
  #signOfLife(): void {
    this.heard()
    if (!this.#flow.pay('little')) this.#web.terminate()
  }
}
