// What one has read of a room: where the line "New" stands, and what is unread above what one sees.

import type { Room } from './room.ts'

/** Unread messages above what is in view. */
export interface UnreadAbove {
  /** As many as the listing counts, those in view and below included. */
  readonly count: number
  /** The time of the first one, if it is loaded. */
  readonly since: number | undefined
}

export class Reading {
  /** The line stands after this seq; undefined for none. It stays while one is there. */
  lineAfter: number | undefined
  /** One has marked something as unread: what is in view moves no mark until one comes to the room again. */
  isHeld = false
  readonly #room: Room
  readonly #me: () => number

  constructor(room: Room, me: () => number) {
    this.#room = room
    this.#me = me
  }

  /** One comes to the room. */
  enter(): void {
    const { read, unread } = this.#room.listing
    this.#room.visitedAt = Date.now()
    this.isHeld = false
    this.lineAfter = unread > 0 ? read : undefined
  }

  /** One looks elsewhere, or the connection was lost: whatever comes from now on stands behind the line. */
  leave(): void {
    const { listing, lastSeq } = this.#room
    if (!this.isHeld) this.lineAfter = listing.unread === 0 ? lastSeq : listing.read
  }

  /** One looks again: another device may have read on meanwhile. */
  comeBack(): void {
    const { read, unread } = this.#room.listing
    if (unread > 0 && read > (this.lineAfter ?? 0)) this.lineAfter = read
  }

  /** One has marked what follows `seq` as unread, here or on another device. */
  hold(seq: number): void {
    this.isHeld = true
    this.lineAfter = seq
  }

  /** What is unread before the entry `seq`, the first one in view; undefined if nothing is. */
  above(seq: number): UnreadAbove | undefined {
    const { listing, timeline } = this.#room
    const { read, unread } = listing
    if (unread === 0) return undefined
    const me = this.#me()
    const [oldest] = timeline.entries
    const isLoaded = !timeline.hasOlder || (oldest !== undefined && oldest.seq <= read + 1)
    const first = timeline.entries.find(
      each => each.seq > read && each.kind === 'message' && each.author.id !== me && !each.deleted,
    )
    if (isLoaded && (!first || first.seq >= seq)) return undefined
    return { count: unread, since: isLoaded ? first?.at : undefined }
  }
}
