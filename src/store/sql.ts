// Scripts: store methods written once as generators of SQL statements, run by any driver.

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
export const WHICH = Object.freeze(sql`which`)

/** For the few places where one statement does not do for both. */
export function* dialect(): Script<Dialect> {
  const [answer] = yield WHICH
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

/** A column that holds a number; anything else is a fault of the database. */
export function number(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw new TypeError(`${column} is not a number: ${value}`)
  return value
}

/** A column that holds text; anything else is a fault of the database. */
export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new TypeError(`${column} is not a text: ${value}`)
  return value
}

/** A column that holds one of these words; anything else is a fault of the database. */
export function oneOf<Word extends string>(words: readonly Word[], row: Row, column: string): Word {
  const found = words.find(word => word === row[column])
  if (found === undefined) throw new TypeError(`${column} is none of ${words}: ${row[column]}`)
  return found
}
