// Writes to chat.db in rounds of calls, one transaction each, and watches for what stops it: a full disk, a file that was
// moved, a lock of another program.

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { RefusalCode } from '../../core/model/refusals.ts'
import { begin, type Call, isReading } from '../scripts/scripts.ts'
import { beginEpoch, bringWithinReach } from './begin-epoch.ts'
import { closeMerged, closeUnmerged, forgetIndex, putLogAside } from './closing.ts'
import { Committed } from './committed.ts'
import { Contents } from './contents.ts'
import { isBusy, isDamage, isFull, isIndexDamage, lock, openWriter, Runner } from './file.ts'
import type { IndexProblem, Port, StoreProblem } from './messages.ts'
import { migrations } from './migrations.ts'
import { OpenFiles } from './open-files.ts'
import { erases, isRefused, type Outcome, outcomeOf } from './outcomes.ts'
import { canStore } from './probing.ts'
import { draftsIn, hasTriggerRefusal, isTriggerRefusal, splitDrafts } from './refused-drafts.ts'
import { RENEWAL, Remaking } from './remaking.ts'
import { asFull, hasSpace } from './space.ts'

/** COMMIT failed for another reason than a full disk or a lock. */
export class CommitFailed extends Error {}

/** How long a write waits for another program's lock. */
const BUSY_MS = 5_000
/** Interval at which the file's place, its lock and the free space are checked. */
const LOOK_MS = 1_000

/** The one connection that writes, with the file's lock. */
export class FileWriter {
  /** Names of what another program had removed or changed, and was recreated. */
  remade: readonly string[] = []
  readonly #port: Port
  readonly #lockFile: DatabaseSync
  readonly #database: DatabaseSync
  readonly #path: string
  readonly #files: OpenFiles
  readonly #contents: Contents
  readonly #committed: Committed
  readonly #runner: Runner
  readonly #remaking: Remaking
  readonly #begin: StatementSync
  readonly #beginReading: StatementSync
  readonly #savepoint: StatementSync
  readonly #release: StatementSync
  readonly #end: StatementSync
  readonly #checkpoint: StatementSync
  readonly #lookTimer: NodeJS.Timeout
  /** Milliseconds that the last COMMIT took. */
  #commitTook = 0
  /** Whether the write-ahead log still holds a text that was erased. */
  #erased = false
  #isFull = false
  #isMoved = false
  #isHeld = false
  /** What is damaged lets nothing be stored. */
  #isBroken = false
  /** It is done once: an index that is damaged again would be rebuilt for ever. */
  #hasRenewed = false
  #problem: StoreProblem | undefined

  constructor(path: string, port: Port) {
    this.#port = port
    this.#path = path
    this.#lockFile = lock(path)
    this.#database = openWriter(path, migrations, {
      busyTimeout: BUSY_MS,
      remade: names => {
        this.remade = names
      },
    })
    this.#runner = new Runner(this.#database)
    const tell = (problem: IndexProblem) => port.report({ kind: 'index-damage', problem })
    this.#remaking = new Remaking({ database: this.#database, runner: this.#runner, path, tell })
    this.#begin = this.#database.prepare('BEGIN IMMEDIATE')
    this.#beginReading = this.#database.prepare('BEGIN')
    this.#savepoint = this.#database.prepare('SAVEPOINT one')
    this.#release = this.#database.prepare('RELEASE one')
    this.#end = this.#database.prepare('COMMIT')
    this.#checkpoint = this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#remaking.around(() => beginEpoch(this.#database))
    this.#files = new OpenFiles([path, `${path}-wal`, `${path}-shm`, `${path}-lock`])
    this.#contents = new Contents(path)
    this.#committed = new Committed(this.#database)
    // A server that was killed may have left erased texts in the log; a new file's tables belong into the file itself.
    this.#scrub()
    this.#lookTimer = setInterval(() => this.#look(), LOOK_MS)
  }

  /**
   * Runs the calls, and those that arrive meanwhile, in one transaction; each fails alone. It takes in more calls for as
   * long as the last COMMIT took, so that about half of the time is spent on the disk, and yet a text that is already
   * written does not wait for a crowd of later ones.
   */
  round(first: readonly Call[]): Outcome[] {
    return this.#round(first, () => this.#port.more())
  }

  /** @param more takes the calls that have arrived meanwhile */
  #round(first: readonly Call[], more: () => readonly Call[] | undefined): Outcome[] {
    const calls = [...first]
    try {
      const refused = this.#enter()
      const until = performance.now() + this.#commitTook
      const outcomes: Outcome[] = []
      for (const call of calls) {
        outcomes.push(refused && !isReading(call) ? { refused } : this.#one(call))
        const next = performance.now() < until ? more() : undefined
        if (next) calls.push(...next)
      }
      // point: before-commit
      this.#commit()
      // point: after-commit
      // A small write that succeeds does not prove that there is space again: only #probe resets it.
      this.#isFull ||= outcomes.some(outcome => isRefused(outcome, 'store-full'))
      this.#erased ||= calls.some((call, i) => erases(call, outcomes[i]))
      if (this.#erased) this.#scrub()
      this.#reportProblem()
      if (calls.some((call, i) => hasTriggerRefusal(call, outcomes[i])))
        this.#port.report({ kind: 'trigger-refusal' })
      return outcomes
    } catch (thrown) {
      if (thrown instanceof CommitFailed) throw thrown
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      this.#committed.ended('rolled-back')
      const error = asFull(thrown, this.#path)
      if (isIndexDamage(error) && this.#renewIndex()) return this.#round(calls, nothing)
      if (isDamage(error) && !this.#isMoved && this.#mayWrite() && this.#remaking.once())
        return this.#round(calls, nothing)
      if (isTriggerRefusal(error)) this.#port.report({ kind: 'trigger-refusal' })
      const alone = (call: Call) => this.#round([call], nothing)
      if ((isDamage(error) || isTriggerRefusal(error)) && calls.length > 1) return calls.flatMap(alone)
      const [call] = calls
      if (call && isTriggerRefusal(error) && draftsIn(call).length > 0) return [splitDrafts(call, alone)]
      this.#isFull ||= isFull(error)
      if (isDamage(error)) this.#isBroken ||= !canStore(this.#database)
      this.#reportProblem()
      return calls.map(() => outcomeOf(error))
    }
  }

  /** Begins a writing transaction; where that is impossible a reading one. @returns why nothing can be written */
  #enter(): RefusalCode | undefined {
    this.#setMoved(this.#files.displacedMeanwhile())
    const mayWrite = !this.#contents.areOverwritten() && !this.#isMoved
    try {
      if (mayWrite) {
        this.#begin.run()
        this.#setHeld(false)
        if (!this.#committed.isTakenBack()) return undefined
        this.#database.exec('ROLLBACK')
      }
    } catch (error) {
      if (!isBusy(error)) throw error
      this.#setHeld(true)
    }
    this.#reportProblem()
    this.#beginReading.run()
    return mayWrite && !this.#committed.wasTakenBack ? 'store-busy' : 'store-moved'
  }

  /** To be asked before anything is written, or merged into the file. */
  #mayWrite(): boolean {
    const mayWrite = !this.#contents.areOverwritten() && !this.#committed.isTakenBack()
    if (!mayWrite) this.#reportProblem()
    return mayWrite
  }

  /** After one wait in vain no round waits again for the other program: reads share the rounds and must not be delayed. */
  #setHeld(isSo: boolean): void {
    if (isSo === this.#isHeld) return
    this.#isHeld = isSo
    this.#setBusyTimeout()
    this.#reportProblem()
  }

  #setBusyTimeout(): void {
    this.#database.exec(`PRAGMA busy_timeout = ${this.#isHeld ? 0 : BUSY_MS}`)
  }

  #one(call: Call): Outcome {
    this.#savepoint.run()
    try {
      const value = this.#runner.run(begin(call))
      this.#writeIndex()
      this.#release.run()
      this.#committed.note(this.#runner.moved)
      return { value }
    } catch (error) {
      // A full disk rolls back the whole transaction with every call of the round; a trigger may do so, too. After a
      // damaged page SQLite refuses to commit, whichever savepoint is rolled back to.
      if (!this.#database.isTransaction || isDamage(error)) throw error
      this.#database.exec('ROLLBACK TO one; RELEASE one')
      if (isFull(error) && bringWithinReach(this.#database)) return this.#one(call)
      const isOfOne = isTriggerRefusal(error) && draftsIn(call).length > 0
      return isOfOne ? splitDrafts(call, each => [this.#one(each)]) : outcomeOf(error)
    }
  }

  /**
   * Flushes FTS5's pending writes, which it otherwise keeps until COMMIT. When they fail because the index is damaged,
   * nothing has been committed yet.
   */
  #writeIndex(): void {
    this.#savepoint.run()
    this.#release.run()
  }

  /**
   * A reader has found the search index damaged. Several may before it is rebuilt, and are told so after it.
   * @param isAgain whether the index had been rebuilt before it was read
   */
  onReadersDamage(isAgain: boolean): void {
    if (isAgain || !this.#hasRenewed) this.#renewIndex()
  }

  /**
   * Empties a damaged search index, to be rebuilt from the messages. @returns false when that was done before, or failed: for
   * a lock or a full disk it is tried again by whoever meets the damage next
   */
  #renewIndex(): boolean {
    if (this.#hasRenewed) {
      this.#port.report({ kind: 'index-damage', problem: 'index-again' })
      return false
    }
    const isRenewed = this.#emptyIndex()
    this.#hasRenewed = isRenewed
    if (isRenewed || (!this.#isHeld && !this.#isFull))
      this.#port.report({ kind: 'index-damage', problem: isRenewed ? 'index' : 'damaged' })
    return isRenewed
  }

  /** @returns false when that failed */
  #emptyIndex(): boolean {
    if (!this.#mayWrite()) return false
    try {
      this.#database.exec("BEGIN IMMEDIATE; UPDATE index_rule SET rule = ''")
      this.#runner.run(begin(RENEWAL))
      this.#database.exec('COMMIT')
      return true
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      if (isBusy(error)) this.#setHeld(true)
      this.#isFull ||= isFull(asFull(error, this.#path))
      this.#reportProblem()
      return false
    }
  }

  /** A full disk or a lock shows before the commit frame is written; after any other error the outcome is unknown. */
  #commit(): void {
    const start = performance.now()
    try {
      this.#end.run()
      this.#commitTook = performance.now() - start
      this.#committed.ended('committed')
    } catch (thrown) {
      const error = asFull(thrown, this.#path)
      if (isFull(error) || isBusy(error)) throw error
      throw new CommitFailed(String(error), { cause: error })
    }
  }

  #setMoved(displaced: string | undefined): void {
    this.#isMoved = displaced !== undefined
    this.#reportProblem()
  }

  #reportProblem(): void {
    const problem = this.#whichProblem()
    if (problem === this.#problem) return
    this.#problem = problem
    this.#port.report({ kind: 'problem', problem })
  }

  #whichProblem(): StoreProblem | undefined {
    if (this.#contents.wereOverwritten) return 'overwritten'
    if (this.#committed.wasTakenBack) return 'taken-back'
    if (this.#isMoved) return 'moved'
    return this.#isFull ? 'full' : this.#isHeld ? 'held' : this.#isBroken ? 'broken' : undefined
  }

  /** Runs every LOOK_MS, also while there are no calls. */
  #look(): void {
    if (!this.#mayWrite()) return
    if (this.#isFull) this.#probe()
    if (this.#isHeld) this.#tryLock()
    if (this.#isBroken) this.#isBroken = !canStore(this.#database)
    if (this.#erased) this.#scrub()
    this.#setMoved(this.#files.displaced())
  }

  /** Tries whether the other program has released its lock. */
  #tryLock(): void {
    try {
      this.#begin.run()
      this.#setHeld(false)
    } catch {
      // It has not.
    } finally {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
    }
  }

  /** Tries whether the disk has space again, for a page of the database, too. */
  #probe(): void {
    try {
      if (!hasSpace(this.#path)) return
      this.#database.exec(
        'BEGIN IMMEDIATE; UPDATE epochs SET began_at = began_at WHERE id = (SELECT max(id) FROM epochs); COMMIT',
      )
      this.#isFull = false
    } catch {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
    }
  }

  /**
   * Truncates the write-ahead log, so that no byte of an erased text stays in it. While somebody reads, or when it fails,
   * it is tried again after the next round, or at the next look: the round is stored in any case, and a problem of the
   * disk shows at the next COMMIT.
   */
  #scrub(): void {
    if (!this.#mayWrite()) return
    try {
      this.#database.exec('PRAGMA busy_timeout = 0')
      this.#erased = this.#checkpoint.get()?.busy !== 0
    } catch {
      this.#erased = true
    } finally {
      this.#setBusyTimeout()
    }
  }

  close(): void {
    clearInterval(this.#lookTimer)
    const isElsewhere = !this.#files.areInPlace(this.#path)
    if (this.#mayWrite()) closeMerged(this.#database, isElsewhere)
    else {
      closeUnmerged(this.#database, this.#path, isElsewhere)
      const leave = this.#contents.wereOverwritten ? putLogAside : forgetIndex
      const isOurs = this.#files.areInPlace(`${this.#path}-wal`, `${this.#path}-lock`)
      if (isOurs) leave(this.#path) // or what lies there may be another server's
    }
    this.#contents.close()
    this.#lockFile.close()
  }
}

function nothing(): undefined {}
