// The files that are open, and those at their paths: somebody may move, replace or delete them while the server runs,
// and what is written then is gone when it ends.

import { statSync } from 'node:fs'

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

export class OpenFiles {
  readonly #identities: readonly Identity[]

  /** @param paths of files that are there, and open. Throws where one can't be looked at. */
  constructor(paths: readonly string[]) {
    this.#identities = paths.map(identityOf)
  }

  /** The first path where the open file is not found any more; undefined when all are in their place. */
  displaced(): string | undefined {
    return this.#identities.find(each => !isThere(each))?.path
  }
}

/** Whether that file lies there now. */
export function isThere({ path, device, inode }: Identity): boolean {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    return found?.ino === inode && found.dev === device
  } catch {
    return false // the folder can't be looked into any more
  }
}
