// Who is calling, when a proxy calls in their place.

import { isIP } from 'node:net'
import { Networks, plainAddress } from './networks.ts'

/** Who is calling, as far as trusted proxies tell. */
export interface RemoteAddress {
  readonly address: string
  /** Somebody other than whom the connection is from, and nobody is said to stand behind them. */
  readonly isVouched: boolean
}

export class Proxies {
  readonly #trusted: Networks

  /** @param trusted addresses, and networks such as 10.0.0.0/8 */
  constructor(trusted: readonly string[]) {
    this.#trusted = new Networks(trusted)
  }

  /**
   * Who is really calling. Each proxy adds to the right of `X-Forwarded-For` whom it was called by, so that is read
   * from the right, and believed as far as those who say it are trusted; what is to the left of a value that is no
   * address is not believed either.
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

/** Some proxies add the port: 192.0.2.1:51234, [2001:db8::1]:51234. undefined for what is no address. */
export function addressIn(hop: string): string | undefined {
  const trimmed = hop.trim()
  const [, bare = trimmed] =
    /^\[(.+)\](?::\d{1,5})?$/.exec(trimmed) ?? /^([\d.]+):\d{1,5}$/.exec(trimmed) ?? []
  return isIP(bare) === 0 ? undefined : plainAddress(bare)
}
