// The threads in which SQLite runs: node:sqlite is synchronous, and the event loop never waits for a disk.

import { randomUUID } from 'node:crypto'
import { flushCompileCache } from 'node:module'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { Refusal, type RefusalCode } from '../core/refusals.ts'
import { GUESTS_GONE } from './guests.ts'
import { migrations } from './migrations.ts'
import { begin, type Call, type Lane } from './scripts.ts'
import { isFull, lock, openReader, openWriter, Runner } from './sqlite-file.ts'
import { Unusable, type UnusableCode } from './unusable.ts'

/** What the main thread hands the worker when it starts it. */
export interface Task {
  readonly lane: Lane
  readonly path: string
}

/** What came of one call. */
export type Outcome =
  | { readonly value: unknown }
  | { readonly refused: RefusalCode }
  | { readonly failed: string }

/** What the worker says: whether it could open the file, then an answer to each call, in order, a round at a time. */
export type Report =
  | { readonly kind: 'opened' }
  | { readonly kind: 'unusable'; readonly code: UnusableCode; readonly detail: string }
  | { readonly kind: 'round'; readonly outcomes: readonly Outcome[] }
  /** A commit failed, and nobody knows whether it is on disk: the process must end and look. */
  | { readonly kind: 'lost'; readonly detail: string }

/** What the main thread says; 'close' when it has been answered everything. */
export type Order = 'open' | 'close' | readonly Call[]

/** Readers answer after so long what they have: a quick read does not wait for a crowd of slow ones behind it. */
const SLICE_MS = 2

/** A commit that failed for another reason than want of space. */
class CommitFailed extends Error {}

class Writer {
  readonly #held: DatabaseSync
  readonly #database: DatabaseSync
  readonly #runner: Runner
  readonly #begin: StatementSync
  readonly #savepoint: StatementSync
  readonly #release: StatementSync
  readonly #end: StatementSync
  readonly #checkpoint: StatementSync
  /** Milliseconds. */
  #commitTook = 0
  /** A text was erased, and the write-ahead log still holds it. */
  #erased = false

  constructor(path: string) {
    this.#held = lock(path)
    this.#database = openWriter(path, migrations)
    this.#runner = new Runner(this.#database)
    this.#begin = this.#database.prepare('BEGIN IMMEDIATE')
    this.#savepoint = this.#database.prepare('SAVEPOINT one')
    this.#release = this.#database.prepare('RELEASE one')
    this.#end = this.#database.prepare('COMMIT')
    this.#checkpoint = this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
    // Without a token they were held by connections to a server that is gone.
    this.#database.exec('DELETE FROM sessions WHERE hash IS NULL')
    this.#database.exec(GUESTS_GONE)
    this.#database.prepare('INSERT INTO epochs (epoch, began_at) VALUES (?, ?)').run(randomUUID(), Date.now())
  }

  /**
   * One transaction for the calls and what gathered behind them; each stands or falls alone. It writes for as long as
   * the last commit took: so about half of the time goes to the disk's work, and yet nobody's text waits, though it
   * is written, for a crowd behind it.
   */
  round(first: readonly Call[]): Outcome[] {
    const calls = [...first]
    try {
      this.#begin.run()
      const until = performance.now() + this.#commitTook
      const outcomes: Outcome[] = []
      for (const call of calls) {
        outcomes.push(this.#one(call))
        const next = performance.now() < until ? waiting() : undefined
        if (next) calls.push(...next)
      }
      // point: before-commit
      this.#commit()
      // point: after-commit
      this.#erased ||= outcomes.some(erases)
      if (this.#erased) this.#scrub()
      return outcomes
    } catch (error) {
      if (error instanceof CommitFailed) throw error
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      return calls.map(() => outcomeOf(error))
    }
  }

  #one(call: Call): Outcome {
    this.#savepoint.run()
    try {
      const value = this.#runner.run(begin(call))
      this.#release.run()
      return { value }
    } catch (error) {
      // A full disk rolls back the whole transaction, and every call of the round with it.
      if (!this.#database.isTransaction) throw error
      this.#database.exec('ROLLBACK TO one; RELEASE one')
      return outcomeOf(error)
    }
  }

  /** Want of space is found before the frame that commits is written; after any other fault nothing is known. */
  #commit(): void {
    const start = performance.now()
    try {
      this.#end.run()
      this.#commitTook = performance.now() - start
    } catch (error) {
      if (isFull(error)) throw error
      throw new CommitFailed(String(error), { cause: error })
    }
  }

  /**
   * No byte of an erased text stays in the write-ahead log. While somebody reads, or where it can't be done, it waits
   * for the next round; what is wrong with the disk shows at that one's commit. This round is stored, whatever comes.
   */
  #scrub(): void {
    try {
      this.#erased = this.#checkpoint.get()?.busy !== 0
    } catch {
      this.#erased = true
    }
  }

  close(): void {
    this.#checkpoint.get()
    this.#database.close()
    this.#held.close()
  }
}

class Reader {
  readonly #database: DatabaseSync
  readonly #runner: Runner
  readonly #begin: StatementSync
  readonly #end: StatementSync

  constructor(path: string) {
    this.#database = openReader(path)
    this.#runner = new Runner(this.#database)
    this.#begin = this.#database.prepare('BEGIN')
    this.#end = this.#database.prepare('COMMIT')
  }

  /** One transaction for as many of the calls as fit into a slice of time, at least one. */
  round(calls: readonly Call[]): Outcome[] {
    const until = performance.now() + SLICE_MS
    const outcomes: Outcome[] = []
    try {
      this.#begin.run()
      for (const call of calls) {
        outcomes.push(this.#one(call))
        if (performance.now() >= until || !this.#database.isTransaction) break // a fault of the file ends it
      }
      return outcomes
    } catch (error) {
      return [outcomeOf(error)]
    } finally {
      if (this.#database.isTransaction) this.#end.run()
    }
  }

  #one(call: Call): Outcome {
    try {
      return { value: this.#runner.run(begin(call)) }
    } catch (error) {
      return outcomeOf(error)
    }
  }

  close(): void {
    this.#database.close()
  }
}

/** Whether a text that was there is there no more. */
function erases(outcome: Outcome): boolean {
  const value = 'value' in outcome ? outcome.value : undefined
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false
  return value.kind === 'deletion' || value.kind === 'edit'
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof Refusal) return { refused: error.code }
  return isFull(error) ? { refused: 'store-full' } : { failed: String(error) }
}

/** The next calls at the port, if there are any. */
function waiting(): readonly Call[] | undefined {
  return parentPort ? receiveMessageOnPort(parentPort)?.message : undefined
}

function open({ lane, path }: Task): Writer | Reader {
  return lane === 'write' ? new Writer(path) : new Reader(path)
}

function report(said: Report): void {
  parentPort?.postMessage(said)
}

let side: Writer | Reader | undefined

function obey(order: Order): void {
  try {
    if (order === 'open') {
      side = open(workerData as Task)
      report({ kind: 'opened' })
      flushCompileCache() // it is written at the end of a thread otherwise, which not every one comes to
    } else if (order === 'close') {
      side?.close()
      parentPort?.close()
    } else if (side) {
      for (let left = order; left.length > 0; ) {
        const outcomes = side.round(left)
        report({ kind: 'round', outcomes })
        left = left.slice(outcomes.length)
      }
    }
  } catch (error) {
    if (error instanceof Unusable)
      report({ kind: 'unusable', code: error.code, detail: String(error.cause ?? error) })
    else if (error instanceof CommitFailed) report({ kind: 'lost', detail: String(error) })
    else throw error
  }
}

parentPort?.on('message', obey)
