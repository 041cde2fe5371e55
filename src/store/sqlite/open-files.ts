// The files that are open, and those at their paths: somebody may move, replace or delete them while the server runs,
// and what is written then is gone when it ends.

import { type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Which file it is that lies at a path. */
export interface Identity {
  readonly path: string
  readonly device: number
  readonly inode: number
}

/** Throws where it can't be looked at. */
export function identityOf(path: string): Identity {
  const { dev: device, ino: inode } = statSync(path)
  return { path, device, inode }
}

/** What changes in a folder within a tick of the file system's clock, and some, need not show in the folder's time. */
const TICK_MS = 50

export class OpenFiles {
  readonly #folder: string
  readonly #identities: readonly Identity[]
  /** The folder when all were last found in their place, unless it had changed just before. */
  #settled: Stats | undefined

  /** @param paths of files of one folder that are there, and open. Throws where one can't be looked at. */
  constructor(paths: readonly [string, ...string[]]) {
    this.#folder = dirname(paths[0])
    this.#identities = paths.map(identityOf)
  }

  /** As `displaced`, at a quarter of its price: nothing was made, moved or deleted in a folder that has not changed. */
  displacedMeanwhile(): string | undefined {
    const folder = found(this.#folder)
    if (folder && this.#settled && isSame(folder, this.#settled)) return undefined
    const displaced = this.displaced()
    const isSettled = !displaced && folder && Date.now() - folder.ctimeMs > TICK_MS
    this.#settled = isSettled ? folder : undefined
    return displaced
  }

  /** The first path where the open file is not found any more; undefined when all are in their place. */
  displaced(): string | undefined {
    return this.#identities.find(each => !isThere(each))?.path
  }
}

/** Whether that file lies there now. */
export function isThere({ path, device, inode }: Identity): boolean {
  const there = found(path)
  return there?.ino === inode && there.dev === device
}

function isSame(one: Stats, other: Stats): boolean {
  return one.ctimeMs === other.ctimeMs && one.ino === other.ino && one.dev === other.dev
}

/** undefined where there is nothing, or it can't be looked at any more. */
function found(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
