// Which addresses count as one subscriber.

import { plainAddress } from './networks.ts'

/** Returns an IPv4 address, or the /64 of an IPv6 address: a subscriber has all of its addresses (RFC 6177). */
export function network(address: string): string {
  const plain = plainAddress(address) ?? address
  if (!plain.includes(':') || plain.endsWith('/64')) return plain // a network is returned as it is
  const [head = '', tail = ''] = plain.split('::')
  const [first, last] = [groups(head), groups(tail)]
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0')
  return `${[...first, ...zeros, ...last].slice(0, 4).join(':')}::/64`
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':')
}
