// TLS on the same port as everything else: after the handshake, the protocol inside is detected.

import type { Socket } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { setRemoteAddress } from './behind-proxy.ts'
import type { KeyPair } from './key-pair.ts'
import type { SilencePolicy } from './patience.ts'
import type { OnConnection } from './port.ts'
import { detectProtocol } from './port.ts'

/** The time for a handshake, even if the machine is busy. */
const HANDSHAKE_MS = 10_000
const MIN_VERSION = 'TLSv1.2'
/** For TLS 1.2 only AEAD ciphers with forward secrecy; no CBC (RFC 7457; RFC 9325, section 4.2). */
const CIPHERS = [
  ...['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
  ...['ECDHE+AESGCM', 'ECDHE+CHACHA20'],
].join(':')

/** How a connection goes on after the handshake. */
export interface TlsHandover {
  /** The bytes that the socket has sent already: the beginning of a handshake. */
  readonly first?: Buffer
  /** The client's address, if a proxy has passed it on. */
  readonly address?: string | undefined
  /** Takes the connection; without it, the protocol is detected. */
  readonly answer?: (socket: Socket) => void
}

export class Tls {
  readonly #server: Server
  /** Handshakes under way, by the addresses and ports of both ends as the system knows them. */
  readonly #taken = new Map<string, TlsHandover>()

  /** @param answer takes the connections whose protocol is detected; TLS within TLS is for it to refuse */
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
      if (!inside) return void socket.destroy() // its door is unknown
      const { address, answer: goOn } = inside
      if (address !== undefined) setRemoteAddress(socket, address)
      if (goOn) goOn(socket)
      else detectProtocol(socket, patience, answer)
    })
  }

  /** Uses another certificate for new connections. */
  renew(pair: KeyPair): void {
    this.#server.setSecureContext({ ...pair, minVersion: MIN_VERSION, ciphers: CIPHERS })
  }

  /** Begins a handshake. @param socket with its own remote address: a proxy's client is named in `inside` */
  take(socket: Socket, inside: TlsHandover): void {
    const ends = endsOf(socket)
    this.#taken.set(ends, inside)
    socket.on('close', () => {
      if (this.#taken.get(ends) === inside) this.#taken.delete(ends) // the same ends may be in use again
    })
    socket.pause()
    if (inside.first) socket.unshift(inside.first) // a TLSSocket first reads what its socket still holds
    this.#server.emit('connection', socket)
  }
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
