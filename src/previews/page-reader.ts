// What a link leads to, as its page says it.

import { printable } from '../core/model/rules.ts'
import { LARGEST_LINK_PICTURE, type LinkReader, type PageSummary } from '../core/ports/previews.ts'
import { normalized } from '../core/text/normal-forms.ts'
import { FetchFailed } from '../net/fetch/fetch-failed.ts'
import type { FetchResponse, SafeFetch } from '../net/fetch/safe-fetch.ts'
import { type Head, LONGEST_HEAD, readHead } from './head.ts'

/** In code points. */
const LONGEST = { title: 200, description: 300, site: 80 }
const PAGES = new Set(['text/html', 'application/xhtml+xml'])
/** More than is read, so that a long page is none too large. */
const MOST_BYTES = 2 * LONGEST_HEAD
const PICTURES = 'image/*'

export class PageReader implements LinkReader {
  readonly #fetch: SafeFetch

  constructor(fetch: SafeFetch) {
    this.#fetch = fetch
  }

  read(url: string): Promise<PageSummary | undefined> {
    const accept = [...PAGES, PICTURES].join()
    return unlessFailed(this.#fetch.get(url, { accept, most: MOST_BYTES }, readAnswer))
  }

  picture<T>(url: string, use: (chunks: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T | undefined> {
    const wanted = { accept: PICTURES, most: LARGEST_LINK_PICTURE }
    return unlessFailed(this.#fetch.get(url, wanted, ({ body }) => use(body)))
  }
}

async function unlessFailed<T>(got: Promise<T>): Promise<T | undefined> {
  try {
    return await got
  } catch (error) {
    if (error instanceof FetchFailed) return undefined
    throw error
  }
}

async function readAnswer({ url, type, contentType, body }: FetchResponse): Promise<PageSummary | undefined> {
  if (type.startsWith('image/')) return { picture: url.href }
  return PAGES.has(type) ? summaryOf(await readHead(body, contentType), url) : undefined
}

function summaryOf(head: Head, page: URL): PageSummary | undefined {
  const title = cleaned(head.title, LONGEST.title)
  const description = cleaned(head.description, LONGEST.description)
  const site = cleaned(head.site, LONGEST.site)
  if (title === '') return undefined
  const picture = pictureOf(head, page)
  return {
    title,
    ...(description !== '' && { description }),
    ...(site !== '' && { site }),
    ...(picture !== undefined && { picture }),
  }
}

function pictureOf({ picture, base }: Head, page: URL): string | undefined {
  if (picture === undefined) return undefined
  const from = base === undefined ? page : (URL.parse(base, page) ?? page)
  return URL.parse(picture.trim(), from)?.href
}

/** On one line, without controls and what would turn the direction of others' text, with few marks on a letter. */
function cleaned(said: string | undefined, most: number): string {
  const line = printable(said ?? '')
    .replace(/\s+/gu, ' ')
    .trim()
  const letters = Array.from(composed(line, most).replace(/(\p{M}{2})\p{M}+/gu, '$1'))
  return letters.length <= most
    ? letters.join('')
    : `${letters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}

/** In NFC; what is far too long is cut before. @param most code points that are kept of it */
function composed(line: string, most: number): string {
  return normalized(line.slice(0, 4 * most), 'NFC', most)
}
