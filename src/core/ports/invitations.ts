// The store's invitations: codes by which new people register.

import type { Instant, LogEvent, RoomId, UserId } from '../model/model.ts'
import type { Authority } from './people.ts'

export interface NewInvitation {
  readonly code: string
  readonly uses: number
  readonly until: Instant
  /** Folded names of the rooms that anyone who comes by it is a member of from the start. */
  readonly rooms: readonly string[]
  readonly at: Instant
}

export interface Invitation {
  readonly code: string
  /** undefined for one by whoever runs the server. */
  readonly by: string | undefined
  readonly left: number
  readonly until: Instant
  readonly rooms: readonly string[]
}

export interface Redeemed {
  /** The code's rooms that they are in now. */
  readonly rooms: readonly RoomId[]
  readonly arrivals: readonly LogEvent[]
}

export interface Invitations {
  /** For admins, and for rooms that they are in. Refuses 'forbidden', 'no-such-room'. */
  create(by: Authority, wanted: NewInvitation): Promise<void>
  /** Those that still let somebody in. Refuses 'forbidden'. */
  list(by: Authority, at: Instant): Promise<readonly Invitation[]>
  /** Refuses 'forbidden', 'wrong-code'. */
  withdraw(by: Authority, code: string, at: Instant): Promise<void>
  /**
   * Brings somebody with an account into the code's rooms, which takes one of its uses unless they are in all of them.
   * Refuses 'wrong-code', 'account-needed'.
   */
  redeem(person: UserId, code: string, at: Instant): Promise<Redeemed>
  /** Whether the code still lets somebody in. */
  admits(code: string, at: Instant): Promise<boolean>
}
