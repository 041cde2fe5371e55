// What links lead to: read from their pages, and kept with the messages that have them.

import type { Instant, LinkPreview } from '../model/model.ts'

export interface LinkReader {
  /**
   * Asks the page for what it says of itself, for ten seconds at most.
   * @returns undefined where it can't be read, or says nothing
   */
  read(url: string): Promise<Omit<LinkPreview, 'url'> | undefined>
}

/** A preview with when its page was read. */
export interface ReadLink extends LinkPreview {
  readonly at: Instant
}

/** The store's previews. They are written by changes of rooms (log.ts). */
export interface Previews {
  /** What other messages show of these links already, if it was read since then; in no order. */
  known(urls: readonly string[], since: Instant): Promise<readonly ReadLink[]>
}
