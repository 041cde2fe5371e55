// The write queue: calls that arrive while one round commits gather for the next. Rounds are answered in order, so no
// answer overtakes an earlier one.

import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal, type RefusalCode } from '../../core/model/refusals.ts'
import { bulkOf, type Call, isReading, runsAlone } from '../scripts/scripts.ts'
import { type Row, type Statement, sql } from '../scripts/sql.ts'
import { Unusable } from '../unusable.ts'
import { type Connection, ConnectionLost } from './connection.ts'
import { type Database, PATIENCE_MS, RETRY_MS } from './database.ts'
import type { FreeSpace } from './free-space.ts'
import type { PendingCall } from './pending-call.ts'
import { ReconnectingConnection } from './reconnecting-connection.ts'
import { type Outcome, outcomeOf, Round, readInTurn } from './round.ts'
import { isLockTimeout, isStaleStatement, isTransient } from './run-script.ts'

/** Bound on other writes in a round: their locks keep others waiting, and over 64 subtransactions slow PostgreSQL down. */
const MOST_CALLS = 32
/** Approximate bound on the drafts in a round. */
const MOST_DRAFTS = 2_000

/** The queue is bounded by time: a call that has waited for PATIENCE_MS is refused. */
export class WriteQueue {
  readonly #database: Database
  readonly #space: FreeSpace
  readonly #connection: ReconnectingConnection
  #queue: PendingCall[] = []
  #working: Promise<void> | undefined
  #rounds = 0
  #refusing: Refusal | undefined

  constructor(database: Database, space: FreeSpace) {
    this.#database = database
    this.#space = space
    this.#connection = new ReconnectingConnection(database)
  }

  call(call: Call): Promise<unknown> {
    if (this.#refusing) return Promise.reject(this.#refusing)
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#queue.push({ call, until: performance.now() + PATIENCE_MS, resolve, reject })
    this.#working ??= this.#work()
    return promise
  }

  /** Starts after the event loop has served its sockets: everything that they bring goes into one round. */
  async #work(): Promise<void> {
    await new Promise(setImmediate)
    while (this.#queue.length > 0) {
      const next = this.#queue.slice(0, MOST_DRAFTS + MOST_CALLS)
      const count = lengthOfRound(next.map(({ call }) => call))
      const round = this.#queue.splice(0, count)
      await this.#settle(round).catch(error => {
        for (const { reject } of round) reject(error)
      })
    }
    this.#working = undefined
  }

  /** Runs a round, again if need be, until every call is answered. */
  async #settle(round: PendingCall[]): Promise<void> {
    while (round.length > 0) {
      const connection = await this.#connected(round)
      if (!connection) return
      const calls = round.map(({ call }) => this.#database.retimed(call))
      const outcomes = calls.every(isReading)
        ? await this.#read(connection, calls)
        : await this.#write(connection, { calls, round })
      if (outcomes) {
        this.#learn(outcomes)
        return answer(round, outcomes)
      }
      refuseExpired(round)
    }
  }

  #learn(outcomes: readonly Outcome[]): void {
    const is = (code: RefusalCode) => outcomes.some(each => 'refused' in each && each.refused === code)
    if (is('store-damaged')) this.#database.isDamaged()
    if (is('store-full')) this.#space.ranOut()
  }

  /** @returns undefined when every call of the round has waited too long */
  async #connected(round: PendingCall[]): Promise<Connection | undefined> {
    while (round.length > 0) {
      try {
        return await this.#connection.connection()
      } catch (error) {
        if (!(error instanceof Unusable || error instanceof ConnectionLost)) throw error
        if (!this.#database.isLost) await sleep(RETRY_MS)
        const now = this.#database.isLost ? Number.POSITIVE_INFINITY : performance.now()
        refuseExpired(round, now)
        refuseExpired(this.#queue, now)
      }
    }
    return undefined
  }

  /** @returns undefined when it is to be run again */
  async #read(connection: Connection, calls: readonly Call[]): Promise<readonly Outcome[] | undefined> {
    try {
      return await readInTurn(connection, calls)
    } catch (error) {
      return this.#again(connection, error) ? undefined : calls.map(() => outcomeOf(error))
    }
  }

  /** @returns undefined when nothing was written, and it is to be run again */
  async #write(
    connection: Connection,
    { calls, round }: { calls: readonly Call[]; round: PendingCall[] },
  ): Promise<readonly Outcome[] | undefined> {
    const number = ++this.#rounds
    const work = new Round(calls, this.#roundRow(number), this.#database)
    try {
      const outcomes = await work.run(connection)
      this.#database.lastRound = number
      return outcomes
    } catch (error) {
      if (!this.#again(connection, error)) return calls.map(() => outcomeOf(error))
    }
    const committed = connection.isLost && (await this.#wasCommitted({ number, on: connection }, round))
    if (!committed) return undefined
    this.#database.lastRound = number
    return work.outcomes
  }

  #again(connection: Connection, error: unknown): boolean {
    if (isStaleStatement(error)) connection.forget()
    return connection.isLost || isTransient(error)
  }

  /**
   * Writes the round's number to this node's row, in the same transaction. A transaction id would not do: after a crash
   * PostgreSQL may assign it again, and pg_xact_status would speak of the other. The row is read with a lock, so a
   * transaction that still writes it has ended by then.
   */
  #roundRow(round: number): Statement {
    return sql`INSERT INTO rounds (node, round) VALUES (${this.#database.node}, ${round})
               ON CONFLICT (node) DO UPDATE SET round = EXCLUDED.round`
  }

  /** @returns undefined when every call has waited too long */
  async #wasCommitted(
    { number, on }: { number: number; on: Connection },
    waiting: PendingCall[],
  ): Promise<boolean | undefined> {
    for (;;) {
      const connection = await this.#connected(waiting)
      if (!connection) return undefined
      try {
        await this.#end(on, connection)
        const [found] = await connection.ask(
          sql`SELECT round FROM rounds WHERE node = ${this.#database.node} FOR UPDATE`,
        )
        return found?.round === number
      } catch (error) {
        if (!this.#again(connection, error) && !isLockTimeout(error)) throw error
        refuseExpired(waiting)
      }
    }
  }

  /** Terminates the lost connection's backend, which may not have noticed yet and still holds its locks. */
  async #end({ greeting: { pid, since } }: Connection, connection: Connection): Promise<readonly Row[]> {
    return await connection.ask(
      sql`SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
          WHERE pid = ${pid} AND CAST(backend_start AS TEXT) = ${since}`,
    )
  }

  /** Closes the connection after every call was answered. */
  async close(): Promise<void> {
    this.#refusing = new Refusal('closing')
    await this.#working
    await this.#connection.close()
  }
}

/** The number of calls at the head of the queue that make a round: writes up to the bounds, or reads. */
function lengthOfRound(queue: readonly Call[]): number {
  const [first] = queue
  if (!first) return 0
  const reads = isReading(first)
  let others = 0
  let drafts = 0
  for (const [i, call] of queue.entries()) {
    const bulk = bulkOf(call)
    if (bulk?.kind === 'append') drafts += bulk.drafts.length
    if (!bulk && !reads) others++
    if (i > 0 && (isReading(call) !== reads || drafts > MOST_DRAFTS || others > MOST_CALLS)) return i
    if (runsAlone(call)) return Math.max(1, i)
  }
  return queue.length
}

/** Answers the calls that are left: those that waited too long were refused from the front. */
function answer(round: readonly PendingCall[], outcomes: readonly Outcome[]): void {
  const refused = outcomes.length - round.length
  round.forEach(({ resolve, reject }, i) => {
    const outcome = outcomes[refused + i]
    if (outcome && 'value' in outcome) resolve(outcome.value)
    else if (outcome && 'refused' in outcome) reject(new Refusal(outcome.refused, outcome.opens))
    else reject(outcome?.failed ?? new Error('no answer'))
  })
}

/** Refuses, and removes from the front, the calls that have waited too long. */
function refuseExpired(waiting: PendingCall[], now = performance.now()): void {
  const late = waiting.findIndex(({ until }) => until > now)
  for (const { reject } of waiting.splice(0, late === -1 ? waiting.length : late))
    reject(new Refusal('store-failed'))
}
