// Under which names the server is known, and from which pages it may be spoken to.

import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

/** Host without userinfo, and a port (RFC 3986, section 3.2). */
const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i

export class Hosts {
  readonly #names: ReadonlySet<string>
  readonly #origins: ReadonlySet<string>

  /** @param names of the machine, and what it listens on. @param publicUrl where others find it, such as https://chat.example.org */
  constructor(names: readonly string[], publicUrl: string | undefined) {
    const url = publicUrl === undefined ? undefined : new URL(publicUrl)
    const all = ['localhost', ...names, ...(url ? [url.hostname] : [])]
    this.#names = new Set(all.map(name => name.toLowerCase()))
    this.#origins = new Set(url ? [url.origin] : [])
  }

  /**
   * Whether Host (RFC 9110, section 7.2) is one of ours: a page of a foreign name that was made to point here must not
   * pass for ours. An address as such can't be made to point elsewhere.
   */
  knows(host: string | undefined): boolean {
    const name = HOST.exec(host ?? '')?.[1]?.toLowerCase()
    if (name === undefined) return false
    return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || this.#names.has(name)
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
