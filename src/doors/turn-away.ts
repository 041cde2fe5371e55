// Turns a client away with one sentence, in its own protocol.

import type { Socket } from 'node:net'
import { sayAndEnd } from '../net/say-and-end.ts'

export interface Farewell {
  readonly sentence: string
  /** The HTTP status code with its phrase. */
  readonly status: string
}

export function turnAway(protocol: 'web' | 'irc' | 'line', socket: Socket, farewell: Farewell): void {
  const answer = { web: httpAnswer, irc: ircError, line }[protocol](farewell)
  sayAndEnd(socket, answer)
}

function httpAnswer(farewell: Farewell): string {
  const headers = [
    `HTTP/1.1 ${farewell.status}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(line(farewell))}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ]
  return `${headers.join('\r\n')}\r\n\r\n${line(farewell)}`
}

/** ERROR ends an IRC connection (RFC 2812, section 3.7.4). */
function ircError({ sentence }: Farewell): string {
  return `ERROR :${sentence}\r\n`
}

function line({ sentence }: Farewell): string {
  return `${sentence}\n`
}
