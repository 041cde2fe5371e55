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

export interface Watcher {
  there(): void
  /** Not there, or something about it is wrong. */
  wrong(problem: string): void
  onError(error: unknown): void
}

interface Listening {
  readonly subject: string
  readonly heard: (bytes: Uint8Array) => void
  subscription: Subscription | undefined
}

export class NatsLink {
  /** NATS takes no longer payload. */
  longest = 0
  isThere = false
  readonly #clock: Clock
  readonly #watcher: Watcher
  readonly #listening = new Set<Listening>()
  #connection: NatsConnection | undefined
  #isClosed = false
  #unconfirmed = 0
  #confirming = false

  constructor(clock: Clock, watcher: Watcher) {
    this.#clock = clock
    this.#watcher = watcher
  }

  /** Resolves when NATS is there, or is not: then it is tried again and again. */
  async open(options: NodeConnectionOptions): Promise<void> {
    if (this.#isClosed) return
    try {
      const connection = await connect(options)
      if (this.#isClosed) return connection.close()
      this.#connection = connection
      this.#there(connection)
      this.#watch(connection, options).catch(error => this.#watcher.onError(error))
    } catch (error) {
      this.#retry(options, String(error))
    }
  }

  #retry(options: NodeConnectionOptions, problem: string): void {
    this.#wrong(problem)
    this.#clock.after(RETRY_MS, () => void this.open(options))
  }

  /** The client connects again by itself, for ever, unless something happens to it that it can't get over. */
  async #watch(connection: NatsConnection, options: NodeConnectionOptions): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') this.#away(`${status.server} is not there`)
      else if (status.type === 'reconnect') this.#there(connection)
      else if (status.type === 'error') this.#wrong(String(status.error))
    }
    this.isThere = false
    this.#retry(options, String((await connection.closed()) ?? 'closed'))
  }

  /** Who connects again has kept what it listens to. */
  #there(connection: NatsConnection): void {
    this.isThere = true
    this.longest = connection.info?.max_payload ?? this.longest
    for (const each of this.#listening)
      if (!each.subscription || each.subscription.isClosed()) this.#subscribe(each)
    this.#watcher.there()
  }

  #away(problem: string): void {
    this.isThere = false
    this.#wrong(problem)
  }

  #wrong(problem: string): void {
    if (!this.#isClosed) this.#watcher.wrong(problem)
  }

  /** Over all connections. @returns how to stop listening */
  listen(subject: string, heard: (bytes: Uint8Array) => void): () => void {
    const listening: Listening = { subject, heard, subscription: undefined }
    this.#listening.add(listening)
    if (this.#connection && !this.#connection.isClosed()) this.#subscribe(listening)
    return () => {
      this.#listening.delete(listening)
      listening.subscription?.unsubscribe()
    }
  }

  /** What must not throw into the client, which would stop reading. */
  #subscribe(listening: Listening): void {
    listening.subscription = this.#connection?.subscribe(listening.subject, {
      callback: (error, message) => {
        try {
          if (error) throw error
          listening.heard(message.data)
        } catch (failed) {
          this.#watcher.onError(failed)
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
    return this.isThere && this.#unconfirmed <= UNCONFIRMED
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
    const taken = this.isThere ? this.#connection?.flush().catch(() => {}) : undefined
    this.isThere = false
    await Promise.race([taken, sleep(LONGEST_GOODBYE_MS, undefined, { ref: false })])
    await this.#connection?.close()
  }
}
