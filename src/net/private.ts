// Which addresses are local: on this machine, or on a private network.

import { Networks } from './networks.ts'

const LOOPBACK = ['127.0.0.0/8', '::1']
// RFC 1918, RFC 4193, and link-local (RFC 3927; RFC 4291, 2.5.6). Not 100.64.0.0/10 (RFC 6598), which subscribers of one provider share.
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', '169.254.0.0/16', 'fe80::/10']

const loopback = new Networks(LOOPBACK)
const near = new Networks([...LOOPBACK, ...PRIVATE])

/** Whether it is an address of this machine itself: loopback. */
export function isLoopbackAddress(address: string): boolean {
  return loopback.has(address)
}

/** Whether the address is not routed beyond its own network; loopback included. */
export function isPrivate(address: string): boolean {
  return near.has(address)
}
