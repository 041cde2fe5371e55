// A row of the table of scripts (scripts.ts): a method of the Store port, its queue, and everything that a driver must know
// of a call before it runs. A row that leaves out something that its method needs does not compile.

import type { FileId, Instant, RoomId, Seq, UserId } from '../../core/model/model.ts'
import type { Draft } from '../../core/ports/log.ts'
import type { Script } from './sql.ts'

/**
 * write: in call order, one at a time; on disk when it is answered.
 * read: concurrently with writes, on what was committed when it began.
 * search: like read, for calls that may take long, so that no log-in waits for one.
 */
export type Queue = 'write' | 'read' | 'search'

/** Rows that a call will lock, as known from its arguments. */
export interface Locks {
  readonly rooms?: readonly RoomId[]
  readonly people?: readonly UserId[]
  readonly uploads?: readonly FileId[]
  /** The space for the files of all people. */
  readonly space?: true
}

/**
 * For PostgreSQL, where several nodes write at once: a round locks everything that its calls declare before it runs the
 * first of them, in order, so that nodes do not deadlock. 'alone': the script has to find the rows that it locks, so it
 * shares a round with no other call. 'nothing': it needs no lock beforehand.
 */
type Locking<Args> = 'alone' | 'nothing' | ((args: Args) => Locks)

/**
 * For PostgreSQL, where stored times are the database's: the arguments as if the call had been made at `now` of its clock.
 * 'as-given': the instants stay as they are, such as a date that somebody searches for.
 */
type Retiming<Args> = 'as-given' | ((args: Args, now: Instant) => Args)

/** true if values of the type hold an instant somewhere, otherwise never. */
type HoldsInstant<T> = T extends Instant
  ? true
  : T extends string | number | boolean
    ? never
    : T extends object
      ? { [Key in keyof T]-?: HoldsInstant<T[Key]> }[keyof T]
      : never

/** A method with an instant among its arguments must say how it is retimed. */
type Timed<Args extends unknown[]> =
  true extends HoldsInstant<Args[number]> ? { readonly retime: Retiming<Args> } : { readonly retime?: never }

/** A call that PostgreSQL runs together with neighbours of the same kind, in statements for many of them. */
export type Bulk =
  | { readonly kind: 'append'; readonly drafts: readonly Draft[]; readonly at: Instant }
  | { readonly kind: 'mark'; readonly person: UserId; readonly room: RoomId; readonly seq: Seq }

interface Runs<Args extends unknown[], Result> {
  readonly script: (...args: Args) => Script<Result>
}

type Writes<Args extends unknown[], Result> = Timed<Args> & {
  readonly locks: Locking<Args>
  /** undefined for arguments with which it must run by itself. */
  readonly bulk?: (args: Args) => Bulk | undefined
  /** Whether a call with this result has erased a text, which SQLite must then remove from its write-ahead log, too. */
  erases?(result: Result): boolean
}

export type Method<Args extends unknown[], Result> =
  | (Runs<Args, Result> & Writes<Args, Result> & { readonly queue: 'write'; readonly reads?: never })
  // Waits its turn among the writes, but only reads.
  | (Runs<Args, Result> & Timed<Args> & { readonly queue: 'write'; readonly reads: true })
  | (Runs<Args, Result> & Timed<Args> & { readonly queue: 'read' | 'search' })

/** Any row, as drivers see it. */
export interface AnyMethod {
  readonly queue: Queue
  readonly script: (...args: never[]) => Script<unknown>
  readonly reads?: true
  readonly locks?: Locking<never>
  readonly retime?: 'as-given' | ((args: never, now: Instant) => readonly unknown[])
  readonly bulk?: (args: never) => Bulk | undefined
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
