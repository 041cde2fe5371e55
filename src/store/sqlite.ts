// The Store port on one SQLite file: a writer and, once they are asked, two readers, each in its thread.

import { Worker } from 'node:worker_threads'
import { Refusal } from '../core/refusals.ts'
import { LanedStore } from './laned.ts'
import type { Call, Lane } from './scripts.ts'
import type { Outcome, Report, Task } from './sqlite-worker.ts'
import { Unusable } from './unusable.ts'

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** A thread, started when it is first asked something. What it is asked during one round gathers at its port for the next. */
class Thread {
  readonly #task: Task
  readonly #lost: (error: Error) => void
  #worker: Worker | undefined
  /** What is read in one turn of the event loop goes there together: most reads cost less than a message. */
  #gathered: Call[] = []
  /** Whom it owes an answer, in order. */
  readonly #waiting: Waiting[] = []
  #refusing: Error | undefined
  #closing = false
  readonly #ended = Promise.withResolvers<void>()

  /** @param lost told when the thread can't go on, and nobody knows what of its last round is on disk */
  constructor(task: Task, lost: (error: Error) => void) {
    this.#task = task
    this.#lost = lost
  }

  /** Starts it, and opens the file. Throws Unusable. */
  open(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), { workerData: this.#task })
    this.#worker = worker
    worker.on('message', (report: Report) => {
      if (report.kind === 'opened') resolve()
      else if (report.kind === 'unusable') reject(new Unusable(report.code, report.detail))
      else if (report.kind === 'round') this.#answer(report.outcomes)
      else this.#giveUp(new Error(report.detail))
    })
    worker.on('error', error => {
      const failure = error instanceof Error ? error : new Error(String(error))
      reject(failure)
      this.#giveUp(failure)
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
    // Texts were gathered before they came here (core/appender.ts).
    if (this.#task.lane === 'write') this.#send()
    else if (this.#gathered.length === 1) setImmediate(() => this.#send())
    return promise
  }

  #send(): void {
    const calls = this.#gathered
    this.#gathered = []
    this.#worker?.postMessage(calls)
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
    answered.forEach(({ resolve, reject }, i) => {
      const outcome = outcomes[i]
      if (outcome && 'value' in outcome) resolve(outcome.value)
      else if (outcome && 'refused' in outcome) reject(new Refusal(outcome.refused))
      else reject(new Error(outcome?.failed ?? 'no answer'))
    })
    this.#closeWhenAnswered()
  }

  #giveUp(failure: Error): void {
    this.#refusing = new Refusal('store-failed')
    for (const { reject } of this.#waiting.splice(0)) reject(this.#refusing)
    this.#lost(failure)
  }
}

export class SqliteStore extends LanedStore {
  /** Resolves at most once: the process must end, and the next start shows what survived. */
  readonly lost: Promise<Error>
  readonly #threads: Record<Lane, Thread>

  private constructor(threads: Record<Lane, Thread>, lost: Promise<Error>) {
    super(threads)
    this.#threads = threads
    this.lost = lost
  }

  /** Opens the file, made where there is none. Throws Unusable. */
  static async open(path: string): Promise<SqliteStore> {
    const lost = Promise.withResolvers<Error>()
    const threads = {
      write: new Thread({ lane: 'write', path }, lost.resolve),
      read: new Thread({ lane: 'read', path }, lost.resolve),
      search: new Thread({ lane: 'search', path }, lost.resolve),
    }
    try {
      await threads.write.open()
    } catch (error) {
      await threads.write.close()
      throw error
    }
    return new SqliteStore(threads, lost.promise)
  }

  /** Answers what was asked, writes the log back into the file, and lets it go. */
  async close(): Promise<void> {
    await Promise.all([this.#threads.read.close(), this.#threads.search.close()])
    await this.#threads.write.close()
  }
}
