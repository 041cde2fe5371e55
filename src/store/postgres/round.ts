// One transaction of the writer: a round of writes, each of which fails alone, or the in-turn reads between two rounds.

import type { Instant, RoomId } from '../../core/model/model.ts'
import { asRefused, Refusal, type RefusalCode, type Refused } from '../../core/model/refusals.ts'
import type { Draft, Receipt } from '../../core/ports/log.ts'
import { lockPeople, lockRooms, lockSpace, lockUploads } from '../scripts/open-room.ts'
import { begin, type Call, locksOf } from '../scripts/scripts.ts'
import { type Statement, sql } from '../scripts/sql.ts'
import { appendMany } from './append.ts'
import { BEGIN, BEGIN_READING, COMMIT, type Connection, ROLLBACK } from './connection.ts'
import type { Database } from './database.ts'
import { markMany } from './read-marks.ts'
import {
  isDamage,
  isFull,
  isLockTimeout,
  isReadOnly,
  isRefusedByTrigger,
  isTransient,
  isUniqueViolation,
  runScript,
} from './run-script.ts'
import { type Appends, type Marks, type Step, stepsOf } from './steps.ts'

export type Outcome = { readonly value: unknown } | Refused | { readonly failed: unknown }

export function outcomeOf(error: unknown): Outcome {
  if (error instanceof Refusal) return asRefused(error)
  if (isLockTimeout(error)) return { refused: 'store-busy' }
  if (isFull(error)) return { refused: 'store-full' }
  if (isReadOnly(error)) return { refused: 'store-failed' }
  if (isRefusedByTrigger(error)) return { refused: 'store-refused' }
  return isDamage(error) ? { refused: 'store-damaged' } : { failed: error }
}

/** Runs in-turn reads on one snapshot, interleaved on the connection. */
export async function readInTurn(connection: Connection, calls: readonly Call[]): Promise<Outcome[]> {
  const [, ...answers] = await Promise.allSettled([
    connection.ask(BEGIN_READING),
    ...calls.map(call => runScript(connection, begin(call))),
  ])
  const isAnswered = (answer: PromiseSettledResult<unknown>) =>
    answer.status === 'fulfilled' || answer.reason instanceof Refusal
  if (answers.every(isAnswered)) {
    await connection.ask(COMMIT)
    return answers.map(answer =>
      answer.status === 'fulfilled' ? { value: answer.value } : outcomeOf(answer.reason),
    )
  }
  await connection.ask(ROLLBACK)
  return readOneByOne(connection, calls)
}

/** Runs them one by one, after one has failed, so that it does not fail the others. */
async function readOneByOne(connection: Connection, calls: readonly Call[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  await connection.ask(BEGIN_READING)
  for (const call of calls) {
    try {
      outcomes.push({ value: await runScript(connection, begin(call)) })
    } catch (error) {
      if (!(error instanceof Refusal)) {
        await connection.askAll([ROLLBACK, BEGIN_READING])
        if (isTransient(error)) throw error
      }
      outcomes.push(outcomeOf(error))
    }
  }
  await connection.ask(COMMIT)
  return outcomes
}

/** One transaction of writing calls. */
export class Round {
  readonly #calls: readonly Call[]
  /** Writes the number by which it can be found out later whether this very round was committed. */
  readonly #roundRow: Statement
  readonly #database: Pick<Database, 'onError' | 'isDamaged'>
  /** Set before COMMIT is sent: if the connection is lost then, they hold if the round was committed. */
  outcomes: readonly Outcome[] | undefined
  /** False after a lock timeout: calls that need a locked row are then refused, and the others go on. */
  #waits = true

  constructor(calls: readonly Call[], mark: Statement, database: Pick<Database, 'onError' | 'isDamaged'>) {
    this.#calls = calls
    this.#roundRow = mark
    this.#database = database
  }

  /** Rejects when nothing was written; with ConnectionLost when that is unknown. */
  async run(connection: Connection): Promise<readonly Outcome[]> {
    const steps = stepsOf(this.#calls)
    const [only] = steps
    this.outcomes = undefined
    try {
      const alone = steps.length === 1 && only && 'drafts' in only
      const outcomes = alone ? await this.#appendAlone(connection, only) : undefined
      return outcomes ?? (await this.#inTurn(connection, steps))
    } catch (error) {
      if (!isLockTimeout(error)) throw error
      this.#waits = false
      return await this.#inTurn(connection, steps)
    }
  }

  /** Most rounds are appends only: COMMIT is sent along with the rows. @returns undefined when one of them was refused */
  async #appendAlone(connection: Connection, step: Appends): Promise<readonly Outcome[] | undefined> {
    const judged = (receipts: readonly Receipt[]) => {
      this.outcomes = shareOut(receipts, step.counts)
    }
    try {
      await appendMany(connection, step, { before: [BEGIN, this.#roundRow], after: [COMMIT], judged })
      return this.outcomes
    } catch (error) {
      if (connection.isLost) throw error
      this.outcomes = undefined
      await connection.ask(ROLLBACK)
      if (this.#spoils(connection, error)) throw error
      return undefined
    }
  }

  /** Each step in a savepoint. */
  async #inTurn(connection: Connection, steps: readonly Step[]): Promise<readonly Outcome[]> {
    try {
      await connection.askAll([BEGIN, this.#roundRow])
      if (this.#waits) await lockAll(connection, this.#calls)
      else await connection.ask(WAIT_BRIEFLY)
      const outcomes: Outcome[] = []
      for (const step of steps) outcomes.push(...(await this.#one(connection, step)))
      this.outcomes = outcomes
      // point: before-commit
      await connection.ask(COMMIT)
      return outcomes
    } catch (error) {
      if (connection.isLost) throw error
      this.outcomes = undefined
      await connection.ask(ROLLBACK)
      throw error
    }
  }

  async #one(connection: Connection, step: Step): Promise<Outcome[]> {
    if ('drafts' in step) return shareOut(await this.#appendFree(connection, step), step.counts)
    return 'marks' in step ? await this.#marks(connection, step) : [await this.#call(connection, step)]
  }

  async #call(connection: Connection, call: Call): Promise<Outcome> {
    const run = () => inSavepoint(connection, () => runScript(connection, begin(call)))
    try {
      return { value: await run() }
    } catch (error) {
      if (this.#spoils(connection, error)) throw error
      if (!isUniqueViolation(error)) return outcomeOf(error)
    }
    // The other transaction with this name has committed by now: run again, the script finds it and refuses by its own rule.
    try {
      return { value: await run() }
    } catch (error) {
      if (this.#spoils(connection, error)) throw error
      return outcomeOf(error)
    }
  }

  /** Moves the marks together; if that fails, one by one. */
  async #marks(connection: Connection, { marks, calls }: Marks): Promise<Outcome[]> {
    try {
      return await inSavepoint(connection, () => markMany(connection, marks))
    } catch (error) {
      if (this.#spoils(connection, error)) throw error
    }
    const outcomes: Outcome[] = []
    for (const call of calls) outcomes.push(await this.#call(connection, call))
    return outcomes
  }

  /** Appends, after a lock timeout only to rooms that are not locked. */
  async #appendFree(connection: Connection, { drafts, at }: Appends): Promise<Receipt[]> {
    if (this.#waits) return await this.#appendOrSplit(connection, drafts, at)
    const held = await lockedAmong(connection, [...new Set(drafts.map(({ room }) => room))])
    const free = drafts.filter(({ room }) => !held.has(room))
    const receipts = await this.#appendOrSplit(connection, free, at)
    return drafts.map(
      ({ room }) => (held.has(room) ? undefined : receipts.shift()) ?? { refused: 'store-busy' },
    )
  }

  /** Finds a draft that the database refuses by bisection, and refuses it alone. */
  async #appendOrSplit(connection: Connection, drafts: readonly Draft[], at: Instant): Promise<Receipt[]> {
    try {
      return await inSavepoint(connection, () => appendMany(connection, { drafts, at }, NOTHING_MORE))
    } catch (error) {
      if (this.#spoils(connection, error)) throw error
      if (drafts.length === 1) return [{ refused: this.#whyNot(error) }]
    }
    const half = Math.ceil(drafts.length / 2)
    return [
      ...(await this.#appendOrSplit(connection, drafts.slice(0, half), at)),
      ...(await this.#appendOrSplit(connection, drafts.slice(half), at)),
    ]
  }

  /** The refusal for a draft that failed with this error, which is reported to the operator. */
  #whyNot(error: unknown): RefusalCode {
    if (isLockTimeout(error)) return 'store-busy'
    if (isDamage(error)) {
      this.#database.isDamaged()
      return 'store-damaged'
    }
    this.#database.onError(error)
    return isRefusedByTrigger(error) ? 'store-refused' : 'store-failed'
  }

  #spoils(connection: Connection, error: unknown): boolean {
    return abortsRound(connection, error) || (this.#waits && isLockTimeout(error))
  }
}

const NOTHING_MORE = { before: [], after: [], judged: () => {} }

/** Whether an error concerns the whole round, which is then retried or given up. */
function abortsRound(connection: Connection, error: unknown): boolean {
  return connection.isLost || isTransient(error) || isFull(error)
}

/** Runs `work` in a savepoint, which is rolled back when it fails. */
async function inSavepoint<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  connection.ask(SAVEPOINT).catch(() => {}) // when it fails, what follows fails, too
  try {
    const value = await work()
    connection.ask(RELEASE).catch(() => {})
    return value
  } catch (error) {
    if (!abortsRound(connection, error)) await connection.askAll([ROLLBACK_TO, RELEASE])
    throw error
  }
}

/** Locks the rooms. @returns those that stay locked by somebody else */
async function lockedAmong(connection: Connection, rooms: readonly RoomId[]): Promise<Set<RoomId>> {
  const held = new Set<RoomId>()
  for (const room of rooms.toSorted((a, b) => a - b)) {
    try {
      await inSavepoint(connection, () => runScript(connection, lockRooms([room])))
    } catch (error) {
      if (!isLockTimeout(error)) throw error
      held.add(room)
    }
  }
  return held
}

const WAIT_BRIEFLY = sql`SET LOCAL lock_timeout = 200`
const SAVEPOINT = sql`SAVEPOINT one`
const RELEASE = sql`RELEASE one`
const ROLLBACK_TO = sql`ROLLBACK TO one`

/** Locks everything that the calls declare, at once and in order, so that nodes never deadlock. */
async function lockAll(connection: Connection, calls: readonly Call[]): Promise<void> {
  const locks = calls.map(locksOf)
  const rooms = new Set(locks.flatMap(each => each.rooms ?? []))
  const people = new Set(locks.flatMap(each => each.people ?? []))
  if (rooms.size > 0) await runScript(connection, lockRooms([...rooms]))
  const uploads = new Set(locks.flatMap(each => each.uploads ?? []))
  if (people.size > 0) await runScript(connection, lockPeople([...people]))
  if (uploads.size > 0) await runScript(connection, lockUploads([...uploads]))
  if (locks.some(({ space }) => space)) await runScript(connection, lockSpace())
}

function shareOut(receipts: readonly Receipt[], counts: readonly number[]): Outcome[] {
  let from = 0
  return counts.map(count => {
    from += count
    return { value: receipts.slice(from - count, from) }
  })
}
