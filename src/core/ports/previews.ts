// What links lead to: read from their pages, and kept with the messages that have them.

import type { FileId, Instant, LinkPreview } from '../model/model.ts'

/** Bytes of a picture as its site has it. */
export const LARGEST_LINK_PICTURE = 5 << 20

/** What a page says of itself, each text on one printable line; it has at least a title or a picture. */
export interface PageSummary extends Omit<LinkPreview, 'url' | 'picture'> {
  /** The URL of its picture. */
  readonly picture?: string
}

/** Asks for ten seconds at most. */
export interface LinkReader {
  /** @returns undefined where it can't be read, or says nothing */
  read(url: string): Promise<PageSummary | undefined>
  /**
   * Hands on the bytes of a picture as they come, LARGEST_LINK_PICTURE at most.
   * @returns what `use` returns; undefined where the picture can't be read
   */
  picture<T>(url: string, use: (chunks: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T | undefined>
}

/** A preview with when its page was read. */
export interface ReadLink extends LinkPreview {
  readonly at: Instant
  /** The upload by which its picture was kept, until a message shows it. */
  readonly upload?: FileId
}

/** The store's previews. They are written by changes of rooms (log.ts). */
export interface Previews {
  /** What other messages show of these links already, if it was read since then; in no order. */
  known(urls: readonly string[], since: Instant): Promise<readonly ReadLink[]>
}
