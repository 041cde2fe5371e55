// Makes anew, once while a server runs, what is damaged and holds nothing of its own.

import type { DatabaseSync } from 'node:sqlite'
import { begin, type Call } from '../scripts/scripts.ts'
import { isBusy, isDamage, isFull, type Runner } from './file.ts'
import type { IndexProblem } from './messages.ts'
import { migrations } from './migrations.ts'
import { remakeDamaged } from './schema.ts'
import { asFull } from './space.ts'

/** Empties a search index whose rule is another, to be rebuilt. */
export const RENEWAL: Call = { port: 'search', method: 'renew', args: [] }

interface Deps {
  readonly database: DatabaseSync
  readonly runner: Runner
  readonly path: string
  readonly tell: (problem: IndexProblem) => void
}

export class Remaking {
  readonly #deps: Deps
  /** Every page is read for it. */
  #isDone = false

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** Does it again if what it meets is damaged and could be made anew. */
  around(does: () => void): void {
    try {
      does()
    } catch (error) {
      if (!isDamage(error) || !this.once()) throw error
      does()
    }
  }

  /**
   * @returns false when there is no such thing, that was done before, or failed: for a lock or a full disk it is tried
   * again by whoever meets the damage next
   */
  once(): boolean {
    if (this.#isDone) return false
    const { database, runner, path, tell } = this.#deps
    try {
      const remade = remakeDamaged(database, migrations, () => runner.run(begin(RENEWAL)))
      const isRewritten = remade.length === 0 && hasFreePages(database)
      if (isRewritten) database.exec('VACUUM')
      this.#isDone = true
      if (isRewritten || remade.length > 0) tell(remade.includes('terms') ? 'index' : 'remade')
      return isRewritten || remade.length > 0
    } catch (error) {
      this.#isDone = !isBusy(error) && !isFull(asFull(error, path))
      return false
    }
  }
}

/**
 * The list of pages that hold nothing: while it is damaged, nothing is stored that needs one. VACUUM rewrites the file without
 * it, in one transaction, so neither a full disk nor a SIGKILL leaves half of it; what has an id keeps it. It fails when it is
 * a table that is damaged.
 */
function hasFreePages(database: DatabaseSync): boolean {
  return database.prepare('PRAGMA freelist_count').get()?.freelist_count !== 0
}
