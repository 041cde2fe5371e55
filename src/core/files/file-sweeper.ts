// Deletes the bytes of files that nothing refers to any more, and uploads that nobody has sent.

import type { Instant } from '../model/model.ts'
import { Refusal } from '../model/refusals.ts'
import type { Clock } from '../ports/clock.ts'
import type { FileKey, FileStorage } from '../ports/file-storage.ts'
import type { MessageNumber } from '../ports/file-upkeep.ts'
import type { Store } from '../ports/store.ts'

/** How long an upload may wait to be sent. */
export const UPLOAD_LASTS_MS = 24 * 3_600_000
/** How often it is looked whether there is something to delete, besides after each deletion here. */
const LOOK_MS = 60_000
/** Keys handled at a time. */
const BATCH = 256
/** Messages checked each time for deletion by another program. */
const LOOKED_AT = 1_000

export interface FileSweeperDeps {
  readonly store: Store
  readonly storage: FileStorage
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

interface Failure {
  readonly key: FileKey
  readonly error: unknown
}

export class FileSweeper {
  readonly #deps: FileSweeperDeps
  #cancel: () => void = () => {}
  #sweeping: Promise<void> | undefined
  /** Something was deleted while it was sweeping. */
  #isDue = false
  #isClosed = false
  /** Those already told of. */
  #undeletable: ReadonlySet<FileKey> = new Set()
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
      this.#onError(error)
    } finally {
      this.#sweeping = undefined
    }
  }

  /** What fails keeps nothing else from being deleted. */
  async #sweep(): Promise<void> {
    const { store, clock } = this.#deps
    const before = (clock.now() - UPLOAD_LASTS_MS) as Instant
    try {
      while (!this.#isClosed && (await store.files.expire(before, BATCH)) === BATCH);
    } finally {
      await this.#deletePending()
    }
  }

  async #deletePending(): Promise<void> {
    const { files } = this.#deps.store
    const failures: Failure[] = []
    for (let after = ''; !this.#isClosed; ) {
      const keys = await files.pendingDeletions(BATCH, after)
      const last = keys.at(-1)
      if (last === undefined) return this.#tellOf(failures)
      after = last
      const failed = await this.#remove(keys)
      failures.push(...failed)
      // point: pending-deleted
      await files.confirmDeleted(keys.filter(key => !failed.some(each => each.key === key)))
    }
  }

  /** Deletes the bytes of each key. Refuses as the storage does, when it can delete nothing. @returns those that are left */
  async #remove(keys: readonly FileKey[]): Promise<readonly Failure[]> {
    const failures: Failure[] = []
    for (const key of keys)
      await this.#deps.storage.remove(key).catch(error => {
        if (error instanceof Refusal) throw error
        failures.push({ key, error })
      })
    return failures
  }

  /** What can't be deleted is tried with each sweep, and told when it is something else. */
  #tellOf(failures: readonly Failure[]): void {
    const [first, ...others] = failures.filter(({ key }) => !this.#undeletable.has(key))
    this.#undeletable = new Set(failures.map(({ key }) => key))
    if (!first) return
    const { key, error } = first
    const more = others.length > 0 ? `, and ${others.length} more` : ''
    this.#onError(new Error(`can’t delete the bytes of ${JSON.stringify(key)}${more}`, { cause: error }))
  }

  #later(): void {
    this.#cancel = this.#deps.clock.after(LOOK_MS, () => {
      void this.#detachLost()
        .catch(error => this.#onError(error))
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

  /** When it is closed, what it was doing fails because the store is closed too, and is done at the next start. */
  #onError(error: unknown): void {
    if (!this.#isClosed) this.#deps.onError(error)
  }

  close(): void {
    this.#isClosed = true
    this.#cancel()
  }
}
