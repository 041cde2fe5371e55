// What is not spoken here: the caller is told so in its own protocol.

import type { Socket } from 'node:net'
import { sayAndEnd } from '../net/farewell.ts'

/** A fatal handshake_failure alert (RFC 8446, section 6). */
export function refuseTls(socket: Socket): void {
  sayAndEnd(socket, Uint8Array.of(21, 3, 3, 0, 2, 2, 40))
}
