// A connection to the database that is there again after it was lost.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from './connection.ts'
import type { Database } from './database.ts'

/** Pause between two attempts to connect while no call waits. */
const IDLE_RETRY_MS = 500

/**
 * A connection that is restored when it is lost, whether a call waits for it or not, so that the node's health shows when
 * the database is away and when it is back.
 */
export class ReconnectingConnection {
  readonly #database: Database
  #connection: Connection | undefined
  #coming: Promise<Connection> | undefined
  #isComingBack = false
  #isClosed = false

  constructor(database: Database) {
    this.#database = database
  }

  /** Throws Unusable. */
  async connection(): Promise<Connection> {
    if (this.#connection && !this.#connection.isLost) return this.#connection
    this.#coming ??= this.#come().finally(() => {
      this.#coming = undefined
    })
    return this.#coming
  }

  async #come(): Promise<Connection> {
    try {
      const connection = await this.#database.connect()
      this.#connection = connection
      void connection.lost.then(() => this.#comeBack())
      this.#database.reportProblem(this, undefined)
      return connection
    } catch (error) {
      this.#database.reportProblem(this, error)
      void this.#comeBack()
      throw error
    }
  }

  async #comeBack(): Promise<void> {
    if (this.#isComingBack) return
    this.#isComingBack = true
    while (!this.#isClosed && !this.#database.isLost) {
      const back = await this.connection().catch(() => undefined)
      if (back && !back.isLost) break
      await sleep(IDLE_RETRY_MS, undefined, { ref: false })
    }
    this.#isComingBack = false
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#coming?.catch(() => {})
    await this.#connection?.close()
    this.#database.reportProblem(this, undefined)
  }
}
