// Whether there is space for what the database has yet to write: on its disk, and in its owner's quota.

import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Bytes that must be free: fewer would be used up by the next text. */
const ENOUGH = 1 << 20
/** The disk is full, the quota is used up, the file would be longer than the process may make one. */
const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
/** SQLITE_FULL and SQLITE_IOERR_WRITE (sqlite.org/rescode.html). */
const [FULL, FAILED_WRITE] = [13, 778]

/** Tried beside the database, since no figure tells what a quota leaves. */
export function hasSpace(path: string): boolean {
  const { bavail, bsize } = statfsSync(dirname(path))
  if (bavail * bsize < ENOUGH) return false
  const tried = `${path}-space`
  try {
    writeFileSync(tried, Buffer.alloc(ENOUGH), { mode: 0o600, flush: true })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_SPACE.has(String(error.code))) return false
    throw error
  } finally {
    rmSync(tried, { force: true })
  }
}

/** A write for which there was no space. Nothing was written. */
class OutOfSpace extends Error {
  readonly errcode = FULL
}

/** SQLite says of a full disk that it is full, but of a used-up quota only that a write has failed. */
export function asFull(error: unknown, path: string): unknown {
  const isFailedWrite = error instanceof Error && 'errcode' in error && error.errcode === FAILED_WRITE
  return isFailedWrite && isWithoutSpace(path) ? new OutOfSpace(String(error), { cause: error }) : error
}

function isWithoutSpace(path: string): boolean {
  try {
    return !hasSpace(path)
  } catch {
    return false // it is the disk itself that fails
  }
}
