// The Store port on one SQLite file: a writer and, once they are asked, two readers, each in its thread.

import { Worker } from 'node:worker_threads'
import { Refusal, type RefusalCode } from '../../core/model/refusals.ts'
import { Lost } from '../lost.ts'
import { StoreProxy } from '../proxy.ts'
import type { Queue } from '../scripts/method.ts'
import type { Call } from '../scripts/scripts.ts'
import { Unusable } from '../unusable.ts'
import type { Report, StoreProblem, Task } from './messages.ts'
import type { Identity } from './open-files.ts'
import type { Outcome } from './outcomes.ts'

/**
 * Told what is wrong, and undefined when it is well again: with the store, which takes nothing then, or with what it
 * holds, of which some can't be read, or which another program keeps from growing.
 */
export type HealthListener = (
  part: 'store' | 'data',
  wrong: StoreProblem | 'damaged' | 'refusing' | undefined,
) => void

type OpenedReport = Extract<Report, { kind: 'opened' }>

interface PendingCall {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** Whom a thread tells of what is not an answer. */
interface Hearers {
  readonly told: HealthListener
  /** The thread can't go on, and nobody knows what of its last round is on disk. */
  readonly lost: (error: Lost) => void
  /** It can make nothing of the index of words. */
  readonly indexDamaged: () => void
}

/** A thread, started when it is first asked something. What it is asked during one round gathers at its port for the next. */
class Thread {
  readonly #task: Task
  readonly #hearers: Hearers
  #worker: Worker | undefined
  /** What is read in one turn of the event loop goes there together: most reads cost less than a message. */
  #gathered: Call[] = []
  /** Whom it owes an answer, in order. */
  readonly #waiting: PendingCall[] = []
  #refusing: Error | undefined
  #closing = false
  readonly #ended = Promise.withResolvers<void>()

  constructor(task: Task, hearers: Hearers) {
    this.#task = task
    this.#hearers = hearers
  }

  /** Starts it, and opens the file. Throws Unusable. */
  open(): Promise<OpenedReport> {
    const { promise, resolve, reject } = Promise.withResolvers<OpenedReport>()
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.#task })
    this.#worker = worker
    worker.on('message', (report: Report) => {
      if (report.kind === 'opened') resolve(report)
      else if (report.kind === 'moved') reject(new Refusal('store-moved'))
      else if (report.kind === 'unusable') reject(new Unusable(report.code, report.detail))
      else if (report.kind === 'round') this.#answer(report.outcomes)
      else if (report.kind === 'wrong') this.#hearers.told('store', report.wrong)
      else if (report.kind === 'kept') this.#hearers.told('data', 'refusing')
      else if (report.kind === 'damaged') this.#hearers.told('data', 'damaged')
      else this.#giveUp(new Lost('commit', report.detail))
    })
    worker.on('error', error => {
      const failure = error instanceof Error ? error : new Error(String(error))
      reject(failure)
      this.#giveUp(new Lost('thread', String(failure), failure))
    })
    worker.on('exit', () => {
      if (this.#worker === worker) this.#ended.resolve()
    })
    worker.postMessage('open')
    return promise
  }

  call(call: Call): Promise<unknown> {
    if (this.#refusing) return Promise.reject(this.#refusing)
    if (!this.#worker) this.open().catch(error => this.#discard(error))
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#waiting.push({ resolve, reject })
    this.#gathered.push(call)
    // Texts were gathered before they came here (core/log/appender.ts).
    if (this.#task.queue === 'write') this.#send()
    else if (this.#gathered.length === 1) setImmediate(() => this.#send())
    return promise
  }

  #send(): void {
    const calls = this.#gathered
    this.#gathered = []
    this.#worker?.postMessage(calls)
  }

  /** What reads can't make the index of words anew; what writes does. */
  renewIndex(): void {
    if (!this.#closing) this.#worker?.postMessage('renew')
  }

  /** Ends the thread when everything asked before has been answered. */
  async close(): Promise<void> {
    this.#refusing = new Refusal('closing')
    if (!this.#worker) return
    this.#closing = true
    this.#closeWhenAnswered()
    await this.#ended.promise
  }

  #closeWhenAnswered(): void {
    if (this.#closing && this.#waiting.length === 0) this.#worker?.postMessage('close')
  }

  /** It could not open the file: whoever waits is told, and the next call has it tried again. */
  #discard(error: Error): void {
    const worker = this.#worker
    this.#worker = undefined
    this.#gathered = []
    for (const { reject } of this.#waiting.splice(0)) reject(error)
    worker?.postMessage('close')
    if (this.#closing) this.#ended.resolve()
  }

  #answer(outcomes: readonly Outcome[]): void {
    const answered = this.#waiting.splice(0, outcomes.length)
    if (outcomes.some(each => 'refused' in each && each.ofIndex)) this.#hearers.indexDamaged()
    answered.forEach(({ resolve, reject }, i) => {
      const outcome = outcomes[i]
      if (outcome && 'value' in outcome) resolve(outcome.value)
      else if (outcome && 'refused' in outcome) reject(this.#refusal(outcome.refused))
      else reject(new Error(outcome?.failed ?? 'no answer'))
    })
    this.#closeWhenAnswered()
  }

  #refusal(code: RefusalCode): Refusal {
    if (code === 'store-damaged') this.#hearers.told('data', 'damaged')
    return new Refusal(code)
  }

  #giveUp(failure: Lost): void {
    this.#refusing = new Refusal('store-failed')
    for (const { reject } of this.#waiting.splice(0)) reject(this.#refusing)
    this.#hearers.lost(failure)
  }
}

export class SqliteStore extends StoreProxy {
  /** Resolves at most once: the process must end, and the next start shows what survived. */
  readonly lost: Promise<Lost>
  /** The names of views, indexes and triggers that another program had taken away or changed, and are as before. */
  readonly remade: readonly string[]
  readonly #threads: Record<Queue, Thread>

  private constructor(
    threads: Record<Queue, Thread>,
    { methods, remade, lost }: Pick<OpenedReport, 'methods' | 'remade'> & Pick<SqliteStore, 'lost'>,
  ) {
    super(methods, threads)
    this.#threads = threads
    this.lost = lost
    this.remade = remade
  }

  /** Opens the file, made where there is none. Throws Unusable. */
  static async open(path: string, told: HealthListener = () => {}): Promise<SqliteStore> {
    const lost = Promise.withResolvers<Lost>()
    const hearers = { told, lost: lost.resolve, indexDamaged: () => write.renewIndex() }
    const thread = (queue: Queue, file?: Identity) =>
      new Thread({ queue, path, ...(file && { file }) }, hearers)
    const write: Thread = thread('write')
    try {
      const { file, ...opened } = await write.open()
      const threads = { write, read: thread('read', file), search: thread('search', file) }
      return new SqliteStore(threads, { ...opened, lost: lost.promise })
    } catch (error) {
      await write.close()
      throw error
    }
  }

  /** Answers what was asked, writes the log back into the file, and lets it go. */
  async close(): Promise<void> {
    await Promise.all([this.#threads.read.close(), this.#threads.search.close()])
    await this.#threads.write.close()
  }
}
