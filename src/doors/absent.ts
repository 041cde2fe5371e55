// Doors that are not there yet: each caller is told so in its own protocol.

import type { Socket } from 'node:net'
import { sayAndEnd } from '../net/farewell.ts'
import type { Wording } from '../wording/es.ts'

/** ERROR ends an IRC connection (RFC 2812, section 3.7.4). */
export function noIrcDoor(socket: Socket, wording: Wording): void {
  sayAndEnd(socket, `ERROR :${wording.noIrcDoor}\r\n`)
}

/** A fatal handshake_failure alert (RFC 8446, section 6). */
export function noTls(socket: Socket): void {
  sayAndEnd(socket, Uint8Array.of(21, 3, 3, 0, 2, 2, 40))
}
