// The messages between the main thread and SQLite's threads.

import type { Queue } from '../scripts/method.ts'
import type { Call, QueuesOfMethods } from '../scripts/scripts.ts'
import type { UnusableCode } from '../unusable.ts'
import type { Identity } from './open-files.ts'
import type { Outcome } from './outcomes.ts'

/** A thread's `workerData`. */
export interface Task {
  readonly queue: Queue
  readonly path: string
  /** The file that the writer has open: a reader refuses to open another. */
  readonly file?: Identity
}

/**
 * full: the disk. moved: the open file is no longer at its path. overwritten: another program has written into it or into
 * its log, in place. taken-back: what was committed is no longer in it. held: locked by another program that does not let go.
 * broken: what is damaged lets nothing be stored.
 */
export type StoreProblem = 'full' | 'moved' | 'overwritten' | 'taken-back' | 'held' | 'broken'

/**
 * The search index is damaged: it is being rebuilt; it was rebuilt before, and is not again; it can't be rebuilt. remade:
 * something else was damaged that holds nothing of its own, and was made anew.
 */
export type IndexProblem = 'index' | 'index-again' | 'damaged' | 'remade'

/** From a thread: whether it could open the file, then the outcome of each call, in order, a round at a time. */
export type Report =
  | {
      readonly kind: 'opened'
      readonly file: Identity
      readonly remade: readonly string[]
      readonly methods: QueuesOfMethods
    }
  /** At the path is another file by now than the one to read. */
  | { readonly kind: 'moved' }
  | { readonly kind: 'unusable'; readonly code: UnusableCode; readonly detail: string }
  | { readonly kind: 'round'; readonly outcomes: readonly Outcome[] }
  /** Why nothing can be written from now on; undefined: it can again. */
  | { readonly kind: 'problem'; readonly problem: StoreProblem | undefined }
  /** Another program's trigger refused a write. */
  | { readonly kind: 'trigger-refusal' }
  | { readonly kind: 'index-damage'; readonly problem: IndexProblem }
  /** A COMMIT failed, and nobody knows whether it is on disk: the process must exit. */
  | { readonly kind: 'lost'; readonly detail: string }

/**
 * From the main thread: 'close' after every call was answered; 'renew' after a reader has found the search index damaged.
 */
export type Order = 'open' | 'close' | RenewOrder | readonly Call[]

interface RenewOrder {
  readonly kind: 'renew'
  /** Whether the read that found the damage was sent after the index had been rebuilt. */
  readonly isAgain: boolean
}

/** The writer's port to the main thread. */
export interface Port {
  report(report: Report): void
  /** @returns the calls that have arrived meanwhile; undefined for none */
  more(): readonly Call[] | undefined
}
