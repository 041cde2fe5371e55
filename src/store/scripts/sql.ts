// Scripts: store methods written once as generators of SQL statements, run by any driver.

import type { Instant } from '../../core/model/model.ts'
import { LONGEST_ROOM_NAME, LONGEST_USERNAME, printable } from '../../core/model/rules.ts'

/** What a database holds and gives. */
export type Value = string | number | null

export interface Statement {
  /** The same array each time for the same place in the source: what a driver caches the prepared statement by. */
  readonly template: TemplateStringsArray
  readonly values: readonly Value[]
}

export type Row = Readonly<Record<string, Value>>

/** One atomic unit of work. It asks for statements to be run and may be run again from the start. */
export type Script<T> = Generator<Statement, T, readonly Row[]>

export function sql(template: TemplateStringsArray, ...values: Value[]): Statement {
  return { template, values }
}

/** The databases that run scripts. */
export type Dialect = 'sqlite' | 'postgres'

/** Answered by whoever runs the script, not by the database: which of the two it is. */
export const WHICH_DIALECT = Object.freeze(sql`which`)

/** For the few places where one statement does not do for both. */
export function* dialect(): Script<Dialect> {
  const [answer] = yield WHICH_DIALECT
  return answer?.dialect === 'postgres' ? 'postgres' : 'sqlite'
}

/**
 * Holds the rows that the statement finds until the transaction ends: what is read behind it stays true. SQLite runs one
 * script at a time, so there it is not even asked. Rooms are held before people, and each in order, so that two nodes
 * never wait for each other.
 */
export function* lock(statement: Statement): Script<void> {
  if ((yield* dialect()) === 'postgres') yield statement
}

/** Runs the statement; each row goes through the decoder. */
export function* rows<T>(decode: (row: Row) => T, statement: Statement): Script<T[]> {
  const found = yield statement
  return found.map(decode)
}

/** Like `rows` where there is at most one. */
export function* row<T>(decode: (row: Row) => T, statement: Statement): Script<T | undefined> {
  const [first] = yield statement
  return first && decode(first)
}

/** Runs the statement for what it does. */
export function* run(statement: Statement): Script<void> {
  yield statement
}

// What a column holds. Other programs write to the database, too: what makes no sense there is read as the least that it
// could mean, so that it costs nothing but its row. survey.ts says which rows those are.

/** A whole number: the nearest of those that are told apart; 0 for what is no number. */
export function number(row: Row, column: string): number {
  const value = columnIn(row, column)
  if (typeof value !== 'number') return 0
  return Number.isSafeInteger(value) ? value : nearest(value)
}

/** Of the whole numbers that are told apart. */
export function nearest(value: number | bigint): number {
  const whole = Math.trunc(Number(value)) || 0
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(whole, Number.MAX_SAFE_INTEGER))
}

/** A text; empty for what is none, a number as it is written. */
export function text(row: Row, column: string): string {
  const value = columnIn(row, column)
  if (typeof value === 'string') return value
  return typeof value === 'number' ? `${value}` : ''
}

/** A username, which doors write between other words of a line: what would be another word, or line, is _. */
export function username(row: Row, column = 'username'): string {
  const found = shortened(text(row, column), LONGEST_USERNAME)
  return PARTING.test(found) ? found.replace(PARTINGS, '_') : found || '?'
}

/** What is longer than its kind can be is cut: no line of a protocol has room for it. @param most code points */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  return Array.from(text.slice(0, 2 * most))
    .slice(0, most)
    .join('')
    .toWellFormed()
}

const PARTING = /[\p{C}\p{Z}]/u
const PARTINGS = new RegExp(PARTING.source, 'gu')

/** What is one line, and moves no cursor: a full name, a status, the names of all in a conversation. */
export function line(row: Row, column: string): string {
  return printable(shortened(text(row, column), LONGEST_LINE))
}

/** Code points: of twelve usernames with what stands between them. */
const LONGEST_LINE = 512

/** The name of a room. */
export function roomName(row: Row, column: string): string {
  return printable(shortened(text(row, column), LONGEST_ROOM_NAME))
}

/** One of these words; undefined for anything else. */
export function oneOf<Word extends string>(
  words: readonly Word[],
  row: Row,
  column: string,
): Word | undefined {
  const value = columnIn(row, column)
  return words.find(word => word === value)
}

/** The last moment that a clock can show: what is later has no end. */
export const LAST_TIME = 8.64e15

/** When something happened: a moment that a clock can show. */
export function instant(row: Row, column: string): Instant {
  return Math.max(0, Math.min(number(row, column), LAST_TIME)) as Instant
}

/** Throws where the statement asks for no such column: that is a fault of ours. */
function columnIn(row: Row, column: string): Value {
  const value = row[column]
  if (value === undefined) throw new TypeError(`nobody has asked for ${column}`)
  return value
}
