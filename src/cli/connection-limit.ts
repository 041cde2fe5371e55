// One address has only so many connections; whoever wants more is told so, as far as that costs little.

import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { Config } from '../config/settings.ts'
import { refuseTls } from '../doors/no-tls.ts'
import { turnAway } from '../doors/turn-away.ts'
import { Networks } from '../net/networks.ts'
import { fixed } from '../net/patience.ts'
import { detectProtocol } from '../net/port.ts'
import { Quota, type QuotaExceeded, shareOf } from '../net/quota.ts'

/** What they speak is not waited for any longer. */
const SILENCE_MS = 600
/** Who are being told at the same time; more are let go without a word. */
const MOST_REFUSALS = 64
/** Where the system does not say how many there may be. */
const USUAL_DESCRIPTORS = 10_240

/** What a port knows of its callers before they have said anything. */
export type Expected = 'web' | 'irc' | 'line' | 'any'

export interface IncomingConnection {
  readonly expected: Expected
  /** Who is calling, where a proxy has said so; else whom the socket comes from. */
  readonly address?: string
}

export interface ConnectionLimitDeps {
  /** For who is turned away. */
  readonly sentence: string
  readonly exceeded: (told: QuotaExceeded) => void
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

  /** @param then takes it, where there are not too many of that address; proxies bring many people */
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
        refuseTls(socket) // a sentence would need a handshake
      else turnAway(caller, socket, farewell)
    })
  }
}

function limitOf({ limits, connectionsPerAddress }: Config): number {
  if (!limits) return Number.POSITIVE_INFINITY
  return connectionsPerAddress ?? shareOf(descriptors())
}

/** That this process may have open at a time (proc_pid_limits(5)). */
function descriptors(): number {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return Number(soft ?? USUAL_DESCRIPTORS)
  } catch {
    return USUAL_DESCRIPTORS
  }
}
