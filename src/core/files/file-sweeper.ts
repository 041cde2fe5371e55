// Deletes the bytes of files that nothing names any more, and uploads that nobody has sent.

import type { Instant } from '../model/model.ts'
import type { Clock } from '../ports/clock.ts'
import type { FileStorage } from '../ports/file-storage.ts'
import type { MessageNumber } from '../ports/file-upkeep.ts'
import type { Store } from '../ports/store.ts'

/** How long an upload may wait to be sent. */
export const UPLOAD_LASTS_MS = 24 * 3_600_000
/** How often it is looked whether there is something to delete, besides after each deletion here. */
const LOOK_MS = 60_000
/** Keys handled at a time. */
const BATCH = 256
/** Messages of which it is looked each time whether another program has deleted them. */
const LOOKED_AT = 1_000

export interface FileSweeperDeps {
  readonly store: Store
  readonly storage: FileStorage
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

export class FileSweeper {
  readonly #deps: FileSweeperDeps
  #cancel: () => void = () => {}
  #sweeping: Promise<void> | undefined
  /** Something was deleted while it was sweeping. */
  #isDue = false
  #isClosed = false
  /** The last message that was looked at; undefined to begin again. */
  #lookedAt: MessageNumber | undefined

  constructor(deps: FileSweeperDeps) {
    this.#deps = deps
    this.#later()
  }

  /** Deletes what is due now. */
  sweep(): Promise<void> {
    this.#isDue = true
    this.#sweeping ??= this.#sweepWhileDue()
    return this.#sweeping
  }

  async #sweepWhileDue(): Promise<void> {
    try {
      while (this.#isDue && !this.#isClosed) {
        this.#isDue = false
        await this.#sweep()
      }
    } catch (error) {
      this.#deps.onError(error)
    } finally {
      this.#sweeping = undefined
    }
  }

  async #sweep(): Promise<void> {
    const { store, clock } = this.#deps
    const before = (clock.now() - UPLOAD_LASTS_MS) as Instant
    while (!this.#isClosed && (await store.files.expire(before, BATCH)) === BATCH);
    while (!this.#isClosed && (await this.#removeUnnamed()) === BATCH);
  }

  async #removeUnnamed(): Promise<number> {
    const { store, storage } = this.#deps
    const keys = await store.files.unnamed(BATCH)
    if (keys.length === 0) return 0
    await storage.remove(keys)
    // point: unnamed-removed
    await store.files.forget(keys)
    return keys.length
  }

  #later(): void {
    this.#cancel = this.#deps.clock.after(LOOK_MS, () => {
      void this.#detachLost()
        .catch(this.#deps.onError)
        .then(() => this.sweep())
        .then(() => {
          if (!this.#isClosed) this.#later()
        })
    })
  }

  /** Attachments of messages that another program has deleted, a part of all each time. */
  async #detachLost(): Promise<void> {
    const { fileUpkeep } = this.#deps.store
    const { lost, next } = await fileUpkeep.lost(this.#lookedAt ?? 0, LOOKED_AT)
    this.#lookedAt = next
    if (lost.length > 0) await fileUpkeep.detachLost([...new Set(lost.map(({ message }) => message))])
  }

  close(): void {
    this.#isClosed = true
    this.#cancel()
  }
}
