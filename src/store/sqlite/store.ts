// The Store port on one SQLite file: a writer and two readers, each in a thread, the readers started on first use, and
// anew after one has died: nothing depends on what it knew.

import { Worker } from 'node:worker_threads'
import { Refusal } from '../../core/model/refusals.ts'
import { Lost } from '../lost.ts'
import { StoreProxy } from '../proxy.ts'
import type { Queue } from '../scripts/method.ts'
import type { Call } from '../scripts/scripts.ts'
import { Unusable } from '../unusable.ts'
import type { IndexProblem, Order, Report, StoreProblem, Task } from './messages.ts'
import type { Identity } from './open-files.ts'
import type { Outcome, RefusedOutcome } from './outcomes.ts'

/**
 * 'store': why nothing can be written, and undefined once it can again. 'data', which is never taken back: 'damaged',
 * something that is stored can't be read; 'index', the search index had to be rebuilt; 'index-again', it is damaged
 * again; 'remade', another index had to be; 'refusing', another program's trigger refuses a write.
 */
export type HealthListener = (
  ...news:
    | [part: 'store', problem: StoreProblem | undefined]
    | [part: 'data', problem: IndexProblem | 'refusing']
) => void

type OpenedReport = Extract<Report, { kind: 'opened' }>

interface PendingCall {
  readonly call: Call
  /** Whether the search index had been rebuilt when it was sent. */
  readonly isRenewed: boolean
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** What a thread reports besides answers. */
interface ThreadListeners {
  readonly onHealth: HealthListener
  /** The writer is dead, and nobody knows whether its last round is on disk. */
  readonly lost: (error: Lost) => void
  /** A reader could not be started, or is dead. Not called again until one could be started. */
  readonly readerFailed: (error: Error) => void
  /** Whether the search index has been rebuilt. */
  readonly isRenewed: () => boolean
  /** A read found the search index damaged; `isAgain` when it was sent after the index had been rebuilt. */
  readonly indexDamaged: (isAgain: boolean) => void
  /** Has the writer answer a read that met damage: it may make anew what is damaged. Undefined once that helped nothing. */
  readonly answerByWriter: (call: Call) => Promise<unknown> | undefined
}

/** A thread that starts with its first call. Calls that arrive during one round gather at its port for the next. */
class Thread {
  readonly #task: Task
  readonly #listeners: ThreadListeners
  #worker: Worker | undefined
  /** Reads not sent yet: those of one turn of the event loop go as one message, which costs more than most reads. */
  #gathered: Call[] = []
  /** Calls without an answer, in order. */
  readonly #pending: PendingCall[] = []
  #refusing: Error | undefined
  #closing = false
  /** It was told that this reader failed, and none could be started since. */
  #isFailing = false
  readonly #ended = Promise.withResolvers<void>()

  constructor(task: Task, listeners: ThreadListeners) {
    this.#task = task
    this.#listeners = listeners
  }

  /** Starts the thread, which opens the file. Rejects with Unusable, or why there is no thread. */
  async open(): Promise<OpenedReport> {
    const { promise, resolve, reject } = Promise.withResolvers<OpenedReport>()
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.#task })
    this.#worker = worker
    worker.on('message', (report: Report) => {
      if (report.kind === 'opened') resolve(report)
      else if (report.kind === 'moved') reject(new Refusal('store-moved'))
      else if (report.kind === 'unusable') reject(new Unusable(report.code, report.detail))
      else if (report.kind === 'round') this.#answer(report.outcomes)
      else if (report.kind === 'problem') this.#listeners.onHealth('store', report.problem)
      else if (report.kind === 'trigger-refusal') this.#listeners.onHealth('data', 'refusing')
      else if (report.kind === 'index-damage') this.#listeners.onHealth('data', report.problem)
      else this.#giveUp(new Lost('commit', report.detail))
    })
    worker.on('error', error => {
      const failure = error instanceof Error ? error : new Error(String(error))
      reject(failure)
      if (this.#worker === worker) this.#died(failure)
    })
    worker.on('exit', code => {
      if (this.#closing) this.#ended.resolve()
      else if (this.#worker === worker) this.#died(new Error(`exit code ${code}`))
    })
    worker.postMessage('open')
    return promise
  }

  call(call: Call): Promise<unknown> {
    if (this.#refusing) return Promise.reject(this.#refusing)
    if (!this.#worker) this.#start()
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#pending.push({ call, isRenewed: this.#listeners.isRenewed(), resolve, reject })
    this.#gathered.push(call)
    // The appender has gathered texts already (core/log/appender.ts).
    if (this.#task.queue === 'write') this.#send()
    else if (this.#gathered.length === 1) setImmediate(() => this.#send())
    return promise
  }

  /** A thread that can't be started fails later than this: the calls are pending by then. */
  #start(): void {
    const opening = this.open()
    const worker = this.#worker
    const opened = () => {
      this.#isFailing = false
    }
    opening.then(opened, error => {
      if (this.#worker !== worker) return // it has died, which was noticed
      if (error instanceof Unusable || error instanceof Refusal) this.#discard(error)
      else this.#died(error)
    })
  }

  #send(): void {
    const calls = this.#gathered
    this.#gathered = []
    this.#worker?.postMessage(calls)
  }

  /** Has the writer rebuild the search index, which a reader can't. */
  renewIndex(isAgain: boolean): void {
    if (!this.#closing) this.#worker?.postMessage({ kind: 'renew', isAgain } satisfies Order)
  }

  /** Ends the thread after it has answered every call. */
  async close(): Promise<void> {
    this.#refusing = new Refusal('closing')
    if (!this.#worker) return
    this.#closing = true
    this.#closeWhenAnswered()
    await this.#ended.promise
  }

  #closeWhenAnswered(): void {
    if (this.#closing && this.#pending.length === 0) this.#worker?.postMessage('close')
  }

  /** The file could not be opened, or the thread is dead: rejects the pending calls; the next call tries again. */
  #discard(error: Error): void {
    const worker = this.#worker
    this.#worker = undefined
    this.#gathered = []
    for (const { reject } of this.#pending.splice(0)) reject(error)
    worker?.postMessage('close')
    if (this.#closing) this.#ended.resolve()
  }

  #answer(outcomes: readonly Outcome[]): void {
    const answered = this.#pending.splice(0, outcomes.length)
    const found = answered.find((_, i) => isOfIndex(outcomes[i]))
    if (found) this.#listeners.indexDamaged(found.isRenewed)
    answered.forEach(({ call, resolve, reject }, i) => {
      const outcome = outcomes[i]
      const byWriter = this.#isReader && isDamaged(outcome) ? this.#listeners.answerByWriter(call) : undefined
      if (byWriter) byWriter.then(resolve, reject)
      else if (outcome && 'value' in outcome) resolve(outcome.value)
      else if (outcome && 'refused' in outcome) reject(this.#refusal(outcome))
      else reject(new Error(outcome?.failed ?? 'no answer'))
    })
    this.#closeWhenAnswered()
  }

  get #isReader(): boolean {
    return this.#task.queue !== 'write'
  }

  /** Reports damage, but not of the index: the writer does, when it has tried to rebuild it. */
  #refusal({ refused, opens, ofIndex }: RefusedOutcome): Refusal {
    if (refused === 'store-damaged' && !ofIndex) this.#listeners.onHealth('data', 'damaged')
    return new Refusal(refused, opens)
  }

  /** Without its writer a store can't go on; a reader is replaced with the next call. */
  #died(failure: Error): void {
    if (this.#task.queue === 'write') return this.#giveUp(new Lost('thread', String(failure), failure))
    if (!this.#isFailing) this.#listeners.readerFailed(failure)
    this.#isFailing = true
    this.#discard(new Refusal('store-failed'))
  }

  #giveUp(failure: Lost): void {
    this.#refusing = new Refusal('store-failed')
    for (const { reject } of this.#pending.splice(0)) reject(this.#refusing)
    this.#listeners.lost(failure)
  }
}

interface Opened extends Pick<OpenedReport, 'methods' | 'remade'>, Pick<SqliteStore, 'lost'> {
  readonly watchers: ((error: Error) => void)[]
}

export class SqliteStore extends StoreProxy {
  /** Resolves, at most once, when the process must exit; the next start finds out what survived. */
  readonly lost: Promise<Lost>
  /** Names of what another program had removed from the schema or changed, and was recreated. */
  readonly remade: readonly string[]
  readonly #threads: Record<Queue, Thread>
  readonly #watchers: ((error: Error) => void)[]

  private constructor(threads: Record<Queue, Thread>, { methods, remade, lost, watchers }: Opened) {
    super(methods, threads)
    this.#threads = threads
    this.#watchers = watchers
    this.lost = lost
    this.remade = remade
  }

  /** Opens the file; creates it if it does not exist. Throws Unusable. */
  static async open(path: string, onHealth: HealthListener = () => {}): Promise<SqliteStore> {
    const lost = Promise.withResolvers<Lost>()
    const watchers: ((error: Error) => void)[] = []
    let isRenewed = false
    let isBeyondRepair = false
    const listeners: ThreadListeners = {
      onHealth: (...news) => {
        isRenewed ||= news[1] === 'index'
        onHealth(...news)
      },
      lost: lost.resolve,
      readerFailed(error) {
        for (const tell of watchers) tell(error)
      },
      isRenewed: () => isRenewed,
      indexDamaged: isAgain => write.renewIndex(isAgain),
      answerByWriter(call) {
        if (isBeyondRepair) return undefined
        return write.call(call).catch(error => {
          isBeyondRepair ||= error instanceof Refusal && error.code === 'store-damaged'
          throw error
        })
      },
    }
    const thread = (queue: Queue, file?: Identity) =>
      new Thread({ queue, path, ...(file && { file }) }, listeners)
    const write: Thread = thread('write')
    try {
      const { file, ...opened } = await write.open()
      const threads = { write, read: thread('read', file), search: thread('search', file) }
      return new SqliteStore(threads, { ...opened, lost: lost.promise, watchers })
    } catch (error) {
      await write.close()
      throw error
    }
  }

  /** Calls back with why reads were refused with 'store-failed', until a thread can be started again. */
  watchReaders(tell: (error: Error) => void): void {
    this.#watchers.push(tell)
  }

  /** Answers all calls, merges the write-ahead log into the file, and releases it. */
  async close(): Promise<void> {
    await Promise.all([this.#threads.read.close(), this.#threads.search.close()])
    await this.#threads.write.close()
  }
}

/** Whether it met damage, but not of the index's own rows. */
function isDamaged(outcome: Outcome | undefined): boolean {
  return (
    outcome !== undefined && 'refused' in outcome && outcome.refused === 'store-damaged' && !outcome.ofIndex
  )
}

function isOfIndex(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && 'refused' in outcome && outcome.ofIndex === true
}
