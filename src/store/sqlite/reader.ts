// Runs reads in a thread of its own, concurrently with the writer.

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { begin, type Call } from '../scripts/scripts.ts'
import { openReader, Runner } from './file.ts'
import { type Outcome, outcomeOf } from './outcomes.ts'

/** A round of reads is answered after this time, so that quick reads do not wait for slow ones that came after them. */
const SLICE_MS = 2

export class FileReader {
  readonly #database: DatabaseSync
  readonly #runner: Runner
  readonly #begin: StatementSync
  readonly #end: StatementSync

  constructor(path: string) {
    this.#database = openReader(path)
    this.#runner = new Runner(this.#database)
    this.#begin = this.#database.prepare('BEGIN')
    this.#end = this.#database.prepare('ROLLBACK') // there is nothing to commit
  }

  /** Runs as many of the calls as fit into SLICE_MS, at least one, in one transaction. @returns their outcomes */
  round(calls: readonly Call[]): Outcome[] {
    const until = performance.now() + SLICE_MS
    const outcomes: Outcome[] = []
    try {
      this.#begin.run()
      for (const call of calls) {
        outcomes.push(this.#one(call))
        if (performance.now() >= until || !this.#database.isTransaction) break // an I/O error ends the transaction
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
