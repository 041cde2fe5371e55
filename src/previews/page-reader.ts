// What a link leads to, as its page says it.

import type { LinkPreview } from '../core/model/model.ts'
import { printable } from '../core/model/rules.ts'
import type { LinkReader } from '../core/ports/previews.ts'
import { FetchFailed } from '../net/fetch/fetch-failed.ts'
import type { Answer, SafeFetch } from '../net/fetch/safe-fetch.ts'
import { type Head, LONGEST_HEAD, readHead } from './head.ts'

/** In code points. */
const LONGEST = { title: 200, description: 300, site: 80 }
const PAGES = new Set(['text/html', 'application/xhtml+xml'])
/** More than is read, so that a long page is none too large. */
const MOST_BYTES = 2 * LONGEST_HEAD

export class PageReader implements LinkReader {
  readonly #fetch: SafeFetch

  constructor(fetch: SafeFetch) {
    this.#fetch = fetch
  }

  async read(url: string): Promise<Omit<LinkPreview, 'url'> | undefined> {
    try {
      return await this.#fetch.get(url, { accept: [...PAGES].join(), most: MOST_BYTES }, readAnswer)
    } catch (error) {
      if (error instanceof FetchFailed) return undefined
      throw error
    }
  }
}

async function readAnswer({
  type,
  contentType,
  body,
}: Answer): Promise<Omit<LinkPreview, 'url'> | undefined> {
  return PAGES.has(type) ? previewOf(await readHead(body, contentType)) : undefined
}

function previewOf(head: Head): Omit<LinkPreview, 'url'> | undefined {
  const title = cleaned(head.title, LONGEST.title)
  const description = cleaned(head.description, LONGEST.description)
  const site = cleaned(head.site, LONGEST.site)
  if (title === '') return undefined
  return { title, ...(description !== '' && { description }), ...(site !== '' && { site }) }
}

/** On one line, without controls and what would turn the direction of others' text, with few marks on a letter. */
function cleaned(said: string | undefined, most: number): string {
  const line = printable(said ?? '')
    .replace(/\s+/gu, ' ')
    .trim()
  const letters = Array.from(line.normalize('NFC').replace(/(\p{M}{2})\p{M}+/gu, '$1'))
  return letters.length <= most
    ? letters.join('')
    : `${letters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}
