// Doors that are not there yet: each caller is told so in its own protocol.

import type { Socket } from 'node:net'
import type { Wording } from '../wording/es.ts'

const LINGER_MS = 5_000

/** @param status HTTP's: 501 at the port, 400 for a request on a connection that speaks lines already */
export function noWebDoor(
  socket: Socket,
  status: '501 Not Implemented' | '400 Bad Request',
  sentence: string,
): void {
  const body = `${sentence}\n`
  const headers = [
    `HTTP/1.1 ${status}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ]
  sayAndEnd(socket, `${headers.join('\r\n')}\r\n\r\n${body}`)
}

/** ERROR ends an IRC connection (RFC 2812, section 3.7.4). */
export function noIrcDoor(socket: Socket, wording: Wording): void {
  sayAndEnd(socket, `ERROR :${wording.noIrcDoor}\r\n`)
}

/** A fatal handshake_failure alert (RFC 8446, section 6). */
export function noTls(socket: Socket): void {
  sayAndEnd(socket, Uint8Array.of(21, 3, 3, 0, 2, 2, 40))
}

/** What still comes is read and dropped: closing on it would reset the connection before it is answered. */
function sayAndEnd(socket: Socket, answer: string | Uint8Array): void {
  const linger = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.on('close', () => clearTimeout(linger))
  socket.resume()
  socket.end(answer)
}
