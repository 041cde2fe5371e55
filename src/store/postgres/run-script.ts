// Runs scripts on a connection, and tells its errors apart.

import { type Row, type Script, WHICH_DIALECT } from '../scripts/sql.ts'
import { type Connection, stateOf } from './connection.ts'

const POSTGRES: readonly Row[] = [{ dialect: 'postgres' }]

/** Within a transaction of the connection. */
export async function runScript<T>(connection: Connection, script: Script<T>): Promise<T> {
  let step = script.next()
  while (!step.done) {
    step = script.next(step.value === WHICH_DIALECT ? POSTGRES : await connection.ask(step.value))
  }
  return step.value
}

// SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html)
const RETRYABLE = new Set([
  '40001', // serialization failure
  '40P01', // deadlock: two nodes waited for each other
  '57014', // it took too long
])
const LOCK_TIMEOUT = '55P03'
const FULL = '53100'
const DAMAGE = new Set([
  'XX001', // data corrupted
  'XX002', // index corrupted
  '58030', // input or output failed
])
/** What another program's trigger says against a row, or leaving one out without a word does (rows.ts). */
const REFUSED_BY_TRIGGER = new Set([
  'P0001', // raise exception
  '22P02', // invalid text representation
  '23514', // check violation
])
const UNIQUE = '23505'
const STALE_STATEMENT = '0A000'

/** Whether the whole transaction is to be tried again from the start. */
export function isTransient(error: unknown): boolean {
  return RETRYABLE.has(stateOf(error) ?? '') || isStaleStatement(error)
}

/** Whether a row is none that the tables take: it is the same as another, too long for an index, of nobody (classes 22, 23, 54). */
export function isRowError(error: unknown): boolean {
  return /^(?:22|23|54)/.test(stateOf(error) ?? '')
}

/** A row was held too long by somebody else. */
export function isLockTimeout(error: unknown): boolean {
  return stateOf(error) === LOCK_TIMEOUT
}

/** The tables are others than when the statement was prepared: a newer node has added to them. */
export function isStaleStatement(error: unknown): boolean {
  return stateOf(error) === STALE_STATEMENT
}

/** Another node was first with a name. */
export function isUniqueViolation(error: unknown): boolean {
  return stateOf(error) === UNIQUE
}

/** Whether another program's trigger does not let something be stored. */
export function isRefusedByTrigger(error: unknown): boolean {
  return REFUSED_BY_TRIGGER.has(stateOf(error) ?? '')
}

/** Whether a page makes no sense, or the disk does not give it. */
export function isDamage(error: unknown): boolean {
  return DAMAGE.has(stateOf(error) ?? '')
}

export function isFull(error: unknown): boolean {
  return stateOf(error) === FULL
}
