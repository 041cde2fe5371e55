// Who is calling: behind which proxies, over what, and from which pages.

import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { network } from '../../net/address.ts'
import { isPrivate } from '../../net/private.ts'
import { addressIn, type RemoteAddress } from '../../net/proxies.ts'
import type { Hosts } from './hosts.ts'

/**
 * Words in the names of headers by which proxies tell of others: Forwarded (RFC 7239), Via (RFC 9110, section 7.6.3),
 * X-Forwarded-…, X-Real-IP, True-Client-IP, CF-Connecting-IP, and whatever else they have come up with.
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

/** Who is really calling, behind proxies that are trusted. */
export interface Proxies {
  resolve(remote: string, forwardedFor: string | undefined): RemoteAddress
}

export class RemoteAddresses {
  readonly hosts: Hosts
  readonly #proxies: Proxies
  readonly #isPublicSecure: boolean

  constructor(hosts: Hosts, proxies: Proxies, publicUrl: string | undefined) {
    this.hosts = hosts
    this.#proxies = proxies
    this.#isPublicSecure = publicUrl?.startsWith('https:') === true
  }

  /** As far as one subscriber has it (net/address.ts). */
  addressOf(request: IncomingMessage): string {
    return network(this.#resolve(request).address)
  }

  /**
   * Whether it is sure that they have a private address. Where a proxy tells of anybody, only trusted ones count, all
   * the way to who is calling, and nothing may name an address elsewhere: one proxy may pass on what another has said.
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

  /** Encrypted as far as the person's browser knows: here, or by what stands before the public address. */
  isSecure(request: IncomingMessage): boolean {
    return (request.socket as TLSSocket).encrypted === true || this.isPublic(request)
  }

  /** Under the public name, and encrypted. */
  isPublic({ headers }: IncomingMessage): boolean {
    return this.#isPublicSecure && this.hosts.isPublic(headers.host)
  }
}

function namesFar(value: string): boolean {
  const addresses = value.split(/[\s,;="]+/).map(addressIn)
  return addresses.some(address => address !== undefined && !isPrivate(address))
}
