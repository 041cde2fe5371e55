// A few connections for work that is no script, and would hold up the writes and reads of the chat: the bytes of files.

import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../../core/model/refusals.ts'
import { Unusable } from '../unusable.ts'
import { type Connection, ConnectionLost } from './connection.ts'
import { type Database, PATIENCE_MS, RETRY_MS } from './database.ts'
import type { FreeSpace } from './free-space.ts'
import { ReconnectingConnection } from './reconnecting-connection.ts'
import { isDamage, isFull, isLockTimeout, isReadOnly, isStaleStatement, isTransient } from './run-script.ts'

/** @param isAgain whether an earlier attempt may have been committed */
type Work<T> = (connection: Connection, isAgain: boolean) => Promise<T>

interface Waiting {
  readonly resolve: (connection: ReconnectingConnection) => void
  readonly reject: (refusal: Refusal) => void
}

export class ConnectionPool {
  readonly #database: Database
  readonly #space: FreeSpace
  readonly #connections: readonly ReconnectingConnection[]
  readonly #idle: ReconnectingConnection[]
  readonly #waiting: Waiting[] = []
  readonly #working = new Set<Promise<void>>()
  #isClosing = false

  /** @param most number of connections, which are opened when they are needed */
  constructor(database: Database, space: FreeSpace, most: number) {
    this.#database = database
    this.#space = space
    this.#connections = Array.from({ length: most }, () => new ReconnectingConnection(database))
    this.#idle = [...this.#connections]
  }

  /**
   * Does the work with a connection of its own, in turn; again from the start if that is lost, within PATIENCE_MS. Refuses
   * 'store-full', 'store-busy', 'store-damaged', 'store-failed' and 'closing'.
   */
  async run<T>(work: Work<T>): Promise<T> {
    const until = performance.now() + PATIENCE_MS
    const connection = await this.#take()
    const working = this.#answered(connection, work, until).finally(() => this.#give(connection))
    const settled: Promise<void> = working.catch(() => {}).then(() => void this.#working.delete(settled))
    this.#working.add(settled)
    return working
  }

  #take(): Promise<ReconnectingConnection> {
    if (this.#isClosing) return Promise.reject(new Refusal('closing'))
    const connection = this.#idle.pop()
    if (connection) return Promise.resolve(connection)
    const { promise, resolve, reject } = Promise.withResolvers<ReconnectingConnection>()
    this.#waiting.push({ resolve, reject })
    return promise
  }

  #give(connection: ReconnectingConnection): void {
    const next = this.#waiting.shift()
    if (next) next.resolve(connection)
    else this.#idle.push(connection)
  }

  async #answered<T>(reconnecting: ReconnectingConnection, work: Work<T>, until: number): Promise<T> {
    for (let isAgain = false; ; isAgain = true) {
      try {
        return await this.#attempt(reconnecting, work, isAgain)
      } catch (error) {
        this.#refuse(error)
        if (this.#database.isLost || performance.now() + RETRY_MS > until) throw new Refusal('store-failed')
        await sleep(RETRY_MS)
      }
    }
  }

  async #attempt<T>(reconnecting: ReconnectingConnection, work: Work<T>, isAgain: boolean): Promise<T> {
    const connection = await reconnecting.connection()
    try {
      return await work(connection, isAgain)
    } catch (error) {
      if (isStaleStatement(error)) connection.forget()
      throw error
    }
  }

  /** Throws, unless the work can be tried again. */
  #refuse(error: unknown): void {
    if (isFull(error)) {
      this.#space.ranOut()
      throw new Refusal('store-full')
    }
    if (isDamage(error)) {
      this.#database.isDamaged()
      throw new Refusal('store-damaged')
    }
    if (isLockTimeout(error)) throw new Refusal('store-busy')
    const mayPass = isTransient(error) || isReadOnly(error)
    if (!(error instanceof ConnectionLost || error instanceof Unusable || mayPass)) throw error
  }

  /** Closes the connections after the work that has begun; what still waits for one is refused. */
  async close(): Promise<void> {
    this.#isClosing = true
    for (const { reject } of this.#waiting.splice(0)) reject(new Refusal('closing'))
    await Promise.all(this.#working)
    await Promise.all(this.#connections.map(connection => connection.close()))
  }
}
