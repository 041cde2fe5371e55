// Scripts: store methods written once, as generators of SQL statements, for every driver.

import type { Instant } from '../../core/model/model.ts'
import { LONGEST_ROOM_NAME, LONGEST_USERNAME, printable } from '../../core/model/rules.ts'

/** A value of a column or a parameter. */
export type Value = string | number | null

export interface Statement {
  /** The same array for the same place in the source, so drivers use it as the key of the prepared statement. */
  readonly template: TemplateStringsArray
  readonly values: readonly Value[]
}

export type Row = Readonly<Record<string, Value>>

/** One atomic unit of work. It yields statements and is resumed with their rows. It may be run again from the start. */
export type Script<T> = Generator<Statement, T, readonly Row[]>

export function sql(template: TemplateStringsArray, ...values: Value[]): Statement {
  return { template, values }
}

/** The databases that run scripts. */
export type Dialect = 'sqlite' | 'postgres'

/** Asks for the dialect: answered by the driver, not by the database. */
export const WHICH_DIALECT = Object.freeze(sql`which`)

/** The dialect, for the few places where one statement does not work on both. */
export function* dialect(): Script<Dialect> {
  const [answer] = yield WHICH_DIALECT
  return answer?.dialect === 'postgres' ? 'postgres' : 'sqlite'
}

/**
 * Locks the rows that the statement selects until the transaction ends, so that what is read afterwards stays true. SQLite
 * runs one script at a time and skips it. Rooms are locked before people, those before uploads, and uploads before files,
 * and each in order, so that nodes do not deadlock.
 */
export function* lock(statement: Statement): Script<void> {
  if ((yield* dialect()) === 'postgres') yield statement
}

/** Runs the statement. @returns its rows, decoded */
export function* rows<T>(decode: (row: Row) => T, statement: Statement): Script<T[]> {
  const found = yield statement
  return found.map(decode)
}

/** Like `rows` for at most one row. */
export function* row<T>(decode: (row: Row) => T, statement: Statement): Script<T | undefined> {
  const [first] = yield statement
  return first && decode(first)
}

/** Runs the statement for its effect. */
export function* run(statement: Statement): Script<void> {
  yield statement
}

// Decoders of columns. Other programs may write to the database: an invalid value is read as the least that it could mean,
// so that it costs no more than its row. survey.ts lists such rows.

/** Decodes an integer: the nearest safe one; 0 for anything else. */
export function number(row: Row, column: string): number {
  const value = columnIn(row, column)
  if (typeof value !== 'number') return 0
  return Number.isSafeInteger(value) ? value : nearest(value)
}

/** The nearest safe integer; 0 for NaN. */
export function nearest(value: number | bigint): number {
  const whole = Math.trunc(Number(value)) || 0
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(whole, Number.MAX_SAFE_INTEGER))
}

/** Decodes a text: a number in digits; empty for anything else. */
export function text(row: Row, column: string): string {
  const value = columnIn(row, column)
  if (typeof value === 'string') return value
  return typeof value === 'number' ? `${value}` : ''
}

/** Decodes a username. Doors write it among other words of a line, so spaces and control characters become _. */
export function username(row: Row, column = 'username'): string {
  const found = shortened(text(row, column), LONGEST_USERNAME)
  return PARTING.test(found) ? found.replace(PARTINGS, '_') : found || '?'
}

/** Cuts what is longer than its kind allows, for which no protocol's line has room. @param most code points */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  return Array.from(text.slice(0, 2 * most))
    .slice(0, most)
    .join('')
    .toWellFormed()
}

const PARTING = /[\p{C}\p{Z}]/u
const PARTINGS = new RegExp(PARTING.source, 'gu')

/** Decodes one printable line: a full name, a status, the names in a conversation. */
export function line(row: Row, column: string): string {
  return printable(shortened(text(row, column), LONGEST_LINE))
}

/** Code points: enough for twelve usernames and their separators. */
const LONGEST_LINE = 512

/** Decodes a room's name. */
export function roomName(row: Row, column: string): string {
  return printable(shortened(text(row, column), LONGEST_ROOM_NAME))
}

/** Decodes one of these words; undefined for anything else. */
export function oneOf<Word extends string>(
  words: readonly Word[],
  row: Row,
  column: string,
): Word | undefined {
  const value = columnIn(row, column)
  return words.find(word => word === value)
}

/** The last instant of a Date; anything later means for ever. */
export const LAST_TIME = 8.64e15

/** Decodes the time of an event, within what a Date can show. */
export function instant(row: Row, column: string): Instant {
  return Math.max(0, Math.min(number(row, column), LAST_TIME)) as Instant
}

/** Throws TypeError if the statement does not select the column, which is a bug. */
function columnIn(row: Row, column: string): Value {
  const value = row[column]
  if (value === undefined) throw new TypeError(`nobody has asked for ${column}`)
  return value
}
