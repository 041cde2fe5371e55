// Files and folders of the disk, and its errors.

import { constants } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { Refusal } from '../../core/model/refusals.ts'

/** Neither follows a link nor waits for somebody at the other end of a named pipe. Windows has neither flag. */
export const SAFELY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Throws for anything but a file. */
export async function sizeOf(file: FileHandle): Promise<number> {
  const found = await file.stat()
  if (!found.isFile()) throw new Error('not a file')
  return found.size
}

/** @returns the bytes from `start` to `end`, or so many of them as make a block */
export async function readBlock(
  file: FileHandle,
  { start, end, most }: { start: number; end: number; most: number },
): Promise<Buffer> {
  const block = Buffer.allocUnsafeSlow(Math.min(most, end - start))
  for (let filled = 0; filled < block.length; ) {
    const { bytesRead } = await file.read(block, filled, block.length - filled, start + filled)
    if (bytesRead === 0) throw new Error(`it has fewer than ${end} bytes`)
    filled += bytesRead
  }
  return block
}

/** @returns whether it was missing */
export async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 })
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    return false
  }
}

/** Makes what was created, renamed or deleted in a folder durable. Windows has no call for that. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  await using folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
  await folder.sync()
}

/** The result of the work; an error of a full disk is refused as 'store-full'. */
export async function orFull<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw isFull(error) ? new Refusal('store-full') : error
  }
}

export function isFull(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}

/** The system's code, such as 'ENOENT'; undefined for any other error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
