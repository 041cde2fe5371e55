// Who is calling: behind which proxies, over what, and from which pages.

import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { network } from '../../net/address.ts'
import type { Hosts } from './hosts.ts'

/** What proxies add (RFC 7239; RFC 9110, section 7.6.3; and those before them). */
const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']

/** Who is really calling, behind proxies that are trusted. */
export interface Proxies {
  address(remote: string, forwardedFor: string | undefined): string
}

export class Caller {
  readonly hosts: Hosts
  readonly #proxies: Proxies
  readonly #isPublicSecure: boolean

  constructor(hosts: Hosts, proxies: Proxies, publicUrl: string | undefined) {
    this.hosts = hosts
    this.#proxies = proxies
    this.#isPublicSecure = publicUrl?.startsWith('https:') === true
  }

  /** As far as one subscriber has it (net/address.ts). */
  addressOf(request: IncomingMessage): string {
    return network(this.#address(request))
  }

  /** Whole; '' for who comes through a proxy that nobody has said to trust: nobody knows who that is. */
  fullAddressOf(request: IncomingMessage): string {
    const remote = request.socket.remoteAddress ?? ''
    const forwarded = FORWARDED.some(name => request.headers[name] !== undefined)
    const address = this.#address(request)
    return forwarded && address === this.#proxies.address(remote, undefined) ? '' : address
  }

  #address({ socket, headers }: IncomingMessage): string {
    const forwarded = headers['x-forwarded-for']
    const chain = Array.isArray(forwarded) ? forwarded.join() : forwarded
    return this.#proxies.address(socket.remoteAddress ?? '', chain)
  }

  /** Encrypted as far as the person's browser knows: here, or by what stands before the public address. */
  isSecure(request: IncomingMessage): boolean {
    return (request.socket as TLSSocket).encrypted === true || this.isPublic(request)
  }

  /** Under the public name, and encrypted. */
  isPublic({ headers }: IncomingMessage): boolean {
    return this.#isPublicSecure && this.hosts.isPublic(headers.host)
  }
}
