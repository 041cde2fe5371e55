// Writing to chat.db: rounds of calls, each one transaction, and what keeps a file from being written to.

import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { RefusalCode } from '../../core/model/refusals.ts'
import { begin, type Call, hasErased, isReading } from '../scripts/scripts.ts'
import { beginEpoch } from './begin-epoch.ts'
import { isBusy, isDamage, isFull, isIndexDamage, lock, openWriter, Runner } from './file.ts'
import type { Report, StoreProblem } from './messages.ts'
import { migrations } from './migrations.ts'
import { OpenFiles } from './open-files.ts'
import { isRefused, type Outcome, outcomeOf } from './outcomes.ts'
import { apart, draftsIn, isKeeping, isKept } from './refused-drafts.ts'

/** The other side of the writer: the thread's port. */
interface Port {
  report(report: Report): void
  /** The calls that have come meanwhile, if there are any. */
  more(): readonly Call[] | undefined
}

/** A commit that failed for another reason than want of space. */
export class CommitFailed extends Error {}

/** Writes wait so long for another program that holds the file. */
const BUSY_MS = 5_000
/** Bytes of the disk with which it is full no more: less is gone again with the next text. */
const ENOUGH_ROOM = 1 << 20
/** Between two looks at whether the file is in its place and the disk has room again. */
const LOOK_MS = 1_000

/** Runs calls on the one connection that writes, a round at a time. */
export class FileWriter {
  /** What another program had taken away, or changed. */
  remade: readonly string[] = []
  readonly #port: Port
  readonly #held: DatabaseSync
  readonly #database: DatabaseSync
  readonly #path: string
  readonly #files: OpenFiles
  readonly #runner: Runner
  readonly #begin: StatementSync
  readonly #beginReading: StatementSync
  readonly #savepoint: StatementSync
  readonly #release: StatementSync
  readonly #end: StatementSync
  readonly #checkpoint: StatementSync
  readonly #looking: NodeJS.Timeout
  /** Milliseconds. */
  #commitTook = 0
  /** A text was erased, and the write-ahead log still holds it. */
  #erased = false
  #isFull = false
  #isMoved = false
  #isHeld = false
  /** Once is enough: what is damaged again right away is damaged by what makes it anew. */
  #hasRenewed = false
  #wrong: StoreProblem | undefined

  constructor(path: string, port: Port) {
    this.#port = port
    this.#path = path
    this.#held = lock(path)
    this.#database = openWriter(path, migrations, {
      patience: BUSY_MS,
      remade: names => {
        this.remade = names
      },
    })
    this.#runner = new Runner(this.#database)
    this.#begin = this.#database.prepare('BEGIN IMMEDIATE')
    this.#beginReading = this.#database.prepare('BEGIN')
    this.#savepoint = this.#database.prepare('SAVEPOINT one')
    this.#release = this.#database.prepare('RELEASE one')
    this.#end = this.#database.prepare('COMMIT')
    this.#checkpoint = this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
    beginEpoch(this.#database)
    // A server that was killed may have left erased texts in the log; and a new file's tables belong into the file.
    this.#scrub()
    this.#files = new OpenFiles([path, `${path}-wal`, `${path}-shm`, `${path}-lock`])
    this.#looking = setInterval(() => this.#look(), LOOK_MS)
  }

  /**
   * One transaction for the calls and what gathered behind them; each stands or falls alone. It writes for as long as
   * the last commit took: so about half of the time goes to the disk's work, and yet nobody's text waits, though it
   * is written, for a crowd behind it.
   */
  round(first: readonly Call[]): Outcome[] {
    return this.#round(first, () => this.#port.more())
  }

  /** @param more gives what has come meanwhile */
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
      // That something little was written, or nothing, does not end it (#probe).
      this.#isFull ||= outcomes.some(outcome => isRefused(outcome, 'store-full'))
      this.#erased ||= calls.some((call, i) => erases(call, outcomes[i]))
      if (this.#erased) this.#scrub()
      this.#tellWrong()
      if (calls.some((call, i) => isKept(call, outcomes[i]))) this.#port.report({ kind: 'kept' })
      return outcomes
    } catch (error) {
      if (error instanceof CommitFailed) throw error
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      if (isIndexDamage(error) && this.renewIndex()) return this.#round(calls, nothing)
      if (isKeeping(error)) this.#port.report({ kind: 'kept' })
      const alone = (call: Call) => this.#round([call], nothing)
      if ((isDamage(error) || isKeeping(error)) && calls.length > 1) return calls.flatMap(alone)
      const [call] = calls
      if (call && isKeeping(error) && draftsIn(call).length > 0) return [apart(call, alone)]
      this.#isFull ||= isFull(error)
      this.#tellWrong()
      return calls.map(() => outcomeOf(error))
    }
  }

  /** Begins to write; or only to read, and says why nothing can be written. */
  #enter(): RefusalCode | undefined {
    this.#noteDisplaced(this.#files.displacedMeanwhile())
    try {
      if (!this.#isMoved) {
        this.#begin.run()
        this.#isHeldNow(false)
        return undefined
      }
    } catch (error) {
      if (!isBusy(error)) throw error
      this.#isHeldNow(true)
    }
    this.#beginReading.run()
    return this.#isMoved ? 'store-moved' : 'store-busy'
  }

  /** Once it has been waited for in vain, nothing waits for it any more: what only reads is in the same rounds. */
  #isHeldNow(isSo: boolean): void {
    if (isSo === this.#isHeld) return
    this.#isHeld = isSo
    this.#wait()
    this.#tellWrong()
  }

  /** As long as it is worth it. */
  #wait(): void {
    this.#database.exec(`PRAGMA busy_timeout = ${this.#isHeld ? 0 : BUSY_MS}`)
  }

  #one(call: Call): Outcome {
    this.#savepoint.run()
    try {
      const value = this.#runner.run(begin(call))
      this.#writeIndex()
      this.#release.run()
      return { value }
    } catch (error) {
      // A full disk rolls back the whole transaction, and every call of the round with it; so may a trigger. Behind a
      // damaged page SQLite commits nothing any more, whatever savepoint is gone back to.
      if (!this.#database.isTransaction || isDamage(error)) throw error
      this.#database.exec('ROLLBACK TO one; RELEASE one')
      const isOfOne = isKeeping(error) && draftsIn(call).length > 0
      return isOfOne ? apart(call, each => [this.#one(each)]) : outcomeOf(error)
    }
  }

  /**
   * FTS5 keeps what it was told until the next savepoint, or COMMIT. It is written here: where it can't be, for damage,
   * nothing has been committed yet.
   */
  #writeIndex(): void {
    this.#savepoint.run()
    this.#release.run()
  }

  /** The index of words holds nothing that the messages do not: it is emptied, and made anew as any other. @returns whether it was */
  renewIndex(): boolean {
    if (this.#hasRenewed) return false
    this.#hasRenewed = true
    this.#port.report({ kind: 'damaged' })
    try {
      this.#database.exec("BEGIN IMMEDIATE; UPDATE index_rule SET rule = ''")
      this.#runner.run(begin({ port: 'search', method: 'renew', args: [] }))
      this.#database.exec('COMMIT')
      return true
    } catch {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      return false
    }
  }

  /** Want of space, or a lock, is found before the frame that commits is written; after any other fault nothing is known. */
  #commit(): void {
    const start = performance.now()
    try {
      this.#end.run()
      this.#commitTook = performance.now() - start
    } catch (error) {
      if (isFull(error) || isBusy(error)) throw error
      throw new CommitFailed(String(error), { cause: error })
    }
  }

  #noteDisplaced(displaced: string | undefined): void {
    this.#isMoved = displaced !== undefined
    this.#tellWrong()
  }

  #tellWrong(): void {
    const wrong = this.#isMoved ? 'moved' : this.#isFull ? 'full' : this.#isHeld ? 'held' : undefined
    if (wrong === this.#wrong) return
    this.#wrong = wrong
    this.#port.report({ kind: 'wrong', wrong })
  }

  /** Now and then, also when nobody asks for anything. */
  #look(): void {
    if (this.#isFull) this.#probe()
    if (this.#isHeld) this.#tryToHold()
    if (this.#erased) this.#scrub()
    this.#noteDisplaced(this.#files.displaced())
  }

  /** Whether the other program has let go. */
  #tryToHold(): void {
    try {
      this.#begin.run()
      this.#isHeldNow(false)
    } catch {
      // Not yet.
    } finally {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
    }
  }

  /** Whether there is room again, and the disk takes a page. */
  #probe(): void {
    try {
      const { bavail, bsize } = statfsSync(dirname(this.#path))
      if (bavail * bsize < ENOUGH_ROOM) return
      this.#database.exec(
        'BEGIN IMMEDIATE; UPDATE epochs SET began_at = began_at WHERE id = (SELECT max(id) FROM epochs); COMMIT',
      )
      this.#isFull = false
    } catch {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
    }
  }

  /**
   * No byte of an erased text stays in the write-ahead log. While somebody reads, or where it can't be done, it waits
   * for the next round, or the next look; what is wrong with the disk shows at a commit. This round is stored, whatever
   * comes, and nothing waits for those who read.
   */
  #scrub(): void {
    try {
      this.#database.exec('PRAGMA busy_timeout = 0')
      this.#erased = this.#checkpoint.get()?.busy !== 0
    } catch {
      this.#erased = true
    } finally {
      this.#wait()
    }
  }

  close(): void {
    clearInterval(this.#looking)
    try {
      this.#database.exec('PRAGMA busy_timeout = 0')
      if (this.#files.displaced() === this.#path) this.#leaveNames()
      else this.#leaveOneFile()
    } catch {
      // Somebody reads it: the next start finds a log, as after a crash.
    }
    this.#database.close()
    this.#held.close()
  }

  /** It can be read where one can't write; those who read it now keep its log alive. */
  #leaveOneFile(): void {
    this.#scrub()
    this.#database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE')
  }

  /**
   * What lies at its names by now may be another server's, and ending the log would delete what is called like it. What
   * was stored goes into the file that is open, unless somebody has begun to use it, wherever it is.
   */
  #leaveNames(): void {
    this.#database.exec(
      'PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)',
    )
  }
}

/** Whether a text that was there is there no more. */
function erases(call: Call, outcome: Outcome | undefined): boolean {
  return outcome !== undefined && 'value' in outcome && hasErased(call, outcome.value)
}

function nothing(): undefined {}
