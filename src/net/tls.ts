// TLS on the port of everything else: a handshake, and then the same question again: who is calling?

import type { Socket } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { setRemoteAddress } from './behind-proxy.ts'
import type { KeyPair } from './key-pair.ts'
import type { SilencePolicy } from './patience.ts'
import type { OnConnection } from './port.ts'
import { detectProtocol } from './port.ts'

/** Whoever has not ended the handshake by then is sent away, however busy. */
const HANDSHAKE_MS = 10_000
const MIN_VERSION = 'TLSv1.2'
/** Of TLS 1.2 what is authenticated as it is encrypted, and forgets its keys; CBC has a history (RFC 7457; RFC 9325, 4.2). */
const CIPHERS = [
  ...['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
  ...['ECDHE+AESGCM', 'ECDHE+CHACHA20'],
].join(':')

/** How a connection goes on inside. */
export interface TlsHandover {
  /** What the socket has sent already: the beginning of a handshake. */
  readonly first?: Buffer
  /** Who is calling, where a proxy has said so. */
  readonly address?: string | undefined
  /** Takes it; who is calling is asked where there is none. */
  readonly answer?: (socket: Socket) => void
}

export class Tls {
  readonly #server: Server
  /** By the ends of the connection, as the system has them: what is under way. */
  readonly #taken = new Map<string, TlsHandover>()

  /** @param answer takes whoever speaks inside; 'tls' once more is for it to refuse */
  constructor(pair: KeyPair, patience: SilencePolicy, answer: OnConnection) {
    this.#server = createServer({
      ...pair,
      minVersion: MIN_VERSION,
      ciphers: CIPHERS,
      handshakeTimeout: HANDSHAKE_MS,
    })
    this.#server.on('tlsClientError', (_, socket) => socket.destroy())
    this.#server.on('secureConnection', socket => {
      socket.on('error', () => {}) // 'close' follows, and is what everyone listens to
      const inside = this.#taken.get(endsOf(socket))
      if (!inside) return void socket.destroy() // nobody knows to which door it may go
      const { address, answer: goOn } = inside
      if (address !== undefined) setRemoteAddress(socket, address)
      if (goOn) goOn(socket)
      else detectProtocol(socket, patience, answer)
    })
  }

  /** From now on those who connect are shown this one. */
  renew(pair: KeyPair): void {
    this.#server.setSecureContext({ ...pair, minVersion: MIN_VERSION, ciphers: CIPHERS })
  }

  /** @param socket says its address as the system has it: who else is calling is said with `inside` */
  take(socket: Socket, inside: TlsHandover): void {
    const ends = endsOf(socket)
    this.#taken.set(ends, inside)
    socket.on('close', () => {
      if (this.#taken.get(ends) === inside) this.#taken.delete(ends) // another may have come from there since
    })
    socket.pause()
    if (inside.first) socket.unshift(inside.first) // a TLSSocket begins with what its socket still holds
    this.#server.emit('connection', socket)
  }
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
