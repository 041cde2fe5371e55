// How the last connection leaves chat.db and its log, where they can't just become one file.

import { renameSync, rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { openReader } from './file.ts'

/**
 * The files at our paths may be another server's by now, and leaving WAL mode would delete the log that has our log's
 * name. What was stored is merged into the file that is open, wherever it is, unless somebody else uses it.
 */
function keepOtherFiles(database: DatabaseSync): void {
  database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
}

/** Leaves a single file, which can be read from read-only media; current readers of the log keep it alive. */
function leaveOneFile(database: DatabaseSync): void {
  database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE')
}

/** @param isElsewhere whether the open file is no longer at its path */
export function closeMerged(database: DatabaseSync, isElsewhere: boolean): void {
  try {
    database.exec('PRAGMA busy_timeout = 0')
    if (isElsewhere) keepOtherFiles(database)
    else leaveOneFile(database)
  } catch {
    // Somebody reads the file: the next start finds a log, as after a crash.
  }
  database.close()
}

/**
 * SQLite merges the log when the last connection closes that may write to the file: here the last one may only read. It
 * merges nothing into a file that is no longer at its path.
 * @param isElsewhere whether that is so
 */
export function closeUnmerged(database: DatabaseSync, path: string, isElsewhere: boolean): void {
  if (isElsewhere) return database.close()
  const last = openReader(path)
  try {
    last.exec('SELECT 1 FROM sqlite_schema')
  } catch {
    // The log can't be read. The lock on the file is taken all the same.
  }
  database.close()
  last.close()
}

/** The next start has the file alone. */
export function putLogAside(path: string): void {
  renameSync(`${path}-wal`, `${path}-wal-unmerged`)
  forgetIndex(path)
}

/** The next start reads from the log what it holds, as after a crash. */
export function forgetIndex(path: string): void {
  rmSync(`${path}-shm`, { force: true })
}
