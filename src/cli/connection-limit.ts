// Limits the connections of one address. Those beyond the limit are told why, as long as that costs little.

import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { Config } from '../config/settings.ts'
import { refuseTls } from '../doors/no-tls.ts'
import { turnAway } from '../doors/turn-away.ts'
import { Networks } from '../net/networks.ts'
import { fixed } from '../net/patience.ts'
import { detectProtocol } from '../net/port.ts'
import { Quota, type QuotaExceeded, shareOf } from '../net/quota.ts'

/** How long a refused connection has to show which protocol it speaks. */
const SILENCE_MS = 600
/** Connections that are being told at the same time; more are closed without a word. */
const MOST_REFUSALS = 64
/** Assumed where the system does not say how many descriptors a process may open. */
const USUAL_DESCRIPTORS = 10_240

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
}

export class ConnectionLimit {
  readonly quota: Quota
  readonly #sentence: string
  readonly #proxies: Networks
  #refusing = 0

  constructor(config: Config, { sentence, exceeded }: ConnectionLimitDeps) {
    this.quota = new Quota(limitOf(config), exceeded, () => performance.now())
    this.#sentence = sentence
    this.#proxies = new Networks(config.trustedProxies)
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

function limitOf({ limits, connectionsPerAddress }: Config): number {
  if (!limits) return Number.POSITIVE_INFINITY
  return connectionsPerAddress ?? shareOf(descriptors())
}

/** How many descriptors this process may have open (proc_pid_limits(5)). */
function descriptors(): number {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return Number(soft ?? USUAL_DESCRIPTORS)
  } catch {
    return USUAL_DESCRIPTORS
  }
}
