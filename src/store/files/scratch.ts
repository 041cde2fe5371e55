// Folders for local files that are on their way into the storage, or were copied out of it.

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** They all lie in one folder, which belongs to one server alone. */
export class Scratch {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /** Deletes what a killed server has left there. */
  static async open(path: string): Promise<Scratch> {
    await rm(path, { recursive: true, force: true })
    return new Scratch(path)
  }

  /** Makes an empty folder; deleted with what is left in it on disposal. */
  async folder(): Promise<AsyncDisposable & { readonly path: string }> {
    await mkdir(this.#path, { recursive: true, mode: 0o700 })
    const path = await mkdtemp(join(this.#path, '/'))
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
  }

  async close(): Promise<void> {
    await rm(this.#path, { recursive: true, force: true })
  }
}
