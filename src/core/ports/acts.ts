// The store's moderation log. Its rows are written by the methods that do what it tells, in the same transaction.

import type { Act } from '../model/acts.ts'
import type { RoomId, UserId } from '../model/model.ts'

export interface ActsPage {
  /** Only those in this room. */
  readonly room: RoomId | undefined
  /** Only those by or about this person. */
  readonly person: UserId | undefined
  /** Only those before this one; undefined: from the latest on. */
  readonly before: number | undefined
  readonly limit: number
}

export interface Acts {
  /**
   * Newest first, at most `limit` of them. A room's for its moderators and for admins of the server, all for admins.
   * Refuses 'forbidden'; 'not-a-member' to people outside the room.
   */
  list(reader: UserId, page: ActsPage): Promise<FoundActs>
}

export interface FoundActs {
  readonly acts: readonly Act[]
  /** Where the next page begins: `before`; undefined where there are no more. */
  readonly next: number | undefined
}
