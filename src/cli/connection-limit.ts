// Limits the connections of one address, and of all: the server needs descriptors of its own. Those beyond the first limit
// are told why, as long as that costs little.

import type { Socket } from 'node:net'
import type { Config } from '../config/settings.ts'
import { refuseTls } from '../doors/no-tls.ts'
import { turnAway } from '../doors/turn-away.ts'
import { connectionLimit, descriptorOf, descriptors } from '../net/descriptors.ts'
import { Networks } from '../net/networks.ts'
import { fixed } from '../net/patience.ts'
import { detectProtocol } from '../net/port.ts'
import { Quota, type QuotaExceeded, shareOf } from '../net/quota.ts'

/** How long a refused connection has to show which protocol it speaks. */
const SILENCE_MS = 600
/** Connections that are being told at the same time; more are closed without a word. */
const MOST_REFUSALS = 64
/** The least time between two reports that there is no place. */
const REPORT_INTERVAL_MS = 60_000

/** The protocol of a port's connections, as far as the port knows it before they have sent anything. */
export type Expected = 'web' | 'irc' | 'line' | 'any'

export interface IncomingConnection {
  readonly expected: Expected
  /** The client's, if a proxy has named it; the socket's remote address by default. */
  readonly address?: string
}

export interface ConnectionLimitDeps {
  /** Told to a connection that is refused. */
  readonly sentence: string
  /** Called when an address has reached the limit. */
  readonly exceeded: (exceeded: QuotaExceeded) => void
  /** Called when there is no place for more connections, whoever has those that are open. */
  readonly full: (details: { readonly descriptors: number }) => void
}

export class ConnectionLimit {
  readonly quota: Quota
  readonly #sentence: string
  readonly #proxies: Networks
  readonly #descriptors = descriptors()
  readonly #full: ConnectionLimitDeps['full']
  #refusing = 0
  #reportedAt = -REPORT_INTERVAL_MS

  constructor(config: Config, { sentence, exceeded, full }: ConnectionLimitDeps) {
    this.quota = new Quota(limitOf(config, this.#descriptors), exceeded, () => performance.now())
    this.#sentence = sentence
    this.#full = full
    this.#proxies = new Networks(config.trustedProxies)
  }

  /**
   * Whether there is a place for a connection that was accepted just now, also for one of a trusted proxy; otherwise closes
   * it without a word, which would need its descriptor for longer.
   */
  hasPlace(socket: Socket): boolean {
    if (descriptorOf(socket) < connectionLimit(this.#descriptors)) return true
    socket.destroy()
    const now = performance.now()
    if (now - this.#reportedAt < REPORT_INTERVAL_MS) return false
    this.#reportedAt = now
    this.#full({ descriptors: this.#descriptors })
    return false
  }

  /**
   * Calls `then` if the address is below its limit; otherwise refuses the connection. Trusted proxies have no limit.
   */
  admit(
    socket: Socket,
    { expected, address = socket.remoteAddress ?? '' }: IncomingConnection,
    then: () => void,
  ): void {
    if (this.#proxies.has(address) || this.quota.admit(address, socket)) return then()
    if (this.#refusing >= MOST_REFUSALS) return void socket.destroy()
    this.#refusing++
    socket.once('close', () => this.#refusing--)
    const farewell = { sentence: this.#sentence, status: '429 Too Many Requests' }
    if (expected !== 'any') return turnAway(expected, socket, farewell)
    detectProtocol(socket, fixed(SILENCE_MS), caller => {
      if (caller === 'tls')
        refuseTls(socket) // the sentence would need a handshake
      else turnAway(caller, socket, farewell)
    })
  }
}

function limitOf({ limits, connectionsPerAddress }: Config, all: number): number {
  if (!limits) return Number.POSITIVE_INFINITY
  return connectionsPerAddress ?? shareOf(all)
}
