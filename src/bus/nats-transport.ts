// One process's connection to NATS: it reconnects for ever, and nobody ever waits for it.

import { setTimeout as sleep } from 'node:timers/promises'
import {
  connect,
  type NatsConnection,
  type NodeConnectionOptions,
  type Subscription,
} from '@nats-io/transport-node'
import type { Clock } from '../core/ports/clock.ts'

/** Pause before a failed first connection is tried again; the client itself retries later ones. */
const RETRY_MS = 1000
/** Bound on flushing when the transport is closed. */
const LONGEST_GOODBYE_MS = 1000
/** Unconfirmed bytes after which NATS is asked for a confirmation. */
const CONFIRMED = 1 << 20
/** Unconfirmed bytes above which nothing more is sent. */
const UNCONFIRMED = 32 << 20

export interface TransportListener {
  connected(): void
  /** NATS is away, or reports an error. */
  degraded(problem: string): void
  onError(error: unknown): void
}

interface Subscriber {
  readonly subject: string
  readonly heard: (bytes: Uint8Array) => void
  subscription: Subscription | undefined
}

export class NatsTransport {
  /** Bytes: the longest payload that NATS accepts. */
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

  /** Resolves after the first attempt to connect; after a failure it goes on trying. */
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

  /** The client reconnects by itself for ever; should it give up nonetheless, a new one is made. */
  async #watch(connection: NatsConnection, options: NodeConnectionOptions): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') this.#disconnected(`${status.server} is not there`)
      else if (status.type === 'staleConnection') this.#giveUp(connection)
      else if (status.type === 'reconnect') this.#connected(connection)
      else if (status.type === 'error') this.#degraded(String(status.error))
    }
    this.isConnected = false
    this.#retry(options, String((await connection.closed()) ?? 'closed'))
  }

  /** A client that reconnects has kept its subscriptions; a new one gets them here. */
  #connected(connection: NatsConnection): void {
    this.isConnected = true
    this.maxPayload = connection.info?.max_payload ?? this.maxPayload
    for (const each of this.#subscribers)
      if (!each.subscription || each.subscription.isClosed()) this.#subscribe(each)
    this.#listener.connected()
  }

  /** The client itself would first send what is left, and so for ever keep a connection of which nothing is taken. */
  #giveUp(connection: NatsConnection): void {
    this.#disconnected(`${connection.getServer()} does not answer`)
    void connection.close()
  }

  #disconnected(problem: string): void {
    this.isConnected = false
    this.#degraded(problem)
  }

  #degraded(problem: string): void {
    if (!this.#isClosed) this.#listener.degraded(problem)
  }

  /** Subscribes on this connection and every later one. @returns a function that unsubscribes */
  listen(subject: string, heard: (bytes: Uint8Array) => void): () => void {
    const subscriber: Subscriber = { subject, heard, subscription: undefined }
    this.#subscribers.add(subscriber)
    if (this.#connection && !this.#connection.isClosed()) this.#subscribe(subscriber)
    return () => {
      this.#subscribers.delete(subscriber)
      subscriber.subscription?.unsubscribe()
    }
  }

  /** An exception must not reach the client, which would stop reading. */
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

  /** @returns false when it was not sent: NATS is away, or too much is unconfirmed */
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

  /**
   * Flushes until little is unconfirmed: the PONG comes after everything that was sent before the PING. When NATS goes away,
   * so does whatever was in flight.
   */
  async #confirm(connection: NatsConnection): Promise<void> {
    this.#confirming = true
    while (this.#unconfirmed > CONFIRMED) {
      const sent = this.#unconfirmed
      // The client never settles a flush of a connection that is closed meanwhile.
      await Promise.race([connection.flush().catch(() => {}), connection.closed()])
      this.#unconfirmed -= sent
    }
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
