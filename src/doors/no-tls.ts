// Refuses TLS where it is not configured.

import type { Socket } from 'node:net'
import { sayAndEnd } from '../net/say-and-end.ts'

/** Answers with a fatal handshake_failure alert (RFC 8446, section 6). */
export function refuseTls(socket: Socket): void {
  sayAndEnd(socket, Uint8Array.of(21, 3, 3, 0, 2, 2, 40))
}
