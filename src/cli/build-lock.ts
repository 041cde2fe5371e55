// A lock file with the pid of the process that builds the web app. It only saves work: two builds at once do each other
// no harm (build-web.ts).

import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** No build takes this long: after it, the pid belongs to another process. */
export const LONGEST_BUILD_MS = 180_000
const POLL_MS = 200

export class BuildLock {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** @returns false if a live process has it */
  async take(): Promise<boolean> {
    await mkdir(dirname(this.#path), { recursive: true })
    if (await this.#write()) return true
    if (await this.isHeld()) return false
    await this.release() // its holder has died
    return this.#write()
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true })
  }

  /** Whether a live process has it. */
  async isHeld(): Promise<boolean> {
    try {
      const { mtimeMs } = await stat(this.#path)
      if (Date.now() - mtimeMs > LONGEST_BUILD_MS) return false
      return isAlive(await readFile(this.#path, 'utf8'))
    } catch {
      return false // there is no lock file
    }
  }

  /** Waits until no live process has it. @returns whether the last holder released it or died with it */
  async freed(): Promise<'released' | 'died'> {
    while (await this.isHeld()) await sleep(POLL_MS)
    return existsSync(this.#path) ? 'died' : 'released'
  }

  async #write(): Promise<boolean> {
    try {
      await writeFile(this.#path, `${process.pid}`, { flag: 'wx' })
      return true
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
      throw error
    }
  }
}

/** @param pid empty while its process is still writing it */
function isAlive(pid: string): boolean {
  if (pid === '') return true
  try {
    return process.kill(Number(pid), 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' // the process belongs to another account
  }
}
