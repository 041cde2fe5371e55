// The address of a client behind proxies.

import { isIP } from 'node:net'
import { Networks, plainAddress } from './networks.ts'

/** The address of a client, as far as trusted proxies tell it. */
export interface RemoteAddress {
  readonly address: string
  /** Trusted proxies vouch for it: it is not the peer's own, and no further client is claimed beyond it. */
  readonly isVouched: boolean
}

export class Proxies {
  readonly #trusted: Networks

  /** @param trusted addresses and networks, such as 10.0.0.0/8 */
  constructor(trusted: readonly string[]) {
    this.#trusted = new Networks(trusted)
  }

  /**
   * Finds the client's address. Each proxy appends the address of its own peer to `X-Forwarded-For`, so the header is read
   * from the right, and believed as long as the sender of a value is trusted and the value is an address.
   */
  resolve(remote: string, forwardedFor: string | undefined): RemoteAddress {
    const hops = forwardedFor?.split(',') ?? []
    const peer = plainAddress(remote) ?? remote
    let address = peer
    while (hops.length > 0 && this.#trusted.has(address)) {
      const before = addressIn(hops.at(-1) ?? '')
      if (before === undefined) break
      address = before
      hops.pop()
    }
    return { address, isVouched: hops.length === 0 && address !== peer }
  }
}

/** Parses an address, with or without a port: 192.0.2.1:51234, [2001:db8::1]:51234. undefined if it is none. */
export function addressIn(hop: string): string | undefined {
  const trimmed = hop.trim()
  const [, bare = trimmed] =
    /^\[(.+)\](?::\d{1,5})?$/.exec(trimmed) ?? /^([\d.]+):\d{1,5}$/.exec(trimmed) ?? []
  return isIP(bare) === 0 ? undefined : plainAddress(bare)
}
