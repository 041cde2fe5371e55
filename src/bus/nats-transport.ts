// One process's connection to NATS: made again for as long as it takes, and never waited for.

import { setTimeout as sleep } from 'node:timers/promises'
import {
  connect,
  type NatsConnection,
  type NodeConnectionOptions,
  type Subscription,
} from '@nats-io/transport-node'
import type { Clock } from '../core/ports/clock.ts'

/** A first connection is tried again after so long; the client itself sees to later ones. */
const RETRY_MS = 1000
/** At the end NATS has so long to take what was said. */
const LONGEST_GOODBYE_MS = 1000
/** What NATS has not confirmed: it is asked after so much, and is sent nothing more beyond so much. */
const CONFIRMED = 1 << 20
const UNCONFIRMED = 32 << 20

export interface TransportListener {
  connected(): void
  /** Not there, or something about it is wrong. */
  degraded(problem: string): void
  onError(error: unknown): void
}

interface Subscriber {
  readonly subject: string
  readonly heard: (bytes: Uint8Array) => void
  subscription: Subscription | undefined
}

export class NatsTransport {
  /** NATS takes no longer payload. */
  maxPayload = 0
  isConnected = false
  readonly #clock: Clock
  readonly #listener: TransportListener
  readonly #subscribers = new Set<Subscriber>()
  #connection: NatsConnection | undefined
  #isClosed = false
  #unconfirmed = 0
  #confirming = false

  constructor(clock: Clock, listener: TransportListener) {
    this.#clock = clock
    this.#listener = listener
  }

  /** Resolves when NATS is there, or is not: then it is tried again and again. */
  async open(options: NodeConnectionOptions): Promise<void> {
    if (this.#isClosed) return
    try {
      const connection = await connect(options)
      if (this.#isClosed) return connection.close()
      this.#connection = connection
      this.#connected(connection)
      this.#watch(connection, options).catch(error => this.#listener.onError(error))
    } catch (error) {
      this.#retry(options, String(error))
    }
  }

  #retry(options: NodeConnectionOptions, problem: string): void {
    this.#degraded(problem)
    this.#clock.after(RETRY_MS, () => void this.open(options))
  }

  /** The client connects again by itself, for ever, unless something happens to it that it can't get over. */
  async #watch(connection: NatsConnection, options: NodeConnectionOptions): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') this.#disconnected(`${status.server} is not there`)
      else if (status.type === 'reconnect') this.#connected(connection)
      else if (status.type === 'error') this.#degraded(String(status.error))
    }
    this.isConnected = false
    this.#retry(options, String((await connection.closed()) ?? 'closed'))
  }

  /** Who connects again has kept what it listens to. */
  #connected(connection: NatsConnection): void {
    this.isConnected = true
    this.maxPayload = connection.info?.max_payload ?? this.maxPayload
    for (const each of this.#subscribers)
      if (!each.subscription || each.subscription.isClosed()) this.#subscribe(each)
    this.#listener.connected()
  }

  #disconnected(problem: string): void {
    this.isConnected = false
    this.#degraded(problem)
  }

  #degraded(problem: string): void {
    if (!this.#isClosed) this.#listener.degraded(problem)
  }

  /** Over all connections. @returns how to stop listening */
  listen(subject: string, heard: (bytes: Uint8Array) => void): () => void {
    const subscriber: Subscriber = { subject, heard, subscription: undefined }
    this.#subscribers.add(subscriber)
    if (this.#connection && !this.#connection.isClosed()) this.#subscribe(subscriber)
    return () => {
      this.#subscribers.delete(subscriber)
      subscriber.subscription?.unsubscribe()
    }
  }

  /** What must not throw into the client, which would stop reading. */
  #subscribe(subscriber: Subscriber): void {
    subscriber.subscription = this.#connection?.subscribe(subscriber.subject, {
      callback: (error, message) => {
        try {
          if (error) throw error
          subscriber.heard(message.data)
        } catch (failed) {
          this.#listener.onError(failed)
        }
      },
    })
  }

  /** @returns false when it is not sent: NATS is away, or has not taken what it was sent before */
  send(subject: string, bytes: Uint8Array): boolean {
    if (!this.canSend || this.#connection?.isClosed() !== false) return false
    this.#connection.publish(subject, bytes)
    this.#unconfirmed += bytes.length
    if (this.#unconfirmed > CONFIRMED && !this.#confirming) void this.#confirm(this.#connection)
    return true
  }

  get canSend(): boolean {
    return this.isConnected && this.#unconfirmed <= UNCONFIRMED
  }

  /** A ping that comes back behind all that was sent. */
  async #confirm(connection: NatsConnection): Promise<void> {
    const sent = this.#unconfirmed
    this.#confirming = true
    await connection.flush().catch(() => {}) // it went away, and what was under way with it
    this.#unconfirmed -= sent
    this.#confirming = false
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const taken = this.isConnected ? this.#connection?.flush().catch(() => {}) : undefined
    this.isConnected = false
    await Promise.race([taken, sleep(LONGEST_GOODBYE_MS, undefined, { ref: false })])
    await this.#connection?.close()
  }
}
