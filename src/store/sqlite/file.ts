// Opening a chat.db, which one server may do at a time, and running scripts on it with statements that are prepared once.

import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { RoomId } from '../../core/model/model.ts'
import { movedHead } from '../scripts/head.ts'
import { nearest, type Row, type Script, type Statement, type Value, WHICH_DIALECT } from '../scripts/sql.ts'
import { Unusable, type UnusableCode } from '../unusable.ts'
import { APPLICATION_ID } from './migrations.ts'
import { pragma, upgradeSchema } from './schema.ts'

// SQLite's primary result codes (sqlite.org/rescode.html).
const FULL = 13
const UNUSABLE = new Map<number, UnusableCode>([
  [1, 'wrong-version'], // a migration finds its result already there, or its basis missing
  [5, 'locked'],
  [8, 'unwritable'],
  [11, 'damaged'],
  [14, 'unwritable'],
  [26, 'not-a-database'],
])
/** SQLITE_IOERR_SHMSIZE: no space for the index of the write-ahead log. */
const FULL_SHM = 4874

const BUSY = 5
const CONSTRAINT = 19
/** SQLITE_IOERR, SQLITE_CORRUPT and SQLITE_NOTADB: a page can't be read, or is invalid. */
const DAMAGE = new Set([10, 11, 26])
/** SQLITE_CORRUPT_VTAB: FTS5's own tables are damaged. */
const INDEX_DAMAGE = 267

function resultCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0
}

/** Whether SQLite ran out of space. Nothing was written. */
export function isFull(error: unknown): boolean {
  return (resultCode(error) & 0xff) === FULL || resultCode(error) === FULL_SHM
}

/** Whether another program kept the file locked for too long. Nothing was written. */
export function isBusy(error: unknown): boolean {
  return (resultCode(error) & 0xff) === BUSY
}

/** Whether a constraint refused the write: a trigger, or rows, of another program. */
export function isConstraint(error: unknown): boolean {
  return (resultCode(error) & 0xff) === CONSTRAINT
}

/** Whether a page of the file is damaged or unreadable. */
export function isDamage(error: unknown): boolean {
  return DAMAGE.has(resultCode(error) & 0xff)
}

/** Whether it is the search index that is damaged, which can be rebuilt. */
export function isIndexDamage(error: unknown): boolean {
  return resultCode(error) === INDEX_DAMAGE
}

/**
 * Locks the chat for this process: takes the operating system's lock on a file beside it, which is released however the
 * process ends. Creates the folder. Throws Unusable.
 */
export function lock(path: string): DatabaseSync {
  return usable(() => {
    makeFolder(dirname(path))
    touch(`${path}-lock`)
    const held = new DatabaseSync(`${path}-lock`)
    held.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return held
  })
}

interface OpenOptions {
  /** Milliseconds to wait for other programs' locks. */
  readonly busyTimeout?: number
  /** Called with the names of the views, indexes, triggers and tables that had to be recreated. */
  readonly remade?: (names: readonly string[]) => void
}

/** Opens the file for writing; creates and migrates it where needed. Throws Unusable. */
export function openWriter(
  path: string,
  migrations: readonly string[],
  { busyTimeout = 0, remade = () => {} }: OpenOptions = {},
): DatabaseSync {
  return usable(() => {
    touch(path)
    mustHaveOneName(path, busyTimeout)
    const database = new DatabaseSync(path, { timeout: busyTimeout })
    try {
      checkOurs(database)
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
      remade(upgradeSchema(database, path, migrations))
      return database
    } catch (error) {
      database.close()
      throw error
    }
  })
}

/**
 * Throws when another process has the file open under another name (a hard link, a mount): its write-ahead log lies beside
 * that name and ours beside this one, so each would overwrite what the other has stored. SQLite locks the file itself,
 * whatever its name, while anyone uses it; anyone who uses it under our name has our log's index open, too.
 */
function mustHaveOneName(path: string, busyTimeout: number): void {
  if (existsSync(`${path}-shm`) && statSync(path).nlink === 1) return
  const alone = new DatabaseSync(path, { timeout: busyTimeout })
  try {
    alone.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT')
  } finally {
    alone.close()
  }
}

export function openReader(path: string): DatabaseSync {
  return usable(() => new DatabaseSync(path, { readOnly: true, timeout: 5000 }))
}

/** Creates a folder and its parents. Node's `recursive` never returns under /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}

/** Creates a file that only this account may read; SQLite gives its other files the same permissions. */
function touch(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
}

/** Runs `does`, and turns those of its errors that make a database unusable into Unusable. */
export function usable<T>(does: () => T): T {
  try {
    return does()
  } catch (error) {
    if (error instanceof Unusable) throw error
    const system = error instanceof Error && 'syscall' in error
    const code = system ? 'unwritable' : isFull(error) ? 'full' : UNUSABLE.get(resultCode(error) & 0xff)
    throw code ? new Unusable(code, error) : error
  }
}

function checkOurs(database: DatabaseSync): void {
  const empty = database.prepare('SELECT count(*) = 0 AS empty FROM sqlite_schema').get()?.empty === 1
  if (!empty && pragma(database, 'application_id') !== APPLICATION_ID) throw new Unusable('not-ours')
}

/** Runs scripts on one connection. */
export class Runner {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<TemplateStringsArray, { statement: StatementSync; gives: boolean }>()
  /** The rooms whose ends the last script has moved, and where they are now. */
  readonly moved = new Map<RoomId, number>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  run<T>(script: Script<T>): T {
    this.moved.clear()
    let step = script.next()
    while (!step.done) step = script.next(this.#execute(step.value))
    return step.value
  }

  #execute(statement: Statement): readonly Row[] {
    if (statement === WHICH_DIALECT) return SQLITE
    const { template, values } = statement
    const prepared = this.#prepare(template)
    if (prepared.gives) return rowsOf(prepared.statement, values)
    prepared.statement.run(...values)
    const head = movedHead(statement)
    if (head) this.moved.set(head.room, head.last)
    return NOTHING
  }

  #prepare(template: TemplateStringsArray): { statement: StatementSync; gives: boolean } {
    let prepared = this.#prepared.get(template)
    if (!prepared) {
      const statement = this.#database.prepare(template.join('?'))
      prepared = { statement, gives: statement.columns().length > 0 }
      this.#prepared.set(template, prepared)
    }
    return prepared
  }
}

const NOTHING: readonly Row[] = []

/** Unsafe integers, which only another program can have written, become the nearest safe ones. */
function rowsOf(statement: StatementSync, values: readonly Value[]): readonly Row[] {
  try {
    return statement.all(...values) as unknown as Row[]
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  statement.setReadBigInts(true)
  try {
    return (statement.all(...values) as unknown as Record<string, Value | bigint>[]).map(safe)
  } finally {
    statement.setReadBigInts(false)
  }
}

function safe(found: Readonly<Record<string, Value | bigint>>): Row {
  const entries = Object.entries(found).map(([column, value]): [string, Value] => [
    column,
    typeof value === 'bigint' ? nearest(value) : value,
  ])
  return Object.fromEntries(entries)
}
const SQLITE: readonly Row[] = [{ dialect: 'sqlite' }]
