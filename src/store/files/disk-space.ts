// How much may be written to a disk, on which chat.db usually lies, too, before its texts would find no room.

import { statfs } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** What is left free, so that nobody's file keeps the texts of all others out: at most a part of the disk. */
const RESERVE = 128 * 1024 * 1024
const RESERVED_PART = 1 / 20
/** How often free space is looked for while there is none. */
const LOOK_MS = 1_000

export class DiskSpace {
  readonly #path: string
  readonly #degraded: (wrong: 'full' | undefined) => void
  readonly #closing = new AbortController()
  #looking: Promise<void> | undefined

  /** @param degraded called with 'full', and with undefined once there is room again */
  constructor(path: string, degraded: (wrong: 'full' | undefined) => void) {
    this.#path = path
    this.#degraded = degraded
  }

  /** How many bytes may be written. */
  async room(): Promise<number> {
    const { free, reserve } = await this.#measured()
    return Math.max(0, Math.floor(free - reserve))
  }

  async #measured(): Promise<{ free: number; reserve: number }> {
    const { bavail, blocks, bsize } = await statfs(this.#path)
    return { free: bavail * bsize, reserve: Math.min(RESERVE, blocks * bsize * RESERVED_PART) }
  }

  /** Reports a full disk, until there is as much room as is left free: it would come and go with every upload. */
  ranOut(): void {
    if (this.#closing.signal.aborted) return
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
  }

  async #look(): Promise<void> {
    const { signal } = this.#closing
    this.#degraded('full')
    do await sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => {})
    while (!signal.aborted && (await this.#isTight()))
    if (!signal.aborted) this.#degraded(undefined)
  }

  async #isTight(): Promise<boolean> {
    const measured = await this.#measured().catch(() => undefined)
    return measured === undefined || measured.free < 2 * measured.reserve
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#looking
  }
}
