// Under which names the server is known, and from which pages it may be spoken to.

import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

export class Hosts {
  readonly #names: ReadonlySet<string>
  readonly #origins: ReadonlySet<string>

  /** @param publicUrl where others find it, such as https://chat.example.org */
  constructor(host: string, publicUrl: string | undefined) {
    const url = publicUrl === undefined ? undefined : new URL(publicUrl)
    this.#names = new Set(['localhost', host.toLowerCase(), ...(url ? [url.hostname] : [])])
    this.#origins = new Set(url ? [url.origin] : [])
  }

  /**
   * Whether Host (RFC 9110, section 7.2) is one of ours: a page of a foreign name that was made to point here must not
   * pass for ours. An address as such can't be made to point elsewhere.
   */
  knows(host: string | undefined): boolean {
    if (host === undefined || !URL.canParse(`http://${host}`)) return false
    const { hostname } = new URL(`http://${host}`)
    return isIP(hostname.replace(/^\[|\]$/g, '')) !== 0 || this.#names.has(hostname)
  }

  /** Whether it is the public address's. */
  isPublic(host: string | undefined): boolean {
    return host !== undefined && (this.#origins.has(`https://${host}`) || this.#origins.has(`http://${host}`))
  }

  /** Whether a request comes from a page of ours, or from no page at all. */
  isOurs({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
    // Fetch Metadata: what a browser itself says of where a request comes from; a page can't.
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
    if (origin === undefined) return true
    if (this.#origins.has(origin)) return true
    return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()
  }
}
