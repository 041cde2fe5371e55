// Where this machine is on its networks.

import { networkInterfaces } from 'node:os'

/** Networks inside the machine and tunnels: seldom the one that a class is on. */
const SELDOM = /^(docker|br-|veth|virbr|vbox|vmnet|vEthernet|tun|tap|utun|wg)/i

/** Its addresses, loopback aside; those that others are likely to share a network with first. */
export function ownAddresses(family: 'IPv4' | 'IPv6'): string[] {
  const interfaces = Object.entries(networkInterfaces())
  const likely = interfaces.filter(([name]) => !SELDOM.test(name))
  const seldom = interfaces.filter(([name]) => SELDOM.test(name))
  return [...likely, ...seldom]
    .flatMap(([, addresses]) => addresses ?? [])
    .filter(each => each.family === family && !each.internal)
    .map(each => each.address)
}

/** Where others find a server that listens there. */
export function reachable(host: string): string {
  if (host === '127.0.0.1' || host === '::1') return 'localhost'
  if (host !== '0.0.0.0' && host !== '::') return host
  return ownAddresses('IPv4')[0] ?? host
}
