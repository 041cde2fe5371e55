// What the main thread and the threads of SQLite say to each other.

import type { Queue } from '../scripts/method.ts'
import type { Call, QueuesOfMethods } from '../scripts/scripts.ts'
import type { UnusableCode } from '../unusable.ts'
import type { Identity } from './open-files.ts'
import type { Outcome } from './outcomes.ts'

/** What the main thread hands the worker when it starts it. */
export interface Task {
  readonly queue: Queue
  readonly path: string
  /** Which file the writer has open there: who reads opens no other. */
  readonly file?: Identity
}

/** full: the disk. moved: the file that is open is not at its path any more. held: by another program, that goes on. */
export type StoreProblem = 'full' | 'moved' | 'held'

/** What the worker says: whether it could open the file, then an answer to each call, in order, a round at a time. */
export type Report =
  | {
      readonly kind: 'opened'
      readonly file: Identity
      readonly remade: readonly string[]
      readonly methods: QueuesOfMethods
    }
  /** There is another file by now than that which was to be read. */
  | { readonly kind: 'moved' }
  | { readonly kind: 'unusable'; readonly code: UnusableCode; readonly detail: string }
  | { readonly kind: 'round'; readonly outcomes: readonly Outcome[] }
  /** Why nothing is stored from now on; undefined: it is stored again. */
  | { readonly kind: 'wrong'; readonly wrong: StoreProblem | undefined }
  /** Another program's trigger does not let something be stored. */
  | { readonly kind: 'kept' }
  /** Some of what is stored made no sense. */
  | { readonly kind: 'damaged' }
  /** A commit failed, and nobody knows whether it is on disk: the process must end and look. */
  | { readonly kind: 'lost'; readonly detail: string }

/**
 * What the main thread says; 'close' when it has been answered everything, 'renew' when a reader has found the index of
 * words damaged.
 */
export type Order = 'open' | 'close' | 'renew' | readonly Call[]
