// Open files whose users wait for others: for a sender's bytes, or until a reader wants more.

import { type FileHandle, open } from 'node:fs/promises'
import { Refusal } from '../../core/model/refusals.ts'

/** Closed on disposal. */
export interface HeldFile extends AsyncDisposable {
  readonly file: FileHandle
}

/**
 * Holds each file until it is closed, at the latest with the storage. Node ends the process when it collects a handle that
 * is still open, which is what becomes of those whose user waits for something that never comes.
 */
export class HeldFiles {
  readonly #files = new Set<FileHandle>()
  #isClosed = false

  /** As `open` of node:fs/promises. Refuses 'closing'. */
  async open(path: string, flags: number, mode?: number): Promise<HeldFile> {
    const file = await open(path, flags, mode)
    if (this.#isClosed) {
      await file.close()
      throw new Refusal('closing')
    }
    this.#files.add(file)
    return {
      file,
      [Symbol.asyncDispose]: async () => {
        await file.close()
        this.#files.delete(file)
      },
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#files].map(file => file.close()))
  }
}
