// Where a request comes from: its address behind proxies, and whether it is encrypted, local or public.

import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { network } from '../../net/address.ts'
import { isPrivate } from '../../net/private.ts'
import { addressIn, type RemoteAddress } from '../../net/proxies.ts'
import type { Hosts } from './hosts.ts'

/**
 * Words in the names of headers by which proxies name their clients: Forwarded (RFC 7239), Via (RFC 9110, section 7.6.3),
 * X-Forwarded-…, X-Real-IP, True-Client-IP, CF-Connecting-IP and others.
 */
const WORDS = [
  'forward forwarded via proxy proxied proxyuser hop hops edge cluster cdn',
  'ip ips clientip addr address client remote real original originating',
  'scheme https ssl cf fastly fly akamai envoy azure arr amz amzn',
  'appengine cloud goog vercel nf tailscale incap sucuri',
]
  .join(' ')
  .split(' ')
const PROXY_HEADER = new RegExp(`(?:^|-)(?:${WORDS.join('|')})(?:-|$)`)

/** Finds the client's address behind trusted proxies (net/proxies.ts). */
export interface Proxies {
  resolve(remote: string, forwardedFor: string | undefined): RemoteAddress
}

export class RemoteAddresses {
  readonly hosts: Hosts
  readonly #proxies: Proxies

  constructor(hosts: Hosts, proxies: Proxies) {
    this.hosts = hosts
    this.#proxies = proxies
  }

  /** The client's network: an IPv4 address or an IPv6 /64 (net/address.ts). */
  addressOf(request: IncomingMessage): string {
    return network(this.#resolve(request).address)
  }

  /**
   * Whether the client certainly has a private address. If any proxy header is present, trusted proxies must vouch for the
   * address all the way, and no header may name a public address: one proxy may pass on what another has said.
   */
  isLocal(request: IncomingMessage): boolean {
    const { address, isVouched } = this.#resolve(request)
    const claims = Object.entries(request.headers).filter(([name]) => PROXY_HEADER.test(name))
    const isSure = claims.length === 0 || (isVouched && !claims.some(([, value]) => namesFar(`${value}`)))
    return isSure && isPrivate(address)
  }

  #resolve({ socket, headers }: IncomingMessage): RemoteAddress {
    const forwarded = headers['x-forwarded-for']
    const chain = Array.isArray(forwarded) ? forwarded.join() : forwarded
    return this.#proxies.resolve(socket.remoteAddress ?? '', chain)
  }

  /** Whether the connection is encrypted as the browser sees it: here, or by a proxy at the public address. */
  isSecure(request: IncomingMessage): boolean {
    return (request.socket as TLSSocket).encrypted === true || this.isPublic(request)
  }

  /** Whether the request is for the public name, which is encrypted. */
  isPublic({ headers }: IncomingMessage): boolean {
    return this.hosts.isPublic(headers.host)
  }
}

function namesFar(value: string): boolean {
  const addresses = value.split(/[\s,;="]+/).map(addressIn)
  return addresses.some(address => address !== undefined && !isPrivate(address))
}
