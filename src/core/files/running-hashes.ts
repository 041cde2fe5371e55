// The SHA-256 of uploads while their bytes come, so that a file need not be read again at its end.

import { createHash, type Hash } from 'node:crypto'
import { BoundedMap } from '../limits/bounded-map.ts'
import type { FileId } from '../model/model.ts'

/** Uploads that are hashed at a time; what is forgotten is read again. */
const MOST = 256

interface Running {
  readonly hash: Hash
  /** The bytes hashed so far. */
  length: number
}

export class RunningHashes {
  /** The one that nothing was sent of for longest is forgotten first. */
  readonly #running = new BoundedMap<FileId, Running>(MOST)

  /** Passes chunks on, and hashes them if they follow what was hashed before. @param offset where they begin */
  async *over(id: FileId, offset: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const running = this.#at(id, offset)
    for await (const chunk of chunks) {
      running?.hash.update(chunk)
      if (running) running.length += chunk.length
      yield chunk
    }
  }

  #at(id: FileId, offset: number): Running | undefined {
    if (offset === 0) this.#running.set(id, { hash: createHash('sha256'), length: 0 })
    const running = this.#running.use(id)
    if (running?.length === offset) return running
    this.#running.delete(id)
    return undefined
  }

  /** Ends it. @returns the SHA-256 in hexadecimal digits; undefined unless exactly `size` bytes were hashed */
  digest(id: FileId, size: number): string | undefined {
    const running = this.#running.delete(id)
    return running?.length === size ? running.hash.digest('hex') : undefined
  }

  /** Ends it without a result. */
  forget(id: FileId): void {
    this.#running.delete(id)
  }
}
