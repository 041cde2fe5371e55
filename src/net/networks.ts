// Sets of IP addresses and networks.

import { BlockList, isIP, SocketAddress } from 'node:net'

const WHOLE = { ipv4: 32, ipv6: 128 }

export class Networks {
  readonly #listed = new BlockList()

  /** @param networks addresses and networks, such as 10.0.0.0/8 */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = '', prefix] = network.split('/')
      const family = familyOf(address)
      this.#listed.addSubnet(address, Number(prefix ?? WHOLE[family]), family)
    }
  }

  /** Whether an address is in one of the networks; false for anything that is not an address. */
  has(address: string): boolean {
    const plain = plainAddress(address)
    return plain !== undefined && this.#listed.check(plain, familyOf(plain))
  }
}

/** Returns an address in its canonical form: without a zone, and IPv4-mapped ones as IPv4. undefined if it is none. */
export function plainAddress(address: string): string | undefined {
  const unzoned = address.replace(/%.*$/, '')
  if (isIP(unzoned) === 0) return undefined
  const { address: canonical } = new SocketAddress({ address: unzoned, family: familyOf(unzoned) })
  return canonical.replace(/^::ffff:(?=\d+\.)/, '')
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}
