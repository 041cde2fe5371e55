// One port for every protocol: detects which one a client speaks.

import { createServer, type Server, type Socket } from 'node:net'
import type { SilencePolicy } from './patience.ts'

export type Protocol = 'web' | 'irc' | 'tls' | 'line'

// Request lines begin with a method in capitals (RFC 9110, section 9; RFC 10008); PRI begins HTTP/2's preface (RFC 9113,
// section 3.4).
const HTTP_METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'CONNECT',
  'TRACE',
  'QUERY',
  'PRI',
]
// The first commands of IRC clients, in any case (RFC 1459, section 2.3).
const IRC_COMMANDS = ['CAP', 'NICK', 'PASS', 'USER', 'WEBIRC']
/** The first byte of a TLS record that holds a handshake (RFC 8446, section 5.1). */
const TLS_HANDSHAKE = 0x16
const LONGEST_WORD = 8

const HTTP_WORDS = HTTP_METHODS.map(method => `${method} `)
const IRC_WORDS = IRC_COMMANDS.map(command => `${command} `)

/** The protocol that begins with these bytes; 'undecided' while they may still become another protocol's first word. */
export function protocolOf(bytes: Uint8Array): Protocol | 'undecided' {
  if (bytes[0] === TLS_HANDSHAKE) return 'tls'
  return protocolOfLine(String.fromCharCode(...bytes.subarray(0, LONGEST_WORD)))
}

/** The same for a line from a client that was so slow that it was taken for a line client. */
export function protocolOfLine(line: string): Protocol | 'undecided' {
  const start = line.slice(0, LONGEST_WORD)
  const upper = start.toUpperCase()
  if (HTTP_WORDS.some(word => start.startsWith(word))) return 'web'
  if (IRC_WORDS.some(word => upper.startsWith(word))) return 'irc'
  const unfinished =
    HTTP_WORDS.some(word => word.startsWith(start)) || IRC_WORDS.some(word => word.startsWith(upper))
  return unfinished ? 'undecided' : 'line'
}

/** How long a client may take to finish its first word. */
const WORD_MS = 10_000

/** Takes a connection, with the bytes by which its protocol was detected. */
export type OnConnection = (protocol: Protocol, socket: Socket, first: Buffer) => void

export interface PortOptions {
  readonly host: string
  readonly port: number
}

/** Listens, and hands each connection to `answer` once its protocol is known. */
export function openPort(
  options: PortOptions,
  { patience, admit }: PortDeps,
  answer: OnConnection,
): Promise<Server> {
  return listenAt(options, socket => admit(socket, () => detectProtocol(socket, patience, answer)))
}

/** How connections are admitted. */
export interface PortDeps {
  readonly patience: SilencePolicy
  /** Calls `then`, or turns the connection away. */
  readonly admit: (socket: Socket, then: () => void) => void
}

/**
 * Listens for connections. Half-open ones are kept: a client that has ended its side may still read. Rejects with the
 * system's error if it cannot listen.
 */
export async function listenAt(
  { host, port }: PortOptions,
  connected: (socket: Socket) => void,
): Promise<Server> {
  const server = createServer({
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  })
  server.on('connection', socket => {
    socket.on('error', () => {}) // 'close' follows, and is what everyone listens to
    connected(socket)
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen({ host, port }, resolve)
  await promise
  server.on('error', () => {}) // one connection that the system could not hand over; it goes on listening
  server.off('error', reject)
  return server
}

/** Waits for the first bytes and detects the protocol. @param patience decides when a silent client is a line client */
export function detectProtocol(socket: Socket, patience: SilencePolicy, answer: OnConnection): void {
  let heard: Buffer = Buffer.alloc(0)
  let turn: NodeJS.Immediate | undefined
  let word: NodeJS.Timeout | undefined
  // If this thread was busy until now, their bytes may be there and not read yet: wait for one more turn.
  const silent = () => {
    turn = setImmediate(() => decide('line'))
  }
  const endWait = patience.wait(socket, silent)
  const stopWaiting = () => {
    endWait(false)
    clearTimeout(word)
    clearImmediate(turn)
  }
  const decide = (protocol: Protocol) => {
    stopWaiting()
    socket.off('data', listen).off('end', ended).off('close', stopWaiting)
    answer(protocol, socket, heard)
  }
  const listen = (chunk: Buffer) => {
    const isFirst = heard.length === 0
    heard = isFirst ? chunk : Buffer.concat([heard, chunk])
    const protocol = protocolOf(heard)
    if (isFirst) {
      endWait(protocol !== 'line')
      clearImmediate(turn)
      word = setTimeout(silent, WORD_MS)
    }
    if (protocol !== 'undecided') decide(protocol)
  }
  const ended = () => decide('line')
  socket.on('data', listen).on('end', ended).on('close', stopWaiting)
}
