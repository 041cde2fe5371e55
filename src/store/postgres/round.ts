// What the writer does in one transaction: writing calls, each of which stands or falls alone; or reading ones between
// them.

import type { Instant, RoomId } from '../../core/model/model.ts'
import { Refusal, type RefusalCode } from '../../core/model/refusals.ts'
import type { Draft, Receipt } from '../../core/ports/log.ts'
import { lockPeople, lockRooms } from '../scripts/open-room.ts'
import { begin, type Call, locksOf } from '../scripts/scripts.ts'
import { type Statement, sql } from '../scripts/sql.ts'
import { appendMany } from './append.ts'
import { BEGIN, BEGIN_READING, COMMIT, type Connection, ROLLBACK } from './connection.ts'
import type { Database } from './database.ts'
import { markMany } from './marks.ts'
import {
  isDamage,
  isFull,
  isLockTimeout,
  isRefusedByTrigger,
  isTransient,
  isUniqueViolation,
  runScript,
} from './run-script.ts'
import { type Appends, type Marks, type Step, stepsOf } from './steps.ts'

export type Outcome =
  | { readonly value: unknown }
  | { readonly refused: RefusalCode }
  | { readonly failed: unknown }

export function outcomeOf(error: unknown): Outcome {
  if (error instanceof Refusal) return { refused: error.code }
  if (isLockTimeout(error)) return { refused: 'store-busy' }
  if (isFull(error)) return { refused: 'store-full' }
  if (isRefusedByTrigger(error)) return { refused: 'store-refused' }
  return isDamage(error) ? { refused: 'store-damaged' } : { failed: error }
}

/** Calls that only read, and see all the same: none waits for the answers of another. */
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

/** One of them fails: it shall not take the others with it. */
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
  /** Says that this round was committed, and no other: it is written with it. */
  readonly #mark: Statement
  readonly #database: Pick<Database, 'onError' | 'isDamaged'>
  /** Known before COMMIT is sent: after a lost connection they are the answers if it was committed. */
  outcomes: readonly Outcome[] | undefined
  /** False: somebody holds a room or a person so long that what needs them is refused, and only that. */
  #waits = true

  constructor(calls: readonly Call[], mark: Statement, database: Pick<Database, 'onError' | 'isDamaged'>) {
    this.#calls = calls
    this.#mark = mark
    this.#database = database
  }

  /** Rejects when nothing of it was written, or, with ConnectionLost, when nobody knows. */
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

  /** As most rounds: COMMIT goes along with what is written. @returns undefined where one of the drafts can't be written */
  async #appendAlone(connection: Connection, step: Appends): Promise<readonly Outcome[] | undefined> {
    const judged = (receipts: readonly Receipt[]) => {
      this.outcomes = shareOut(receipts, step.counts)
    }
    try {
      await appendMany(connection, step, { before: [BEGIN, this.#mark], after: [COMMIT], judged })
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
      await connection.askAll([BEGIN, this.#mark])
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
    // Who was first with the name has committed by now: the script finds it, and says so in its own words.
    try {
      return { value: await run() }
    } catch (error) {
      if (this.#spoils(connection, error)) throw error
      return outcomeOf(error)
    }
  }

  /** Together; where that fails, one by one. */
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

  /** Into the rooms that nobody holds; where one waits for them, all. */
  async #appendFree(connection: Connection, { drafts, at }: Appends): Promise<Receipt[]> {
    if (this.#waits) return await this.#appendOrSplit(connection, drafts, at)
    const held = await lockedAmong(connection, [...new Set(drafts.map(({ room }) => room))])
    const free = drafts.filter(({ room }) => !held.has(room))
    const receipts = await this.#appendOrSplit(connection, free, at)
    return drafts.map(
      ({ room }) => (held.has(room) ? undefined : receipts.shift()) ?? { refused: 'store-busy' },
    )
  }

  /** A draft that the database does not take is found by halving, and refused alone. */
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

  /** What is wrong with a draft, or with what it would take; who runs the server is told. */
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

/** Whether the whole round is to be tried again, or given up, with what failed. */
function abortsRound(connection: Connection, error: unknown): boolean {
  return connection.isLost || isTransient(error) || isFull(error)
}

/** In a savepoint: what fails leaves nothing behind. */
async function inSavepoint<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  connection.ask(SAVEPOINT).catch(() => {}) // what comes behind it fails, too
  try {
    const value = await work()
    connection.ask(RELEASE).catch(() => {})
    return value
  } catch (error) {
    if (!abortsRound(connection, error)) await connection.askAll([ROLLBACK_TO, RELEASE])
    throw error
  }
}

/** Those of the rooms that somebody else holds, and not only for a moment. */
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

/** Everything that the calls say they will lock, at once and in order: nodes never wait for each other in a ring. */
async function lockAll(connection: Connection, calls: readonly Call[]): Promise<void> {
  const locks = calls.map(locksOf)
  const rooms = new Set(locks.flatMap(each => each.rooms ?? []))
  const people = new Set(locks.flatMap(each => each.people ?? []))
  if (rooms.size > 0) await runScript(connection, lockRooms([...rooms]))
  if (people.size > 0) await runScript(connection, lockPeople([...people]))
}

function shareOut(receipts: readonly Receipt[], counts: readonly number[]): Outcome[] {
  let from = 0
  return counts.map(count => {
    from += count
    return { value: receipts.slice(from - count, from) }
  })
}
