// Whether the files at our paths are still those that are open. When somebody moves, replaces or deletes them while the
// server runs, what it writes from then on is lost when it exits.

import { type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** A file's identity, whatever its path. */
export interface Identity {
  readonly path: string
  readonly device: number
  readonly inode: number
}

/** The identity of the file at a path. Throws when it can't be read. */
export function identityOf(path: string): Identity {
  const { dev: device, ino: inode } = statSync(path)
  return { path, device, inode }
}

/** A tick of the file system's clock, and some: two changes within it may leave the same time on the folder. */
const TICK_MS = 50

export class OpenFiles {
  readonly #folder: string
  readonly #identities: readonly Identity[]
  /** The folder's state when all files were last found in their place; undefined if it had changed just before that. */
  #settled: Stats | undefined

  /** @param paths of existing, open files in one folder. Throws when one can't be read. */
  constructor(paths: readonly [string, ...string[]]) {
    this.#folder = dirname(paths[0])
    this.#identities = paths.map(identityOf)
  }

  /** Like `displaced`, at a quarter of its cost: in a folder that has not changed, nothing was created, moved or deleted. */
  displacedMeanwhile(): string | undefined {
    const folder = found(this.#folder)
    if (folder && this.#settled && isSame(folder, this.#settled)) return undefined
    const displaced = this.displaced()
    const isSettled = !displaced && folder && Date.now() - folder.ctimeMs > TICK_MS
    this.#settled = isSettled ? folder : undefined
    return displaced
  }

  /** Whether the open files with these paths still lie there. */
  areInPlace(...paths: readonly string[]): boolean {
    return this.#identities.filter(({ path }) => paths.includes(path)).every(isThere)
  }

  /** The first path at which the open file no longer lies; undefined when all are in their place. */
  displaced(): string | undefined {
    return this.#identities.find(each => !isThere(each))?.path
  }
}

/** Whether this very file still lies at its path. */
export function isThere({ path, device, inode }: Identity): boolean {
  const there = found(path)
  return there?.ino === inode && there.dev === device
}

function isSame(one: Stats, other: Stats): boolean {
  return one.ctimeMs === other.ctimeMs && one.ino === other.ino && one.dev === other.dev
}

/** undefined for nothing, and for what can't be read. */
function found(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
