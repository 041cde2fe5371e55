// Runs scripts on a connection, and classifies its errors.

import { type Row, type Script, WHICH_DIALECT } from '../scripts/sql.ts'
import { type Connection, stateOf } from './connection.ts'

const POSTGRES: readonly Row[] = [{ dialect: 'postgres' }]

/** Runs a script to its end, within a transaction of the connection. */
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
  '40P01', // deadlock detected
  '57014', // query canceled, by statement_timeout
])
const LOCK_TIMEOUT = '55P03'
const FULL = '53100'
const READ_ONLY = '25006'
const DAMAGE = new Set([
  'XX001', // data corrupted
  'XX002', // index corrupted
  '58030', // I/O error
])
/** What another program's trigger raises, or what its dropping a row leads to (rows.ts). */
const REFUSED_BY_TRIGGER = new Set([
  'P0001', // raise exception
  '22P02', // invalid text representation
  '23514', // check violation
])
const UNIQUE = '23505'
const STALE_STATEMENT = '0A000'

/** Whether to retry the whole transaction. */
export function isTransient(error: unknown): boolean {
  return RETRYABLE.has(stateOf(error) ?? '') || isStaleStatement(error)
}

/** Whether the tables refuse a row: invalid data, a violated constraint, too long (SQLSTATE classes 22, 23, 54). */
export function isRowError(error: unknown): boolean {
  return /^(?:22|23|54)/.test(stateOf(error) ?? '')
}

/** Whether a row stayed locked by somebody else for too long. */
export function isLockTimeout(error: unknown): boolean {
  return stateOf(error) === LOCK_TIMEOUT
}

/** Whether a newer node has migrated the tables since the statement was prepared. */
export function isStaleStatement(error: unknown): boolean {
  return stateOf(error) === STALE_STATEMENT
}

/** Whether a unique value, such as a name, was taken by another transaction. */
export function isUniqueViolation(error: unknown): boolean {
  return stateOf(error) === UNIQUE
}

/** Whether another program's trigger has refused a write. */
export function isRefusedByTrigger(error: unknown): boolean {
  return REFUSED_BY_TRIGGER.has(stateOf(error) ?? '')
}

/** Whether a page is damaged or unreadable. */
export function isDamage(error: unknown): boolean {
  return DAMAGE.has(stateOf(error) ?? '')
}

/** Whether the server takes no writes at the moment. Nothing was written. */
export function isReadOnly(error: unknown): boolean {
  return stateOf(error) === READ_ONLY
}

export function isFull(error: unknown): boolean {
  return stateOf(error) === FULL
}
