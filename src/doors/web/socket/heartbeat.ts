// Whether the peer of one WebSocket is still there.

import type { Buffer } from 'node:buffer'
import type { WebSocket } from 'ws'
import type { Subscriber } from '../../../core/log/seat.ts'
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

  /** Only the last of those that come together is answered (RFC 6455, section 5.5.3). */
  #answerPing(payload: Buffer): void {
    this.#signOfLife()
    if (!this.#ping) setImmediate(() => this.#pong())
    this.#ping = payload
  }

  /** Who asks without reading gets no answers piled up. */
  #pong(): void {
    if (this.#ping && !this.#subscriber.full) this.#subscriber.write(pongFrame(this.#ping))
    this.#ping = undefined
  }

  /** A packet holds ten thousand of them: nobody who sends so many waits for an answer. */
  #signOfLife(): void {
    this.heard()
    if (!this.#flow.pay('little')) this.#web.terminate()
  }
}
