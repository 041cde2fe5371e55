// TLS on the port of everything else: a handshake, and then the same question again: who is calling?

import type { Socket } from 'node:net'
import { createServer, type Server } from 'node:tls'
import type { KeyPair } from './key-pair.ts'
import { type Answer, whoIs } from './port.ts'

/** Whoever has not ended the handshake by then is sent away, however busy. */
const HANDSHAKE_MS = 10_000
const MIN_VERSION = 'TLSv1.2'

export class Tls {
  readonly #server: Server

  /** @param answer takes whoever speaks inside; 'tls' once more is for it to refuse */
  constructor(pair: KeyPair, answer: Answer) {
    this.#server = createServer({ ...pair, minVersion: MIN_VERSION, handshakeTimeout: HANDSHAKE_MS })
    this.#server.on('tlsClientError', (_, socket) => socket.destroy())
    this.#server.on('secureConnection', socket => {
      socket.on('error', () => {}) // 'close' follows, and is what everyone listens to
      whoIs(socket, answer)
    })
  }

  /** From now on those who connect are shown this one. */
  renew(pair: KeyPair): void {
    this.#server.setSecureContext({ ...pair, minVersion: MIN_VERSION })
  }

  /** @param first what the socket has sent already: the beginning of a handshake */
  take(socket: Socket, first: Buffer): void {
    socket.pause()
    socket.unshift(first) // a TLSSocket begins with what its socket still holds
    this.#server.emit('connection', socket)
  }
}
