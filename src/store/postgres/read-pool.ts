// Runs reads concurrently with the writer: a few connections, each of which runs one script at a time on a snapshot.

import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../../core/model/refusals.ts'
import { begin, type Call } from '../scripts/scripts.ts'
import { type Statement, sql } from '../scripts/sql.ts'
import { Unusable } from '../unusable.ts'
import { BEGIN_READING, COMMIT, type Connection, ConnectionLost, ROLLBACK } from './connection.ts'
import { type Database, PATIENCE_MS, RETRY_MS } from './database.ts'
import type { PendingCall } from './pending-call.ts'
import { ReconnectingConnection } from './reconnecting-connection.ts'
import { isDamage, isLockTimeout, isStaleStatement, runScript } from './run-script.ts'

/** The best plan of a search depends on how frequent its words are, so prepared statements are planned each time. */
const PLAN_EACH = sql`SET LOCAL plan_cache_mode = force_custom_plan`

export class ReadPool {
  readonly #database: Database
  readonly #most: number
  readonly #opening: readonly Statement[]
  readonly #queue: PendingCall[] = []
  readonly #connections: ReconnectingConnection[] = []
  readonly #idle: ReconnectingConnection[] = []
  readonly #working = new Set<Promise<void>>()
  #closing = false

  /** @param most number of connections. @param planning 'each': plan every execution */
  constructor(database: Database, { most, planning }: { most: number; planning?: 'each' }) {
    this.#database = database
    this.#most = most
    this.#opening = planning === 'each' ? [BEGIN_READING, PLAN_EACH] : [BEGIN_READING]
  }

  call(call: Call): Promise<unknown> {
    if (this.#closing) return Promise.reject(new Refusal('closing'))
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#queue.push({ call, until: performance.now() + PATIENCE_MS, resolve, reject })
    const connection = this.#idle.pop() ?? this.#another()
    if (connection) this.#start(connection)
    return promise
  }

  #another(): ReconnectingConnection | undefined {
    if (this.#connections.length === this.#most) return undefined
    const connection = new ReconnectingConnection(this.#database)
    this.#connections.push(connection)
    return connection
  }

  #start(connection: ReconnectingConnection): void {
    const work = this.#work(connection).finally(() => {
      this.#working.delete(work)
    })
    this.#working.add(work)
  }

  async #work(connection: ReconnectingConnection): Promise<void> {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const { resolve, reject } = next
      await this.#answered(connection, next).then(resolve, reject)
    }
    this.#idle.push(connection)
  }

  /** Retries, which is harmless for reads, until the call is answered or has waited too long. */
  async #answered(connection: ReconnectingConnection, { call, until }: PendingCall): Promise<unknown> {
    for (;;) {
      try {
        return await this.#run(await connection.connection(), this.#database.retimed(call))
      } catch (error) {
        if (isDamage(error)) {
          this.#database.isDamaged()
          throw new Refusal('store-damaged')
        }
        if (isLockTimeout(error)) throw new Refusal('store-busy')
        if (!(error instanceof ConnectionLost || error instanceof Unusable)) throw error
        if (this.#database.isLost || performance.now() + RETRY_MS > until) throw new Refusal('store-failed')
        await sleep(RETRY_MS)
      }
    }
  }

  async #run(connection: Connection, call: Call): Promise<unknown> {
    for (let again = false; ; again = true) {
      // Not awaited: when it fails, what follows fails, too.
      connection.askAll(this.#opening).catch(() => {})
      try {
        const value = await runScript(connection, begin(call))
        connection.ask(COMMIT).catch(() => {}) // there is nothing to commit
        return value
      } catch (error) {
        connection.ask(ROLLBACK).catch(() => {})
        if (again || !isStaleStatement(error)) throw error
        connection.forget()
      }
    }
  }

  /** Closes the connections after every call was answered. */
  async close(): Promise<void> {
    this.#closing = true
    while (this.#working.size > 0) await Promise.all(this.#working)
    await Promise.all(this.#connections.map(connection => connection.close()))
  }
}
