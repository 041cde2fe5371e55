// The web app's sources and its build, by the time of their last change.

import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Below the project's folder: all that a build is made of. */
const SOURCES = [
  'src/clients/web',
  'src/clients/client',
  'src/wire',
  'src/core/text/code.ts', // of which the wire is made
  'src/wording',
  'vite.config.ts',
  'package-lock.json',
]

/** Of the project in this folder. */
export class WebSources {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  /** Of the build. */
  get folder(): string {
    return join(this.#root, 'dist', 'web')
  }

  /** Written last: where it is, the build is whole. */
  get entry(): string {
    return join(this.folder, 'index.html')
  }

  /** An installed package has none. */
  get areHere(): boolean {
    return existsSync(join(this.#root, 'vite.config.ts'))
  }

  /** vite is for who works on Tertulia: `npm ci --omit=dev` leaves it out. */
  get canBeBuilt(): boolean {
    return this.areHere && existsSync(join(this.#root, 'node_modules', 'vite'))
  }

  /** When something was changed last, in whole milliseconds, rounded up. */
  async changedAt(): Promise<number> {
    const times = await Promise.all(SOURCES.map(each => newest(join(this.#root, each))))
    return Math.ceil(Math.max(...times))
  }

  /** Whether the build is of the sources as they are. */
  async areBuilt(): Promise<boolean> {
    const [built, changed] = await Promise.all([timeOf(this.entry), this.changedAt()])
    return built >= changed
  }
}

/** Of the path and all below it; folders tell of what was taken out of them. 0 where nothing is. */
async function newest(path: string): Promise<number> {
  const below = await readdir(path, { recursive: true }).catch(() => [])
  return Math.max(...(await Promise.all(['', ...below].map(each => timeOf(join(path, each))))))
}

async function timeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined)
  return found?.mtimeMs ?? 0
}
