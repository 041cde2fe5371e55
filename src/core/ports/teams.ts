// The store's teams: named groups of people of the server, who are mentioned together.

import type { Instant, Profile, UserId } from '../model/model.ts'
import type { Authority, Skeletons } from './people.ts'

export interface Team {
  /** As typed; compared folded, among the usernames (rules.ts). */
  readonly name: string
  /** How many enabled accounts are in it. */
  readonly people: number
  /** The reader is one of them. */
  readonly mine: boolean
}

export interface NewTeam extends Skeletons {
  readonly name: string
  readonly folded: string
}

export interface TeamChange {
  readonly add: readonly UserId[]
  readonly remove: readonly UserId[]
}

export interface Teams {
  /** All of them, by name. */
  list(reader: UserId): Promise<readonly Team[]>
  /** By name, those whose folded name comes after `after`. Refuses 'no-such-team'. */
  members(folded: string, after: string, limit: number): Promise<readonly Profile[]>
  /** Refuses 'forbidden', 'name-taken' also for that of a person, 'too-many-teams'. */
  create(by: Authority, team: NewTeam, at: Instant): Promise<void>
  /** Guests are left out. @returns false when it was so already. Refuses 'forbidden', 'no-such-team', 'team-full'. */
  change(by: Authority, folded: string, change: TeamChange): Promise<boolean>
  /** What mentioned it stays text. Refuses 'forbidden', 'no-such-team'. */
  remove(by: Authority, folded: string): Promise<void>
  /** Who is in which team. */
  memberships(): Promise<readonly { readonly team: string; readonly person: UserId }[]>
}
