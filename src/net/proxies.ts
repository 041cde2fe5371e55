// Who is calling, when a proxy calls in their place.

import { isIP } from 'node:net'
import { Networks, plainAddress } from './networks.ts'

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
  address(remote: string, forwardedFor: string | undefined): string {
    const hops = forwardedFor?.split(',') ?? []
    let caller = plainAddress(remote) ?? remote
    while (this.#trusted.has(caller)) {
      const before = addressIn(hops.pop() ?? '')
      if (before === undefined) break
      caller = before
    }
    return caller
  }
}

/** Some proxies add the port: 192.0.2.1:51234, [2001:db8::1]:51234. */
function addressIn(hop: string): string | undefined {
  const trimmed = hop.trim()
  const [, bare = trimmed] =
    /^\[(.+)\](?::\d{1,5})?$/.exec(trimmed) ?? /^([\d.]+):\d{1,5}$/.exec(trimmed) ?? []
  return isIP(bare) === 0 ? undefined : plainAddress(bare)
}
