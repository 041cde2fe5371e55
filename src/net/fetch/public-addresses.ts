// Which addresses lead to the public Internet: everything that IANA's registries of special-purpose addresses list is left out
// (iana.org/assignments/iana-ipv4-special-registry, iana-ipv6-special-registry).

import { BlockList, isIP } from 'node:net'

const SPECIAL_IPV4 = [
  '0.0.0.0/8', // this network (RFC 791, section 3.2; RFC 1122, section 3.2.1.3)
  '10.0.0.0/8', // private (RFC 1918)
  '100.64.0.0/10', // shared by subscribers of one provider, CGNAT (RFC 6598)
  '127.0.0.0/8', // loopback (RFC 1122, section 3.2.1.3)
  '168.63.129.16/32', // the host of a machine in Microsoft's cloud, which tells the machine its secrets; in no registry
  '169.254.0.0/16', // link-local, where clouds keep their metadata (RFC 3927)
  '172.16.0.0/12', // private (RFC 1918)
  '192.0.0.0/24', // protocol assignments (RFC 6890, section 2.1)
  '192.0.2.0/24', // documentation (RFC 5737)
  '192.88.99.0/24', // relays of 6to4 (RFC 7526)
  '192.168.0.0/16', // private (RFC 1918)
  '198.18.0.0/15', // benchmarking (RFC 2544)
  '198.51.100.0/24', // documentation (RFC 5737)
  '203.0.113.0/24', // documentation (RFC 5737)
  '224.0.0.0/4', // multicast (RFC 5771)
  '240.0.0.0/4', // reserved, and broadcast (RFC 1112, section 4; RFC 919, section 7)
]

/**
 * The only global unicast addresses that are given out (RFC 3587). Outside of them lie ::, ::1, those that hold an IPv4
 * address (::/96, RFC 4291; ::ffff:0:0/96, RFC 4291; 64:ff9b::/96, RFC 6052; 64:ff9b:1::/48, RFC 8215), discarded ones
 * (100::/64, RFC 6666), segment routing (5f00::/16, RFC 9602), unique local (fc00::/7, RFC 4193), link-local (fe80::/10, RFC
 * 4291), site-local (fec0::/10, RFC 3879) and multicast ones (ff00::/8, RFC 4291).
 */
const GLOBAL_IPV6 = '2000::/3'
const SPECIAL_IPV6 = [
  '2001::/23', // protocol assignments (RFC 2928), Teredo among them (2001::/32, RFC 4380)
  '2001:db8::/32', // documentation (RFC 3849)
  '2002::/16', // 6to4 (RFC 3056)
  '3fff::/20', // documentation (RFC 9637)
]

const specialIpv4 = blockList(SPECIAL_IPV4, 'ipv4')
const globalIpv6 = blockList([GLOBAL_IPV6], 'ipv6')
const specialIpv6 = blockList(SPECIAL_IPV6, 'ipv6')

function blockList(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    list.addSubnet(address, Number(prefix), family)
  }
  return list
}

/**
 * Whether the address belongs to one machine of the public Internet. False for anything that is not an address, and for one
 * with a zone.
 */
export function isPublicAddress(address: string): boolean {
  if (address.includes('%')) return false
  switch (isIP(address)) {
    case 4:
      return !specialIpv4.check(address, 'ipv4')
    case 6:
      return globalIpv6.check(address, 'ipv6') && !specialIpv6.check(address, 'ipv6')
    default:
      return false
  }
}
