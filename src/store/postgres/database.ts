// The database as a node knows it: how its connections come about, its clock, and whether it is well.

import { setTimeout as sleep } from 'node:timers/promises'
import { Lost } from '../lost.ts'
import { type Call, retimed } from '../scripts/scripts.ts'
import { Unusable } from '../unusable.ts'
import { DatabaseClock } from './clock.ts'
import { Connection } from './connection.ts'
import { migrations } from './migrations.ts'
import { isFull } from './run-script.ts'
import { prepareSchema } from './schema.ts'
import { addressOf, type Server, serversOf } from './servers.ts'

/** Calls wait so long for a database that is away; then they are refused. */
export const PATIENCE_MS = 10_000
/** Between two attempts to come to a database that is away, while somebody waits for it, and while nobody does. */
export const PAUSE_MS = 100
const AGAIN_MS = 500

export interface Options {
  /** Tried in this order, each time. */
  readonly urls: readonly string[]
  /** Told what is wrong, `full` where the disk is, and undefined when all is well again. */
  readonly degraded?: (wrong: string | undefined) => void
  /** Told that some of what is stored can't be read. */
  readonly damaged?: () => void
  /** Told what went wrong for good, such as a text that the database would not take. */
  readonly onError?: (error: unknown) => void
  /** 'given': as the calls have it. */
  readonly time?: 'database' | 'given'
}

export class Database {
  readonly node: string
  readonly #servers: readonly Server[]
  readonly #options: Options
  readonly #clock = new DatabaseClock()
  readonly #lost = Promise.withResolvers<Lost>()
  /** Nobody waits for it any more. */
  isLost = false
  /** cluster and timeline; what this node has in memory is of that history. */
  #history: string | undefined
  /** By who has it. */
  readonly #problems = new Map<object, string>()
  #reported: string | undefined

  /** Throws Unusable. */
  constructor(options: Options, node: string) {
    this.#options = options
    this.#servers = serversOf(options.urls)
    this.node = node
  }

  /** Brings it up to this version. Throws Unusable. */
  async prepare(): Promise<void> {
    const connection = await this.connect()
    try {
      await prepareSchema(connection, migrations)
    } finally {
      await connection.close()
    }
  }

  /** To the first server that answers and lets write. Throws Unusable. */
  async connect(): Promise<Connection> {
    const failures: Unusable[] = []
    for (const server of this.#servers) {
      try {
        const connection = await Connection.open(server, this.node)
        this.#clock.hear(connection.greeting)
        this.#checkHistory(connection, server)
        return connection
      } catch (error) {
        if (!(error instanceof Unusable)) throw error
        failures.push(error)
      }
    }
    throw failures.find(({ code }) => code !== 'unreachable') ?? failures[0] ?? new Unusable('unreachable')
  }

  /**
   * Where a standby has taken over, or a backup was restored, what was answered last may be missing, and rooms may end
   * before what this node has shown its people: it must begin again.
   */
  #checkHistory(connection: Connection, server: Server): void {
    const history = `${connection.greeting.cluster}/${connection.greeting.timeline}`
    this.#history ??= history
    if (this.#history === history) return
    connection.destroy(new Error('another history'))
    this.isLost = true
    this.#lost.resolve(new Lost('history', `${addressOf(server)} goes on with another history: ${history}`))
    throw new Unusable('unreachable', 'another history')
  }

  /** Resolves at most once: the process must end, and begin again with what is there. */
  get lost(): Promise<Lost> {
    return this.#lost.promise
  }

  hear(time: Parameters<DatabaseClock['hear']>[0]): void {
    this.#clock.hear(time)
  }

  /** By the database's time, where it is told the time. */
  retimed(call: Call): Call {
    return this.#options.time === 'given' ? call : retimed(call, this.#clock.now())
  }

  onError(error: unknown): void {
    this.#options.onError?.(error)
  }

  /** What a write, or several, came to: whether the disk has room. */
  hasRoom(isSo: boolean): void {
    this.reportProblem(this, isSo ? undefined : 'full')
  }

  /** Some of what is stored can't be read. */
  isDamaged(): void {
    this.#options.damaged?.()
  }

  /** @param wrong undefined: nothing any more */
  reportProblem(who: object, wrong: unknown): void {
    if (wrong === undefined) this.#problems.delete(who)
    else this.#problems.set(who, reasonOf(wrong))
    const [first] = this.#problems.values()
    if ((first === undefined) === (this.#reported === undefined)) return
    this.#reported = first
    this.#options.degraded?.(first)
  }
}

function reasonOf(wrong: unknown): string {
  if (isFull(wrong)) return 'full'
  if (wrong instanceof Unusable && wrong.cause !== undefined) return String(wrong.cause)
  return wrong instanceof Error && wrong.cause !== undefined ? reasonOf(wrong.cause) : String(wrong)
}

/**
 * A connection that is made again when it was lost, whether anybody waits for it or not: who asks how the node is learns
 * that the database is away, and that it is back.
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
      await sleep(AGAIN_MS, undefined, { ref: false })
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
