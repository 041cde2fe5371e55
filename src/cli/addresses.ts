// The addresses of this machine.

import { networkInterfaces } from 'node:os'

/** Interfaces of containers, virtual machines and tunnels: seldom the network that a class is on. */
const SELDOM = /^(docker|br-|veth|virbr|vbox|vmnet|vEthernet|tun|tap|utun|wg)/i

/** All addresses of the family but loopback, those on likely networks first. */
export function ownAddresses(family: 'IPv4' | 'IPv6'): string[] {
  const interfaces = Object.entries(networkInterfaces())
  const likely = interfaces.filter(([name]) => !SELDOM.test(name))
  const seldom = interfaces.filter(([name]) => SELDOM.test(name))
  return [...likely, ...seldom]
    .flatMap(([, addresses]) => addresses ?? [])
    .filter(each => each.family === family && !each.internal)
    .map(each => each.address)
}

/** The host under which others reach a server that listens at `host`. */
export function reachable(host: string): string {
  if (host === '127.0.0.1' || host === '::1') return 'localhost'
  if (host !== '0.0.0.0' && host !== '::') return host
  return ownAddresses('IPv4')[0] ?? host
}
