// Reads what links lead to, where the settings want it. What it takes is loaded with the first link.

import type { Config } from '../config/settings.ts'
import type { LinkReader } from '../core/ports/previews.ts'
import { looksAtLinks } from './policy.ts'
import { VERSION } from './version.ts'

/** @returns undefined where links are not looked at */
export function openLinkReader(config: Config): (LinkReader & { close(): void }) | undefined {
  if (!looksAtLinks(config)) return undefined
  const closing = new AbortController()
  let loading: ReturnType<typeof load> | undefined
  const load = async () => {
    const [{ PageReader }, { SafeFetch }] = await Promise.all([
      import('../previews/page-reader.ts'),
      import('../net/fetch/safe-fetch.ts'),
    ])
    const userAgent = `Tertulia/${VERSION} (link preview)`
    return new PageReader(new SafeFetch({ ...config, userAgent, closing: closing.signal }))
  }
  const reader = () => (loading ??= load())
  return {
    read: async url => (await reader()).read(url),
    picture: async (url, use) => (await reader()).picture(url, use),
    close: () => closing.abort(),
  }
}
