// Finds the addresses of a host, and connects to exactly those.

import { lookup, Resolver } from 'node:dns/promises'
import { connect, isIP, type Socket } from 'node:net'

/** Finds the addresses of a host; rejects, or gives none, where there are none. */
export type Resolve = (host: string) => Promise<readonly string[]>

/** Connects to one of the addresses, whatever the name of the host is. */
export type Connect = (addresses: readonly string[], port: number) => Socket

const DNS_MS = 2_000
const DNS_TRIES = 2

/**
 * Asks DNS, without a thread of libuv's pool: anybody may have a name server that is slow, and log-ins need the pool. The
 * hosts file does not count.
 */
export const resolveByDns: Resolve = async host => {
  const resolver = new Resolver({ timeout: DNS_MS, tries: DNS_TRIES })
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  return found.flatMap(each => (each.status === 'fulfilled' ? each.value : []))
}

/** Asks the system, with its hosts file, for hosts that the operator has named. */
export const resolveBySystem: Resolve = async host =>
  (await lookup(host, { all: true })).map(({ address }) => address)

/** Asks nobody for a name: the addresses are all that it knows. Tries one after the other (RFC 8305). */
export const connectTo: Connect = (addresses, port) => {
  const found = addresses.map(address => ({ address, family: isIP(address) }))
  return connect({
    host: 'checked.invalid', // never looked up: a name makes Node ask `lookup` for all addresses
    port,
    autoSelectFamily: true,
    lookup: (_host, { all }, answer) => {
      const [first] = found
      if (all === true) answer(null, found)
      else answer(null, first?.address ?? '', first?.family)
    },
  })
}
