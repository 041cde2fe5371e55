// The last words on a connection.

import type { Socket } from 'node:net'

const LINGER_MS = 5_000

/** What still comes is read and dropped: closing on it would reset the connection before it is answered. */
export function sayAndEnd(socket: Socket, answer: string | Uint8Array): void {
  const linger = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.on('close', () => clearTimeout(linger))
  socket.resume()
  socket.end(answer)
}
