// One process at a time builds in a folder: a file there holds its number. It saves work and no more: two that build all
// the same do each other no harm (build-web.ts).

import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** No build takes so long: whoever has that number now is another. */
export const LONGEST_BUILD_MS = 180_000
const LOOK_MS = 200

export class BuildLock {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** @returns false when somebody else has it. */
  async take(): Promise<boolean> {
    await mkdir(dirname(this.#path), { recursive: true })
    if (await this.#write()) return true
    if (await this.isHeld()) return false
    await this.release() // of one that died
    return this.#write()
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true })
  }

  /** By somebody who is alive. */
  async isHeld(): Promise<boolean> {
    try {
      const { mtimeMs } = await stat(this.#path)
      if (Date.now() - mtimeMs > LONGEST_BUILD_MS) return false
      return isAlive(await readFile(this.#path, 'utf8'))
    } catch {
      return false // it is not there
    }
  }

  /** Waits until nobody has it. @returns whether who had it came to an end of their work, or died of it */
  async freed(): Promise<'released' | 'died'> {
    while (await this.isHeld()) await sleep(LOOK_MS)
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

/** @param pid empty while it is being written */
function isAlive(pid: string): boolean {
  if (pid === '') return true
  try {
    return process.kill(Number(pid), 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' // it is another account's
  }
}
