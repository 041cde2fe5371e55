// Decides which addresses may connect without TLS.

import type { Config } from '../config/settings.ts'
import { hasTls, isLoopback } from '../config.ts'
import { turnAway } from '../doors/turn-away.ts'
import { fixed } from '../net/patience.ts'
import { detectProtocol, type OnConnection } from '../net/port.ts'
import { isLoopbackAddress, isPrivate } from '../net/private.ts'
import type { Tls } from '../net/tls.ts'
import type { Wording } from '../wording/es.ts'

/** Longer than the first packet of a handshake takes if it is lost and sent again. */
const LOST_PACKET_MS = 2_000

export interface PlaintextPolicyDeps {
  readonly tls: Tls | undefined
  readonly wording: Wording
  /** Takes the connections that are let in; also 'tls' if the server has none. */
  readonly answer: OnConnection
}

/**
 * Decides over each connection to the main port: TLS is decrypted, plaintext is let in from allowed addresses and
 * refused from others, in its own protocol. Silence means a line client, but if that would be refused, a TLS
 * handshake is waited for.
 */
export function enforcePlaintextPolicy(
  config: Config,
  { tls, wording, answer }: PlaintextPolicyDeps,
): OnConnection {
  const mayEnter = plaintextFrom(config)
  const sentence = hasTls(config) ? wording.onlyEncrypted : wording.onlyNearby
  const decide: OnConnection = (caller, socket, first) => {
    if (caller === 'tls' && tls) tls.take(socket, { first })
    else if (caller === 'tls' || mayEnter(socket.remoteAddress ?? '')) answer(caller, socket, first)
    else turnAway(caller, socket, { sentence, status: '400 Bad Request' })
  }
  return (caller, socket, first) => {
    const wait = tls && first.length === 0 && !mayEnter(socket.remoteAddress ?? '')
    if (wait) detectProtocol(socket, fixed(LOST_PACKET_MS), decide)
    else decide(caller, socket, first)
  }
}

/** @returns whether an address may connect without TLS */
export function plaintextFrom({
  host,
  lan,
  allowPlaintext,
}: Pick<Config, 'host' | 'lan' | 'allowPlaintext'>): (address: string) => boolean {
  if (allowPlaintext || isLoopback(host)) return () => true
  return lan ? isPrivate : isLoopbackAddress
}
