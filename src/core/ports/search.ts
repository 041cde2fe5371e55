// The store's search.

import type { Instant, Message, Room, RoomId, UserId } from '../model/model.ts'
import type { Hit } from '../search/matching.ts'
import type { Term } from '../search/terms.ts'

/** What must stand side by side in a text: what was typed without a space, or a phrase in quotation marks. */
export interface Phrase {
  readonly terms: readonly Term[]
  /** Otherwise the last of them may be the beginning of a word. */
  readonly whole: boolean
}

/** What is sought (query.ts): all of it must be true of a message (matching.ts). */
export interface Query {
  readonly wanted: readonly Phrase[]
  readonly without: readonly Phrase[]
  /** Folded username. */
  readonly from?: string
  /** Folded name of a room. */
  readonly in?: string
  readonly before?: Instant
  readonly after?: Instant
  readonly hasLink?: true
}

/** A message that was found. */
export interface FoundMessage {
  readonly message: Message
  readonly room: Room
  /** Where in the text. */
  readonly hits: readonly Hit[]
}

export interface SearchResults {
  readonly found: readonly FoundMessage[]
  /** There are more behind these. */
  readonly more: boolean
  /** False when there may be others: the index is far behind, or more would have had to be looked through than is. */
  readonly complete: boolean
}

/** What a search takes. */
export interface SearchCost {
  /** Looked into. */
  readonly rooms: number
  /** UTF-16 units of the texts that are looked through, and what else takes about as long as so many. */
  readonly units: number
}

export interface Search {
  /** Once, before anything is sought: an index that another rule has made (index-terms.ts) is emptied, to be made anew. */
  renew(): Promise<void>
  /** In the rooms that the reader is in, newest first. @param skip so many of them */
  find(
    reader: UserId,
    query: Query,
    skip: number,
    limit: number,
  ): Promise<SearchResults & { readonly work: SearchCost }>
  /**
   * Takes messages into the index, so many of one room: the next behind `after` that has some.
   * @returns that room; undefined when there is none behind it.
   */
  index(after: RoomId, limit: number): Promise<RoomId | undefined>
  /** Makes searching in what is indexed quicker, in a step of that size. @returns whether there was something to do */
  tidy(size: number): Promise<boolean>
}
