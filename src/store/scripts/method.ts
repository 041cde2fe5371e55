// One row of the table of scripts (scripts.ts): a method of the Store port, the queue it runs in, and everything that a
// driver must know of it beforehand. A row that leaves out something that its method needs does not compile.

import type { Instant, RoomId, Seq, UserId } from '../../core/model/model.ts'
import type { Draft } from '../../core/ports/log.ts'
import type { Script } from './sql.ts'

/**
 * write: one after the other, in call order; on disk once it is answered.
 * read: beside the writer, on what was committed when it began.
 * search: like read, for calls that may take long, so that no log-in waits for one.
 */
export type Queue = 'write' | 'read' | 'search'

/** Rows that a call will hold, as far as its arguments tell. */
export interface Locks {
  readonly rooms?: readonly RoomId[]
  readonly people?: readonly UserId[]
}

/**
 * For PostgreSQL, where several nodes write at once: a round holds everything that its calls will lock before it runs the
 * first of them, in order, so that two nodes never wait for each other in a ring.
 * 'alone': the script has to look for what it locks, so it shares a round with no other call.
 */
type Locking<Args> = 'alone' | 'nothing' | ((args: Args) => Locks)

/**
 * For PostgreSQL, which goes by the database's clock: the arguments as if the call had been made at `now` of that clock.
 * 'as-given': its instants stay what they are, such as a date that somebody searches for.
 */
type Retiming<Args> = 'as-given' | ((args: Args, now: Instant) => Args)

/** Whether values of the type hold an instant: true, or never. */
type HoldsInstant<T> = T extends Instant
  ? true
  : T extends string | number | boolean
    ? never
    : T extends object
      ? { [Key in keyof T]-?: HoldsInstant<T[Key]> }[keyof T]
      : never

/** A method that is given an instant must say how that is retimed. */
type Timed<Args extends unknown[]> =
  true extends HoldsInstant<Args[number]> ? { readonly retime: Retiming<Args> } : { readonly retime?: never }

/** A call that is cheaper together with its neighbours of the same kind: PostgreSQL has statements for many of them. */
export type Bulk =
  | { readonly kind: 'append'; readonly drafts: readonly Draft[]; readonly at: Instant }
  | { readonly kind: 'mark'; readonly person: UserId; readonly room: RoomId; readonly seq: Seq }

interface Runs<Args extends unknown[], Result> {
  readonly script: (...args: Args) => Script<Result>
}

type Writes<Args extends unknown[], Result> = Timed<Args> & {
  readonly locks: Locking<Args>
  readonly bulk?: (args: Args) => Bulk
  /** Whether the call has erased a text, by its result: SQLite's write-ahead log must then lose it, too. */
  erases?(result: Result): boolean
}

export type Method<Args extends unknown[], Result> =
  | (Runs<Args, Result> & Writes<Args, Result> & { readonly queue: 'write'; readonly reads?: never })
  // In the writer's queue it only waits its turn.
  | (Runs<Args, Result> & Timed<Args> & { readonly queue: 'write'; readonly reads: true })
  | (Runs<Args, Result> & Timed<Args> & { readonly queue: 'read' | 'search' })

/** Any row, as the drivers see it. */
export interface AnyMethod {
  readonly queue: Queue
  readonly script: (...args: never[]) => Script<unknown>
  readonly reads?: true
  readonly locks?: Locking<never>
  readonly retime?: 'as-given' | ((args: never, now: Instant) => readonly unknown[])
  readonly bulk?: (args: never) => Bulk
  readonly erases?: (result: never) => boolean
}

/** A row for each method of the port. */
export type MethodsOf<Port> = {
  readonly [Name in keyof Port]: Port[Name] extends (...args: infer Args) => Promise<infer Result>
    ? Method<Args, Result>
    : never
}

// --- writing a row ----------------------------------------------------------------------------------------

export const write = <Args extends unknown[], Result>(
  script: (...args: Args) => Script<Result>,
  needs: Writes<Args, Result>,
) => ({ queue: 'write', script, ...needs }) as const
export const readInTurn = <Args extends unknown[], Result>(script: (...args: Args) => Script<Result>) =>
  ({ queue: 'write', script, reads: true }) as const
export const read = <Args extends unknown[], Result>(script: (...args: Args) => Script<Result>) =>
  ({ queue: 'read', script }) as const
export const seek = <Args extends unknown[], Result>(script: (...args: Args) => Script<Result>) =>
  ({ queue: 'search', script }) as const
