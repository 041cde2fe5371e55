// Files in a folder: `ab/abcdefghijklmnopqrstuv`, in subfolders so that none has too many. Only this account may read them.

import { constants } from 'node:fs'
import { access, type FileHandle, lstat, open, opendir, realpath, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Instant } from '../../core/model/model.ts'
import { Refusal } from '../../core/model/refusals.ts'
import { type FileKey, type FileStorage, OffsetMismatch } from '../../core/ports/file-storage.ts'
import { Unusable } from '../unusable.ts'
import { blocksOf, readAhead, until } from './blocks.ts'
import { codeOf, isFull, makeFolder, orFull, readBlock, SAFELY, sizeOf, syncFolder } from './disk.ts'
import { DiskSpace } from './disk-space.ts'
import { type HeldFile, HeldFiles } from './held-files.ts'
import { checkKey, isKey } from './keys.ts'
import { Scratch } from './scratch.ts'

/** What is read or written at once. Larger blocks gain little, and each download holds two of them. */
const BLOCK = 256 * 1024
/**
 * What is synced at once, while as much again is written. The system could write more if it were left alone for longer, but
 * a commit of chat.db waits for all of it, if both are on one disk.
 */
const SYNCED_AT_ONCE = 16 * 1024 * 1024
const SUBFOLDER = /^[\w-]{2}$/

/** An append that is under way. */
interface Append {
  /** The length up to which everything is on disk; undefined until it is known. */
  synced: number | undefined
  /** Aborted with the reason to end it: its file was deleted or replaced, or the storage is closing. */
  readonly over: AbortController
  readonly ended: PromiseWithResolvers<void>
}

interface FolderOptions {
  /** Called with 'full' when the disk has too little room, and with undefined once it has. */
  readonly onFull?: (wrong: 'full' | undefined) => void
  /** Transfers may only use file descriptors below this number; the server keeps the rest. */
  readonly descriptorLimit?: number
}

interface Parts extends Pick<Required<FolderOptions>, 'descriptorLimit'> {
  readonly scratch: Scratch
  readonly space: DiskSpace
}

/** For one process at a time, which holds the lock of the chat beside it. */
export class FolderFileStorage implements FileStorage {
  readonly #path: string
  readonly #scratch: Scratch
  readonly #space: DiskSpace
  readonly #descriptorLimit: number
  readonly #appends = new Map<FileKey, Append>()
  readonly #held = new HeldFiles()
  /** Subfolders that are no links. */
  readonly #checked = new Set<string>()
  /** Subfolders that are known to be on disk. */
  readonly #synced = new Set<string>()
  #isClosed = false

  private constructor(path: string, { scratch, space, descriptorLimit }: Parts) {
    this.#path = path
    this.#scratch = scratch
    this.#space = space
    this.#descriptorLimit = descriptorLimit
  }

  /** Creates the folder if it is missing; it may be a link to another disk. Throws Unusable. */
  static async open(
    path: string,
    { onFull = () => {}, descriptorLimit = Number.POSITIVE_INFINITY }: FolderOptions = {},
  ): Promise<FolderFileStorage> {
    try {
      if (await makeFolder(path)) await syncFolder(dirname(path))
      const real = await realpath(path)
      await access(join(real, '.'), constants.R_OK | constants.W_OK | constants.X_OK)
      const scratch = await Scratch.open(join(real, 'scratch'))
      const space = new DiskSpace(real, onFull)
      return new FolderFileStorage(real, { scratch, space, descriptorLimit })
    } catch (error) {
      if (codeOf(error) === undefined) throw error
      throw new Unusable(isFull(error) ? 'full' : 'unwritable', error)
    }
  }

  async append(key: FileKey, offset: number, chunks: AsyncIterable<Uint8Array>): Promise<number> {
    this.#check(key)
    if (this.#appends.has(key)) throw new OffsetMismatch()
    const append: Append = {
      synced: undefined,
      over: new AbortController(),
      ended: Promise.withResolvers(),
    }
    this.#appends.set(key, append)
    try {
      return await this.#orFull(this.#append(key, { append, offset }, chunks))
    } finally {
      this.#appends.delete(key)
      append.ended.resolve()
    }
  }

  async #append(
    key: FileKey,
    { append, offset }: { append: Append; offset: number },
    chunks: AsyncIterable<Uint8Array>,
  ): Promise<number> {
    const folder = await this.#subfolder(key)
    await using opened = await this.#openToAppend(join(folder, key), offset)
    const { file } = opened
    this.#checkDescriptor(file)
    if ((await sizeOf(file)) !== offset) throw new OffsetMismatch()
    // point: file-created
    const length = await this.#write(file, append, { offset, chunks }).finally(() => syncFolder(folder))
    // point: file-synced
    append.over.signal.throwIfAborted()
    return length
  }

  /** Writes one part while the one before is synced. @returns the length, up to which everything is on disk */
  async #write(
    file: FileHandle,
    append: Append,
    { offset, chunks }: { offset: number; chunks: AsyncIterable<Uint8Array> },
  ): Promise<number> {
    append.synced = offset
    let [length, begun, room] = [offset, offset, await this.#space.room()]
    let syncing: Promise<void> | undefined
    try {
      for await (const block of until(append.over.signal, blocksOf(chunks, BLOCK))) {
        const fitting = block.subarray(0, room)
        await write(file, fitting, length)
        length += fitting.length
        room -= fitting.length
        // point: block-written
        if (fitting.length < block.length) throw new Refusal('store-full')
        if (length - begun < SYNCED_AT_ONCE) continue
        await syncing
        begun = length
        syncing = sync(file, append, length)
        syncing.catch(() => {}) // awaited later
        room = await this.#space.room()
      }
    } finally {
      await settle(file, append, { length, syncing })
    }
    return length
  }

  /** A descriptor has the lowest number that is free. Refuses 'busy' for one of the last. */
  #checkDescriptor({ fd }: FileHandle): void {
    if (fd >= this.#descriptorLimit) throw new Refusal('busy')
  }

  async #openToAppend(path: string, offset: number): Promise<HeldFile> {
    const create = offset === 0 ? constants.O_CREAT : 0
    try {
      return await this.#held.open(path, constants.O_RDWR | create | SAFELY, 0o600)
    } catch (error) {
      throw codeOf(error) === 'ENOENT' && create === 0 ? new OffsetMismatch() : error
    }
  }

  /** What a killed server has written is synced before it counts. */
  async length(key: FileKey): Promise<number | undefined> {
    this.#check(key)
    const synced = this.#appends.get(key)?.synced
    if (synced !== undefined) return synced
    try {
      await using file = await open(await this.#pathOf(key), constants.O_RDWR | SAFELY)
      const length = await sizeOf(file)
      await file.datasync()
      await this.#subfolder(key)
      return length
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    }
  }

  async *read(key: FileKey, start: number, end: number): AsyncGenerator<Uint8Array> {
    this.#check(key)
    await using opened = await this.#held.open(await this.#pathOf(key), constants.O_RDONLY | SAFELY)
    const { file } = opened
    this.#checkDescriptor(file)
    if ((await sizeOf(file)) < end) throw new Error(`${key} has fewer than ${end} bytes`)
    yield* readAhead(start, end, async at => {
      this.#check(key)
      return readBlock(file, { start: at, end, most: BLOCK })
    })
  }

  async withLocalFile<T>(key: FileKey, use: (path: string) => Promise<T>): Promise<T> {
    this.#check(key)
    const path = await this.#pathOf(key)
    if (!(await lstat(path)).isFile()) throw new Error(`${key} is not a file`)
    return use(path)
  }

  async adopt(key: FileKey, path: string): Promise<void> {
    this.#check(key)
    await this.#orFull(this.#adopt(key, path))
  }

  async #adopt(key: FileKey, path: string): Promise<void> {
    await using file = await open(path, constants.O_RDWR | SAFELY)
    await sizeOf(file)
    await file.chmod(0o600)
    await file.sync()
    const folder = await this.#subfolder(key)
    this.#interrupt(key)
    // point: before-rename
    await rename(path, join(folder, key))
    // point: after-rename
    await syncFolder(folder)
  }

  async remove(key: FileKey): Promise<void> {
    this.#check(key)
    this.#interrupt(key)
    await this.#pathOf(key)
      .then(unlink)
      .catch(error => {
        if (codeOf(error) !== 'ENOENT') throw error
      })
  }

  async storedAt(key: FileKey): Promise<Instant | undefined> {
    this.#check(key)
    try {
      return Math.floor((await lstat(await this.#pathOf(key))).mtimeMs) as Instant
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    }
  }

  async *keys(): AsyncGenerator<FileKey> {
    for await (const folder of await opendir(this.#path)) {
      if (!folder.isDirectory() || !SUBFOLDER.test(folder.name)) continue
      for await (const file of await opendir(join(this.#path, folder.name)))
        if (file.isFile() && isKey(file.name) && file.name.startsWith(folder.name)) yield file.name
    }
  }

  scratch(): Promise<AsyncDisposable & { readonly path: string }> {
    return this.#orFull(this.#scratch.folder())
  }

  /** Ends what is under way, whatever it waits for: appends once what they have written is on disk. */
  async close(): Promise<void> {
    this.#isClosed = true
    const appends = [...this.#appends.values()]
    for (const { over } of appends) over.abort(new Refusal('closing'))
    await Promise.all(appends.map(({ ended }) => ended.promise))
    await this.#held.close()
    await this.#space.close()
    await this.#scratch.close()
  }

  /** Refuses 'store-full', of which the operator is told, for a full disk. */
  async #orFull<T>(work: Promise<T>): Promise<T> {
    try {
      return await orFull(work)
    } catch (error) {
      if (error instanceof Refusal && error.code === 'store-full') this.#space.ranOut()
      throw error
    }
  }

  #check(key: FileKey): void {
    checkKey(key)
    if (this.#isClosed) throw new Refusal('closing')
  }

  #interrupt(key: FileKey): void {
    this.#appends.get(key)?.over.abort(new OffsetMismatch())
  }

  /** The path of a file; throws ENOENT if not even its subfolder is there. */
  async #pathOf(key: FileKey): Promise<string> {
    const folder = this.#folderOf(key)
    await this.#mustBeFolder(folder)
    return join(folder, key)
  }

  #folderOf(key: FileKey): string {
    return join(this.#path, key.slice(0, 2))
  }

  async #mustBeFolder(path: string): Promise<void> {
    if (this.#checked.has(path)) return
    if (!(await lstat(path)).isDirectory()) throw new Error(`${path} is not a folder`)
    this.#checked.add(path)
  }

  /** Makes the subfolder if it is missing. Once in its life a process syncs each: a killed one may not have done so. */
  async #subfolder(key: FileKey): Promise<string> {
    const path = this.#folderOf(key)
    const isNew = await makeFolder(path)
    await this.#mustBeFolder(path)
    if (isNew || !this.#synced.has(path)) {
      await syncFolder(path)
      await syncFolder(this.#path)
      this.#synced.add(path)
    }
    return path
  }
}

async function write(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const done = await file.write(bytes, written, bytes.length - written, at + written)
    written += done.bytesWritten
  }
}

async function sync(file: FileHandle, append: Append, length: number): Promise<void> {
  await file.datasync()
  append.synced = length
}

/** The system forgets what it failed to write, so that a second attempt would succeed: what is not on disk is cut off. */
async function settle(
  file: FileHandle,
  append: Append,
  { length, syncing }: { length: number; syncing: Promise<void> | undefined },
): Promise<void> {
  try {
    await syncing
    await sync(file, append, length)
  } catch (error) {
    await file.truncate(append.synced)
    throw error
  }
}
