// The web app as the server has it: what is built is served; what is missing, or older than its sources, is built beside.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Logger } from 'pino'
import { BuildLock } from './build-lock.ts'
import { WebSources } from './web-sources.ts'

/** Of what a build says when it fails, in the log. */
const LONGEST_REASON = 4000

/** Why there is no app to be shown, where there is none. */
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

  /** Sees to it that what is served is of the sources as they are. What goes wrong is logged, and stays as it was. */
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

  /** An installed package has no sources to be older than. */
  async #isFine(): Promise<boolean> {
    return this.#sources.areHere ? this.#sources.areBuilt() : existsSync(this.#sources.entry)
  }

  #complain(): void {
    const { areHere, entry } = this.#sources
    const what = existsSync(entry) ? 'the web app is older than its sources' : 'the web app is not built'
    const why = areHere ? 'vite, which builds it, is not installed' : 'its sources are not here'
    this.#log.warn({ folder: this.folder }, `${what}, and ${why}`)
  }

  /** Whoever else is at it, in whatever server, is waited for. */
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
  const said = error instanceof Error && 'stderr' in error ? `${error.stderr}`.trim() : ''
  return (said || String(error)).slice(0, LONGEST_REASON)
}
