// The web app's sources and its build, compared by modification time.

import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Everything that goes into a build, below the project's folder. */
const SOURCES = [
  'src/clients/web',
  'src/clients/client',
  'src/wire',
  'src/core/text/code.ts', // which src/wire imports
  'src/wording',
  'vite.config.ts',
  'package-lock.json',
]

/** @param root the project's folder */
export class WebSources {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  /** The build's folder. */
  get folder(): string {
    return join(this.#root, 'dist', 'web')
  }

  /** The build's index.html, which is written last: if it is there, the build is complete. */
  get entry(): string {
    return join(this.folder, 'index.html')
  }

  /** Whether the sources are here; an installed package has none. */
  get areHere(): boolean {
    return existsSync(join(this.#root, 'vite.config.ts'))
  }

  /** Whether there are sources and vite, which `npm ci --omit=dev` leaves out. */
  get canBeBuilt(): boolean {
    return this.areHere && existsSync(join(this.#root, 'node_modules', 'vite'))
  }

  /** When a source last changed: milliseconds, rounded up. */
  async changedAt(): Promise<number> {
    const times = await Promise.all(SOURCES.map(each => newest(join(this.#root, each))))
    return Math.ceil(Math.max(...times))
  }

  /** Whether the build is at least as new as its sources. */
  async areBuilt(): Promise<boolean> {
    const [built, changed] = await Promise.all([timeOf(this.entry), this.changedAt()])
    return built >= changed
  }
}

/**
 * The newest time of the path and all below it, folders included: theirs changes when a file is removed. 0 if there
 * is none.
 */
async function newest(path: string): Promise<number> {
  const below = await readdir(path, { recursive: true }).catch(() => [])
  return Math.max(...(await Promise.all(['', ...below].map(each => timeOf(join(path, each))))))
}

async function timeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined)
  return found?.mtimeMs ?? 0
}
