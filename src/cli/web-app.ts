// The built web app. If it is missing, or older than its sources, a process beside the server builds it.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Logger } from 'pino'
import { BuildLock } from './build-lock.ts'
import { WebSources } from './web-sources.ts'

/** Characters of a failed build's output that are logged. */
const LONGEST_REASON = 4000

/** Why there is no app to serve. */
type WhyMissing = 'building' | 'failed' | 'missing'

export class WebApp {
  readonly #root: string
  readonly #sources: WebSources
  readonly #log: Logger
  #whyMissing: WhyMissing

  /** @param root the project's folder */
  constructor(root: string, log: Logger) {
    this.#root = root
    this.#sources = new WebSources(root)
    this.#log = log
    this.#whyMissing = this.#sources.canBeBuilt ? 'building' : 'missing'
  }

  get folder(): string {
    return this.#sources.folder
  }

  get whyMissing(): WhyMissing {
    return this.#whyMissing
  }

  /** Has the app built if need be. If that fails it is logged, and what was built before is still served. */
  async refresh(): Promise<void> {
    try {
      if (await this.#isFine()) return
      if (this.#sources.canBeBuilt) await this.#build()
      else this.#complain()
    } catch (error) {
      this.#whyMissing = 'failed'
      this.#log.error({ reason: reasonOf(error) }, 'the web app could not be built')
    }
  }

  /** Whether the build is there and up to date; an installed package has no sources to compare it with. */
  async #isFine(): Promise<boolean> {
    return this.#sources.areHere ? this.#sources.areBuilt() : existsSync(this.#sources.entry)
  }

  #complain(): void {
    const { areHere, entry } = this.#sources
    const what = existsSync(entry) ? 'the web app is older than its sources' : 'the web app is not built'
    const why = areHere ? 'vite, which builds it, is not installed' : 'its sources are not here'
    this.#log.warn({ folder: this.folder }, `${what}, and ${why}`)
  }

  /** Waits for a build that another server has begun, rather than building twice. */
  async #build(): Promise<void> {
    const lock = new BuildLock(join(this.#root, 'dist', '.building'))
    if ((await lock.isHeld()) && (await lock.freed()) === 'released') {
      if (await this.#sources.areBuilt()) return
      throw new Error('another process could not build it')
    }
    const { execFile } = await import('node:child_process')
    await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'build-web.ts')], {
      cwd: this.#root,
      env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
    })
  }
}

function reasonOf(error: unknown): string {
  const output = error instanceof Error && 'stderr' in error ? `${error.stderr}`.trim() : ''
  return (output || String(error)).slice(0, LONGEST_REASON)
}
