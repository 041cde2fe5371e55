// Reads what a page says of itself in its head: Open Graph (ogp.me), Twitter's cards, and plain HTML.

import { charsetOf, PRESCAN } from './charset.ts'
import { type Attributes, appended, TagReader } from './tag-reader.ts'

/** Bytes of a page that are read in search of the end of its head. */
export const LONGEST_HEAD = 512 << 10

/** As the page says it, neither cleaned nor checked; missing or empty where it does not. */
export interface Head {
  readonly title?: string
  readonly description?: string
  readonly site?: string
  /** The URL of its picture, maybe a relative one. */
  readonly picture?: string
  /** What its relative URLs are relative to, if it says so. */
  readonly base?: string
}

/** What is looked for, by the names of meta elements that say it, the best one first. */
const NAMES = {
  title: ['og:title', 'twitter:title'],
  description: ['og:description', 'twitter:description', 'description'],
  site: ['og:site_name', 'application-name'],
  picture: ['og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src'],
} as const
const KNOWN: ReadonlySet<string> = new Set(Object.values(NAMES).flat())
const ATTRIBUTES: ReadonlySet<string> = new Set(['property', 'name', 'content', 'href'])

/**
 * Reads no further than the end of the head, or LONGEST_HEAD, whichever comes first. Bytes that make no sense in the page's
 * charset become U+FFFD.
 * @param contentType the header, which counts more than what the page says of its charset
 */
export async function readHead(body: AsyncIterable<Uint8Array>, contentType: string): Promise<Head> {
  const reader = new HeadReader()
  let decoder: TextDecoder | undefined
  let [start, size] = [Buffer.alloc(0), 0]
  for await (const chunk of body) {
    size += chunk.length
    if (decoder) reader.write(decoder.decode(chunk, { stream: true }))
    else {
      start = Buffer.concat([start, chunk])
      if (size < PRESCAN) continue
      decoder = new TextDecoder(charsetOf(start, contentType))
      reader.write(decoder.decode(start, { stream: true }))
    }
    if (reader.isDone || size >= LONGEST_HEAD) break
  }
  if (!decoder) reader.write(new TextDecoder(charsetOf(start, contentType)).decode(start))
  return reader.end()
}

class HeadReader {
  readonly #tags = new TagReader(ATTRIBUTES, {
    opened: (name, attributes) => this.#open(name, attributes),
    text: text => this.#text(text),
    closed: name => this.#close(name),
  })
  /** The first value of each meta element, and the title's text. */
  readonly #said = new Map<string, string>()
  #title: string | undefined
  #inTitle = false
  #base: string | undefined

  get isDone(): boolean {
    return this.#tags.isDone
  }

  write(text: string): void {
    this.#tags.write(text)
  }

  /** What was read, with what was written last: a tag may have begun in it. */
  end(): Head {
    this.#tags.end()
    const first = (names: readonly string[]) => names.map(name => this.#said.get(name)).find(Boolean)
    const title = first(NAMES.title) ?? this.#title
    const [description, site, picture] = [first(NAMES.description), first(NAMES.site), first(NAMES.picture)]
    const base = this.#base
    return {
      ...(title && { title }),
      ...(description && { description }),
      ...(site && { site }),
      ...(picture && { picture }),
      ...(base && { base }),
    }
  }

  #open(name: string, attributes: Attributes): void {
    if (name === 'body') this.#tags.stop()
    else if (name === 'title') this.#inTitle = this.#title === undefined
    else if (name === 'base') this.#base ??= attributes.get('href')
    else if (name === 'meta') this.#meta(attributes)
  }

  /** Open Graph has its names in `property`, the others in `name`; pages mix them up. */
  #meta(attributes: Attributes): void {
    const key = (attributes.get('property') ?? attributes.get('name') ?? '').trim().toLowerCase()
    const content = attributes.get('content') ?? ''
    if (KNOWN.has(key) && content.trim() !== '' && !this.#said.has(key)) this.#said.set(key, content)
  }

  #text(text: string): void {
    if (this.#inTitle) this.#title = appended(this.#title ?? '', text)
  }

  #close(name: string): void {
    if (name === 'title') this.#inTitle = false
    else if (name === 'head') this.#tags.stop()
  }
}
