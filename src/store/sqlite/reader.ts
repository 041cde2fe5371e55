// Reading beside the writer.

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { begin, type Call } from '../scripts/scripts.ts'
import { openReader, Runner } from './file.ts'
import { type Outcome, outcomeOf } from './outcomes.ts'

/** Readers answer after so long what they have: a quick read does not wait for a crowd of slow ones behind it. */
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
    this.#end = this.#database.prepare('ROLLBACK') // nothing was written
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
