// Who may come in as they are, and who only through TLS.

import type { Config } from '../config/settings.ts'
import { hasTls, isLoopback } from '../config.ts'
import { turnAway } from '../doors/turn-away.ts'
import { fixed } from '../net/patience.ts'
import { detectProtocol, type OnConnection } from '../net/port.ts'
import { isLoopbackAddress, isPrivate } from '../net/private.ts'
import type { Tls } from '../net/tls.ts'
import type { Wording } from '../wording/es.ts'

/** For the first packet of a handshake that gets lost and is sent again. */
const LOST_PACKET_MS = 2_000

export interface PlaintextPolicyDeps {
  readonly tls: Tls | undefined
  readonly wording: Wording
  /** Who answers those who are in; 'tls' where there is none. */
  readonly answer: OnConnection
}

/** What the port does with callers. Silence is a line client's, but where that would be refused it is waited out. */
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

/** From which addresses what is said may travel unencrypted. */
export function plaintextFrom({
  host,
  lan,
  allowPlaintext,
}: Pick<Config, 'host' | 'lan' | 'allowPlaintext'>): (address: string) => boolean {
  if (allowPlaintext || isLoopback(host)) return () => true
  return lan ? isPrivate : isLoopbackAddress
}
