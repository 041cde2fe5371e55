// Finds files whose bytes are missing, attachments whose message is gone, and bytes that nothing refers to: after a disk has
// failed, a backup was restored, or another program has written to the database or the folder.

import { createHash } from 'node:crypto'
import type { Instant, RoomId, Seq } from '../model/model.ts'
import { Refusal } from '../model/refusals.ts'
import type { Clock } from '../ports/clock.ts'
import type { FileKey, FileStorage } from '../ports/file-storage.ts'
import type { FiledMessage, LostAttachment, MessageNumber } from '../ports/file-upkeep.ts'
import type { StoredFile } from '../ports/files.ts'
import type { Store } from '../ports/store.ts'

/** Messages and keys read at a time. */
const BATCH = 256
/** Of each kind, so many are listed. */
const MOST_LISTED = 20
/** Younger bytes are never deleted: a backup of the database may be older than those of the files. */
const YOUNG_MS = 24 * 3_600_000

export interface CheckOptions {
  /** Whether all bytes are read, for their SHA-256. */
  readonly digests: boolean
  /** Whether bytes that nothing refers to are deleted. */
  readonly deleteOrphans: boolean
}

/** How many there are, and the first of them. */
export interface Found<T> {
  readonly count: number
  readonly first: readonly T[]
}

/** What is wrong with a file: its bytes are missing, more or fewer, or others; or the store has lost its row. */
export type Fault = 'missing' | 'unreadable' | 'length' | 'digest' | 'row'

interface BrokenFile {
  readonly room: RoomId
  readonly seq: Seq
  /** Empty where the row is lost. */
  readonly name: string
  readonly fault: Fault
}

export interface FileCheckResult {
  /** Messages with files that were looked at. */
  readonly messages: number
  readonly broken: Found<BrokenFile>
  readonly lost: Found<LostAttachment>
  readonly orphans: Found<FileKey>
  /** Orphans that were deleted. */
  readonly deleted: number
}

interface FileCheckDeps {
  readonly store: Store
  readonly storage: FileStorage
  readonly clock: Clock
}

class Finding<T> implements Found<T> {
  count = 0
  readonly first: T[] = []

  add(found: T): void {
    if (++this.count <= MOST_LISTED) this.first.push(found)
  }
}

export class FileCheck {
  readonly #deps: FileCheckDeps
  readonly #options: CheckOptions
  readonly #signal: AbortSignal
  /** By key, one entry for each file: a file of several messages is checked once. */
  readonly #faults = new Map<FileKey, Fault | undefined>()

  /** @param signal gives up the check, which rejects with its reason */
  constructor(deps: FileCheckDeps, options: CheckOptions, signal: AbortSignal) {
    this.#deps = deps
    this.#options = options
    this.#signal = signal
  }

  async run(): Promise<FileCheckResult> {
    const broken = new Finding<BrokenFile>()
    const messages = await this.#checkMessages(broken)
    const lost = await this.#lost()
    const orphans = new Finding<FileKey>()
    const deleted = await this.#checkKeys(orphans)
    return { messages, broken, lost, orphans, deleted }
  }

  async #checkMessages(broken: Finding<BrokenFile>): Promise<number> {
    let messages = 0
    for (let after: MessageNumber = 0; ; ) {
      const page = await this.#deps.store.fileUpkeep.filed(after, BATCH)
      for (const each of page) {
        after = each.number
        for (const found of await this.#checkMessage(each)) broken.add(found)
      }
      messages += page.length
      if (page.length < BATCH) return messages
    }
  }

  async #checkMessage(message: FiledMessage): Promise<readonly BrokenFile[]> {
    const { room, seq } = message
    const broken: BrokenFile[] = message.lacksRows ? [{ room, seq, name: '', fault: 'row' }] : []
    for (const file of message.files) {
      this.#signal.throwIfAborted()
      const fault = this.#faults.has(file.key) ? this.#faults.get(file.key) : await this.#faultOf(file)
      this.#faults.set(file.key, fault)
      if (fault) broken.push({ room, seq, name: file.name, fault })
    }
    return broken.length === 0 || (await this.#isThere(message)) ? broken : []
  }

  /** Whether the message has not been deleted meanwhile. */
  async #isThere({ number }: FiledMessage): Promise<boolean> {
    const [found] = await this.#deps.store.fileUpkeep.filed(number - 1, 1)
    return found?.number === number
  }

  async #faultOf(file: StoredFile): Promise<Fault | undefined> {
    const { storage } = this.#deps
    try {
      const fault = await lengthFaultOf(storage, file)
      if (fault || !this.#options.digests) return fault
      const hash = await hashOf(storage, contentOf(file), file.size, this.#signal)
      return hash === file.sha256 ? undefined : 'digest'
    } catch (error) {
      if (this.#signal.aborted) throw error
      return 'unreadable'
    }
  }

  async #lost(): Promise<Found<LostAttachment>> {
    const found = new Finding<LostAttachment>()
    for (let after: MessageNumber | undefined = 0; after !== undefined; ) {
      this.#signal.throwIfAborted()
      const { lost, next } = await this.#deps.store.fileUpkeep.lost(after, BATCH)
      for (const each of lost) found.add(each)
      after = next
    }
    return found
  }

  /** @returns how many orphans were deleted */
  async #checkKeys(orphans: Finding<FileKey>): Promise<number> {
    const { store, storage } = this.#deps
    let deleted = 0
    for await (const keys of batches(storage.keys())) {
      this.#signal.throwIfAborted()
      deleted += await this.#sort(await store.fileUpkeep.orphans(keys), orphans)
    }
    for (let last = ''; ; ) {
      const keys = await store.fileUpkeep.unreferenced(last, BATCH)
      deleted += await this.#sort(keys, orphans)
      last = keys.at(-1) ?? last
      if (keys.length < BATCH) return deleted
    }
  }

  async #sort(keys: readonly FileKey[], orphans: Finding<FileKey>): Promise<number> {
    const { store, clock } = this.#deps
    const old: FileKey[] = []
    for (const key of keys) {
      const at = await this.#storedAt(key).catch(error => {
        if (error instanceof Refusal) throw error
        return Number.POSITIVE_INFINITY // nobody can say: it is told, and stays
      })
      if (at === undefined) continue // it was deleted just now
      orphans.add(key)
      if (at < clock.now() - YOUNG_MS) old.push(key)
    }
    if (!this.#options.deleteOrphans || old.length === 0) return 0
    await store.fileUpkeep.discard(old)
    return old.length
  }

  /** Of a file of which a clean one was made, only that one may be stored. */
  async #storedAt(key: FileKey): Promise<Instant | undefined> {
    const { storage } = this.#deps
    const at = await storage.storedAt(key)
    return at === undefined && !key.includes('.') ? storage.storedAt(`${key}.clean`) : at
  }
}

async function* batches(keys: AsyncIterable<FileKey>): AsyncGenerator<readonly FileKey[]> {
  let batch: FileKey[] = []
  for await (const key of keys) {
    if (batch.push(key) < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Where the bytes of the file are: of a picture, the clean one is shown in place of what was sent. */
export function contentOf({ key, variants }: StoredFile): FileKey {
  return variants.includes('clean') ? `${key}.clean` : key
}

async function lengthFaultOf(
  storage: FileStorage,
  file: StoredFile,
): Promise<'missing' | 'length' | undefined> {
  for (const variant of file.variants)
    if ((await storage.length(`${file.key}.${variant}`)) === undefined) return 'missing'
  const length = await storage.length(contentOf(file))
  if (length === undefined) return 'missing'
  return length === file.size ? undefined : 'length'
}

/** Whether the file has its bytes, as many as it should, and what was made of it. Refuses as the storage does. */
export async function isWhole(storage: FileStorage, file: StoredFile): Promise<boolean> {
  try {
    return (await lengthFaultOf(storage, file)) === undefined
  } catch (error) {
    if (error instanceof Refusal) throw error // the storage can't say
    return false
  }
}

/** The SHA-256 of the bytes up to `size`, in hexadecimal digits. */
export async function hashOf(
  storage: FileStorage,
  key: FileKey,
  size: number,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of storage.read(key, 0, size)) {
    signal?.throwIfAborted()
    hash.update(chunk)
  }
  return hash.digest('hex')
}
