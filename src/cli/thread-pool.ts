// libuv's thread pool, which reads files and hashes passwords.

import { availableParallelism } from 'node:os'

/** Passwords hashed at once: half the cores, since each keeps one busy and the chat needs the rest. */
export const HASHES_AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 2))

/**
 * Sets the pool to as many threads as hash at once, and one for files, unless UV_THREADPOOL_SIZE is set. Every thread
 * that has hashed keeps 19 MB resident: glibc returns freed memory to the system only above 32 MB (mallopt(3),
 * M_MMAP_THRESHOLD). Must be called before anything uses the pool.
 */
export function keepPoolSmall(): void {
  process.env.UV_THREADPOOL_SIZE ??= `${HASHES_AT_ONCE + 1}`
}
