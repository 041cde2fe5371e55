// Corking: what is sent to one connection in a row goes out as one write.

import type { Writable } from 'node:stream'

/**
 * Holds back what is written to a socket until the running callback and its microtasks are done, so that it goes out as
 * one write: a write costs more than the bytes in it.
 */
export function corkBriefly(socket: Writable): void {
  if (socket.writableCorked > 0) return
  socket.cork()
  process.nextTick(() => socket.uncork())
}
