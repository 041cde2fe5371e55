// One last answer on a connection that is refused.

import type { Socket } from 'node:net'

const LINGER_MS = 5_000

/** Sends an answer and ends the connection. Further input is read and dropped: closing on it would reset the connection. */
export function sayAndEnd(socket: Socket, answer: string | Uint8Array): void {
  const linger = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.on('close', () => clearTimeout(linger))
  socket.resume()
  socket.end(answer)
}
