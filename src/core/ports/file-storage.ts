// Where the bytes of files are kept: a folder beside chat.db, or PostgreSQL for several nodes.

import type { Instant } from '../model/model.ts'

/**
 * The key of bytes in the storage: the 22 characters of an upload's id, and after a dot, where there is one, what was made
 * of them, such as `.screen`. A key is never used for other bytes.
 */
export type FileKey = string

/** Every method throws a RangeError for a key that is none, and refuses 'closing' once it is closed. */
export interface FileStorage {
  /**
   * Appends chunks as they come, of which few are held in memory. When it resolves or rejects, everything that was taken is
   * on disk and counts for `length`; an error of the chunks is thrown on. Refuses 'store-full', which keeps what fitted, and
   * 'busy' for too many at once.
   * @param offset where the chunks begin: throws OffsetMismatch unless it is the present length, and while another append
   * to the key is under way; throws it later when the key is removed meanwhile, or another node appends to it
   * @returns the new length in bytes
   */
  append(key: FileKey, offset: number, chunks: AsyncIterable<Uint8Array>): Promise<number>
  /** The number of bytes that are on disk; undefined for an unknown key. */
  length(key: FileKey): Promise<number | undefined>
  /**
   * Reads the bytes from `start` to `end`, which is exclusive. Rejects while it is read for an unknown key, one with
   * fewer bytes, and too many at once.
   */
  read(key: FileKey, start: number, end: number): AsyncIterable<Uint8Array>
  /** Calls `use` with the path of a local file with these bytes, which must not be changed; it may be gone afterwards. */
  withLocalFile<T>(key: FileKey, use: (path: string) => Promise<T>): Promise<T>
  /** Stores a file of a `scratch` folder, which is gone afterwards. On disk when it resolves. Refuses 'store-full'. */
  adopt(key: FileKey, path: string): Promise<void>
  /** Deletes the bytes of the key; an unknown one is no error. */
  remove(key: FileKey): Promise<void>
  /** When bytes of the key were stored last, for keys that are hours old: a node's clock may differ; undefined for an unknown key. */
  storedAt(key: FileKey): Promise<Instant | undefined>
  /** Lists all keys, in no order; those that are stored meanwhile may be missing. */
  keys(): AsyncIterable<FileKey>
  /**
   * Makes an empty folder for local files that are to be adopted; deleted with what is left in it on disposal, or by the
   * next start.
   */
  scratch(): Promise<AsyncDisposable & { readonly path: string }>
  close(): Promise<void>
}

/** Bytes were sent for another place than the end of what is stored. */
export class OffsetMismatch extends Error {}
