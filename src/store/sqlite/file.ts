// A chat.db: opened by one server at a time, brought up to this version, its statements prepared once.

import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { nearest, type Row, type Script, type Statement, type Value, WHICH_DIALECT } from '../scripts/sql.ts'
import { Unusable, type UnusableCode } from '../unusable.ts'
import { APPLICATION_ID } from './migrations.ts'
import { bringUp, pragma } from './schema.ts'

// SQLite's primary result codes (sqlite.org/rescode.html).
const FULL = 13
const UNUSABLE = new Map<number, UnusableCode>([
  [1, 'wrong-version'], // what a step of the migrations makes is there already, or what it needs is not
  [5, 'locked'],
  [8, 'unwritable'],
  [11, 'damaged'],
  [14, 'unwritable'],
  [26, 'not-a-database'],
])
/** IOERR_SHMSIZE: no room for the index of the write-ahead log. */
const FULL_SHM = 4874

const BUSY = 5
const CONSTRAINT = 19
/** CORRUPT, NOTADB, and IOERR: what is read makes no sense, or can't be read. */
const DAMAGE = new Set([10, 11, 26])
/** CORRUPT_VTAB: FTS5 can make nothing of its own tables. */
const INDEX_DAMAGE = 267

function resultCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0
}

/** Whether SQLite failed for want of space, and so wrote nothing. */
export function isFull(error: unknown): boolean {
  return (resultCode(error) & 0xff) === FULL || resultCode(error) === FULL_SHM
}

/** Whether another program held the file too long. Nothing was written. */
export function isBusy(error: unknown): boolean {
  return (resultCode(error) & 0xff) === BUSY
}

/** Whether another program's trigger, or its rows, do not take what was to be written. */
export function isConstraint(error: unknown): boolean {
  return (resultCode(error) & 0xff) === CONSTRAINT
}

/** Whether a page of the file makes no sense, or the disk does not give it. */
export function isDamage(error: unknown): boolean {
  return DAMAGE.has(resultCode(error) & 0xff)
}

/** Whether it is the index of words that makes no sense, of which nothing is lost. */
export function isIndexDamage(error: unknown): boolean {
  return resultCode(error) === INDEX_DAMAGE
}

/** Held until the process ends, however it ends: the operating system's lock on a file beside it. Makes the folder. */
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
  /** Milliseconds for which other programs may hold it. */
  readonly patience?: number
  /** Told the names of views, indexes and triggers that had to be made anew. */
  readonly remade?: (names: readonly string[]) => void
}

/** Opens the file for writing, made and migrated where needed. Throws Unusable. */
export function openWriter(
  path: string,
  migrations: readonly string[],
  { patience = 0, remade = () => {} }: OpenOptions = {},
): DatabaseSync {
  return usable(() => {
    touch(path)
    lookForOtherNames(path, patience)
    const database = new DatabaseSync(path, { timeout: patience })
    try {
      checkOurs(database)
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
      remade(bringUp(database, path, migrations))
      return database
    } catch (error) {
      database.close()
      throw error
    }
  })
}

/**
 * Throws where somebody has the file open under another name (a hard link, a mount): their log lies beside that name and
 * ours beside this one, and each would write over what the other has stored. SQLite locks the file itself, whatever it is
 * called, for as long as anybody uses it; who uses it under our name has our log's index open, too.
 */
function lookForOtherNames(path: string, patience: number): void {
  if (existsSync(`${path}-shm`) && statSync(path).nlink === 1) return
  const alone = new DatabaseSync(path, { timeout: patience })
  try {
    alone.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT')
  } finally {
    alone.close()
  }
}

export function openReader(path: string): DatabaseSync {
  return usable(() => new DatabaseSync(path, { readOnly: true, timeout: 5000 }))
}

/** Folder by folder: node's own `recursive` never returns under /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}

/** Only this account may read what people say: SQLite gives its other files the same permissions. */
function touch(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
}

/** What it does, or Unusable where that says why not. */
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

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  run<T>(script: Script<T>): T {
    let step = script.next()
    while (!step.done) step = script.next(this.#execute(step.value))
    return step.value
  }

  #execute(asked: Statement): readonly Row[] {
    if (asked === WHICH_DIALECT) return SQLITE
    const { template, values } = asked
    const { statement, gives } = this.#prepare(template)
    if (gives) return rowsOf(statement, values)
    statement.run(...values)
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

/** An integer that JavaScript does not tell from its neighbours, which another program has written, is the nearest that it does. */
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
