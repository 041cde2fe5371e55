// Whoever speaks unencrypted where that is not allowed is told so in their own protocol.

import type { Socket } from 'node:net'
import { sayAndEnd } from '../net/farewell.ts'

export function refusePlaintext(caller: 'web' | 'irc' | 'line', socket: Socket, sentence: string): void {
  const said = { web: badRequest, irc: ircError, line }[caller](sentence)
  sayAndEnd(socket, said)
}

function badRequest(sentence: string): string {
  const headers = [
    'HTTP/1.1 400 Bad Request',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(line(sentence))}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ]
  return `${headers.join('\r\n')}\r\n\r\n${line(sentence)}`
}

/** ERROR ends an IRC connection (RFC 2812, section 3.7.4). */
function ircError(sentence: string): string {
  return `ERROR :${sentence}\r\n`
}

function line(sentence: string): string {
  return `${sentence}\n`
}
