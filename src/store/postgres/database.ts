// The database as a node sees it: makes its connections, keeps its clock, watches its history and its health.

import { Lost } from '../lost.ts'
import { type Call, retimed } from '../scripts/scripts.ts'
import { number, sql } from '../scripts/sql.ts'
import { Unusable } from '../unusable.ts'
import { DatabaseClock } from './clock.ts'
import { Connection } from './connection.ts'
import { migrations } from './migrations.ts'
import { isFull } from './run-script.ts'
import { beginEpochAfter, prepareSchema } from './schema.ts'
import { addressOf, type Server, serversOf } from './servers.ts'

/** How long a call waits for a database that is away before it is refused. */
export const PATIENCE_MS = 10_000
/** Pause between two attempts to connect while calls wait. */
export const RETRY_MS = 100

export interface Options {
  /** Addresses, tried in this order each time. */
  readonly urls: readonly string[]
  /** Called with a problem, 'full' for a full disk, and with undefined once all are over. */
  readonly degraded?: (wrong: string | undefined) => void
  /** Called when something that is stored is damaged. */
  readonly damaged?: () => void
  /** Called with errors that are not retried, such as a text that the database refuses. */
  readonly onError?: (error: unknown) => void
  /** 'database', the default: stored times are the database's. 'given': those of the calls. */
  readonly time?: 'database' | 'given'
}

export class Database {
  readonly node: string
  readonly #servers: readonly Server[]
  readonly #options: Options
  readonly #clock = new DatabaseClock()
  readonly #lost = Promise.withResolvers<Lost>()
  /** The history has changed: nothing waits for this database any more. */
  isLost = false
  /** 'cluster/timeline': the history that this node has in memory. */
  #history: string | undefined
  /** The epoch in which this node writes; undefined until it has begun. */
  epoch: string | undefined
  /** The number of this node's last round that is known to be committed. */
  lastRound = 0
  /** By whoever has found the problem. */
  readonly #problems = new Map<object, string>()
  #reported: string | undefined

  /** Throws Unusable. */
  constructor(options: Options, node: string) {
    this.#options = options
    this.#servers = serversOf(options.urls)
    this.node = node
  }

  /** Migrates the database to this version. Throws Unusable. */
  async prepare(): Promise<void> {
    const connection = await this.connect()
    try {
      await prepareSchema(connection, migrations)
    } finally {
      await connection.close()
    }
  }

  /** Connects to the first server that answers and accepts writes. Throws Unusable. */
  async connect(): Promise<Connection> {
    const failures: Unusable[] = []
    for (const server of this.#servers) {
      try {
        const connection = await Connection.open(server, this.node)
        this.#clock.hear(connection.greeting)
        this.#checkHistory(connection, server)
        await this.checkContents(connection)
        return connection
      } catch (error) {
        if (!(error instanceof Unusable)) throw error
        failures.push(error)
      }
    }
    throw failures.find(({ code }) => code !== 'unreachable') ?? failures[0] ?? new Unusable('unreachable')
  }

  /**
   * After a failover to a standby, or a restored backup, the last confirmed writes may be missing, and rooms may end before
   * what this node has shown: it must restart.
   */
  #checkHistory(connection: Connection, server: Server): void {
    const history = `${connection.greeting.cluster}/${connection.greeting.timeline}`
    this.#history ??= history
    if (this.#history !== history)
      this.#lose(connection, `${addressOf(server)} goes on with another history: ${history}`)
  }

  /**
   * A snapshot or a cold copy that is put back has the same history, but lacks what this node has stored since, or is of
   * another epoch: one that a node begins who has noticed. Throws Unusable.
   */
  async checkContents(connection: Connection): Promise<void> {
    const { epoch, lastRound } = this
    if (epoch === undefined) return
    try {
      const [found] = await connection.ask(
        sql`SELECT (SELECT epoch FROM epochs ORDER BY id DESC LIMIT 1) AS epoch,
                   (SELECT round FROM rounds WHERE node = ${this.node}) AS round`,
      )
      if (found?.epoch === epoch && number(found, 'round') >= lastRound) return
      await beginEpochAfter(connection, epoch)
    } catch (error) {
      connection.destroy(new Error('not checked'))
      throw new Unusable('unreachable', error)
    }
    this.#lose(
      connection,
      `another history: it lacks what was stored up to round ${lastRound} of epoch ${epoch}`,
    )
  }

  #lose(connection: Connection, why: string): never {
    connection.destroy(new Error('another history'))
    this.isLost = true
    this.#lost.resolve(new Lost('history', why))
    throw new Unusable('unreachable', 'another history')
  }

  /** Resolves, at most once, when the process must exit and start again from what is stored. */
  get lost(): Promise<Lost> {
    return this.#lost.promise
  }

  hear(time: Parameters<DatabaseClock['hear']>[0]): void {
    this.#clock.hear(time)
  }

  /** The call with its instants moved to the database's clock (method.ts). */
  retimed(call: Call): Call {
    return this.#options.time === 'given' ? call : retimed(call, this.#clock.now())
  }

  onError(error: unknown): void {
    this.#options.onError?.(error)
  }

  /** Reports damage. */
  isDamaged(): void {
    this.#options.damaged?.()
  }

  /** @param wrong the problem of this connection, or the disk's; undefined when it is over */
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
