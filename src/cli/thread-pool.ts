// libuv's threads, which read files and hash passwords.

import { availableParallelism } from 'node:os'

/** Each keeps a core busy, and the chat goes on meanwhile. */
export const HASHES_AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 2))

/**
 * As many threads as hash at once, and one for files, unless whoever starts the server says otherwise. Every thread that
 * has hashed once keeps 19 MB resident: glibc gives what is freed back above 32 MB only (mallopt(3), M_MMAP_THRESHOLD).
 * Nothing may have used the pool before.
 */
export function keepPoolSmall(): void {
  process.env.UV_THREADPOOL_SIZE ??= `${HASHES_AT_ONCE + 1}`
}
