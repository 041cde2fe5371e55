// Whether chat.db and its log still hold what SQLite has written to them. SQLite does not notice when another program writes
// into them in place (cp, truncate): what it confirms from then on is lost, and merging the log destroys what is in the file.

import { closeSync, openSync, readSync } from 'node:fs'
import { endianness } from 'node:os'

/** Offsets and sizes, in bytes, in the log’s index, which is the -shm file (sqlite.org/walformat.html). */
const INDEX_SIZE = 132
const INDEX_COPY = 48
const PAGE_SIZE_AT = 14
const FRAMES_AT = 16
const SALT_AT = 32
const MERGED_AT = 96
const READERS_AT = 100
const MERGING_AT = 128

const SALT_SIZE = 8
const LOG_HEADER_SIZE = 32
const LOG_SALT_AT = 16
const FRAME_HEADER_SIZE = 24
const FRAME_SALT_AT = 8

/** The header of chat.db (sqlite.org/fileformat2.html, 1.3), whose counter never goes back. */
const HEADER_SIZE = 100
const COUNTER_AT = 24

export class Contents {
  // They stay open for as long as SQLite has the files open: closing one releases all locks of this process on its file.
  readonly #file: number
  readonly #log: number
  readonly #index: number
  #wereOverwritten = false
  /** The header of chat.db when no merge was on its way, and the state of the log then. */
  #seen: { readonly header: Buffer; readonly merged: Buffer } | undefined

  /** @param path of a chat.db that is open in WAL mode */
  constructor(path: string) {
    this.#file = openSync(path, 'r')
    this.#log = openSync(`${path}-wal`, 'r')
    this.#index = openSync(`${path}-shm`, 'r')
  }

  /** What `areOverwritten` said last. Once true, it stays true: the file and its log no longer belong together. */
  get wereOverwritten(): boolean {
    return this.#wereOverwritten
  }

  /** Whether another program has written into one of them. */
  areOverwritten(): boolean {
    this.#wereOverwritten ||= this.#differ()
    return this.#wereOverwritten
  }

  /**
   * Whatever SQLite does to the files, in any process, also changes the index, just before or just after. If it changes
   * while the files are read here, this call says nothing, and the next one decides.
   */
  #differ(): boolean {
    const before = this.#readIndex()
    const isLogWhole = this.#isLogWhole(before)
    const header = bytesOf(this.#file, 0, HEADER_SIZE)
    if (!isStable(before) || !before.equals(this.#readIndex())) return false
    return !isLogWhole || !this.#isOurs(header, before)
  }

  /** What readers mark in it changes all the time, and is left out. */
  #readIndex(): Buffer {
    return bytesOf(this.#index, 0, INDEX_SIZE).fill(0, READERS_AT, MERGING_AT)
  }

  /** Whether the log's beginning and its last frame are of the log that the index is of. */
  #isLogWhole(index: Buffer): boolean {
    const frames = numberAt(index, FRAMES_AT)
    if (frames === 0) return true
    const salt = index.subarray(SALT_AT, SALT_AT + SALT_SIZE)
    const last = LOG_HEADER_SIZE + (frames - 1) * (FRAME_HEADER_SIZE + pageSize(index))
    return [LOG_SALT_AT, last + FRAME_SALT_AT].every(at => bytesOf(this.#log, at, SALT_SIZE).equals(salt))
  }

  /** Only a merge of the log changes the file: then the log's state has changed, and the counter has not gone back. */
  #isOurs(header: Buffer, index: Buffer): boolean {
    if (numberAt(index, MERGED_AT) !== numberAt(index, MERGING_AT)) return true
    const merged = Buffer.concat([index.subarray(SALT_AT, SALT_AT + SALT_SIZE), index.subarray(MERGED_AT)])
    const seen = this.#seen
    if (seen && !header.equals(seen.header)) {
      if (merged.equals(seen.merged)) return false
      if (header.readUInt32BE(COUNTER_AT) < seen.header.readUInt32BE(COUNTER_AT)) return false
    }
    this.#seen = { header, merged }
    return true
  }

  /** To be called after SQLite has closed them. */
  close(): void {
    for (const file of [this.#file, this.#log, this.#index]) closeSync(file)
  }
}

/** Whether both copies of the index's header say the same, so that nobody is writing them. */
function isStable(index: Buffer): boolean {
  return index.subarray(0, INDEX_COPY).equals(index.subarray(INDEX_COPY, 2 * INDEX_COPY))
}

/** Bytes beyond the end of the file, and those that can't be read, are zero. */
function bytesOf(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  try {
    readSync(file, bytes, 0, length, at)
  } catch {
    bytes.fill(0)
  }
  return bytes
}

const isLittle = endianness() === 'LE'

/** The index is in the machine's byte order. */
function numberAt(index: Buffer, at: number): number {
  return isLittle ? index.readUInt32LE(at) : index.readUInt32BE(at)
}

/** 65,536 is stored as 1. */
function pageSize(index: Buffer): number {
  const stored = isLittle ? index.readUInt16LE(PAGE_SIZE_AT) : index.readUInt16BE(PAGE_SIZE_AT)
  return stored === 1 ? 65_536 : stored
}
