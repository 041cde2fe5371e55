// The store's search.

import type { Instant, Message, Room, RoomId, UserId } from '../model/model.ts'
import type { Hit } from '../search/matching.ts'
import type { Term } from '../search/terms.ts'

/**
 * Terms that must be next to each other in a text: what was typed without a space, or a phrase in quotation marks.
 */
export interface Phrase {
  readonly terms: readonly Term[]
  /** If false, the last term may be the beginning of a word. */
  readonly whole: boolean
}

/** A parsed query (query.ts). All of it must hold for a message (matching.ts). */
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
  /** Messages with files of any kind, or with pictures. */
  readonly has?: 'file' | 'picture'
}

/** A message that matches. */
export interface FoundMessage {
  readonly message: Message
  readonly room: Room
  /** The matching parts of its text. */
  readonly hits: readonly Hit[]
}

export interface SearchResults {
  readonly found: readonly FoundMessage[]
  /** There are more results after these. */
  readonly more: boolean
  /** False if messages may be missing: the index is far behind, or more would have to be read than one search may. */
  readonly complete: boolean
}

/** What a search has cost. */
export interface SearchCost {
  /** The number of rooms searched. */
  readonly rooms: number
  /** UTF-16 units of the texts that were read, and what takes about as long. */
  readonly units: number
}

export interface Search {
  /**
   * Called once before any search: empties an index made by another rule (index-terms.ts), so that it is made anew.
   */
  renew(): Promise<void>
  /**
   * Searches the rooms that the reader is in, newest messages first.
   * @param skip results to leave out at the beginning
   */
  find(
    reader: UserId,
    query: Query,
    skip: number,
    limit: number,
  ): Promise<SearchResults & { readonly work: SearchCost }>
  /**
   * Indexes up to `limit` messages of one room: the next one after `after` that has any to index.
   * @returns that room; undefined if there is none
   */
  index(after: RoomId, limit: number): Promise<RoomId | undefined>
  /** Compacts the index in a step of that size. @returns whether there was something to do */
  tidy(size: number): Promise<boolean>
}
