// The host names of the server, and the origins that may use it.

import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

/** A host with an optional port (RFC 3986, section 3.2). */
const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i

export class Hosts {
  readonly #names: ReadonlySet<string>
  readonly #origins: ReadonlySet<string>

  /** @param names of the machine, and the hosts it listens on. @param publicUrl such as https://chat.example.org */
  constructor(names: readonly string[], publicUrl: string | undefined) {
    const url = publicUrl === undefined ? undefined : new URL(publicUrl)
    const all = ['localhost', ...names, ...(url ? [url.hostname] : [])]
    this.#names = new Set(all.map(name => name.toLowerCase()))
    this.#origins = new Set(url ? [url.origin] : [])
  }

  /**
   * Whether a Host header (RFC 9110, section 7.2) names this server. A foreign name that resolves to us must not pass (DNS
   * rebinding); an IP address cannot be rebound.
   */
  knows(host: string | undefined): boolean {
    const name = HOST.exec(host ?? '')?.[1]?.toLowerCase()
    if (name === undefined) return false
    return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || this.#names.has(name)
  }

  /** Whether a Host header names the public address, where that is encrypted: in any case, also with the port 443. */
  isPublic(host: string | undefined): boolean {
    const url = `https://${host}`
    return HOST.test(host ?? '') && URL.canParse(url) && this.#origins.has(new URL(url).origin)
  }

  /** Whether a request comes from a page of this server, or not from a page at all. */
  isOurs({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
    // Fetch Metadata: set by the browser, not by the page.
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
    if (origin === undefined) return true
    if (this.#origins.has(origin)) return true
    return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()
  }
}
