// The store's accounts as admins see and make them.

import type { StoredLoginCode } from '../model/login-codes.ts'
import type { Instant, LogEvent, Profile, Role, SessionId, UserId } from '../model/model.ts'
import type { RefusalCode } from '../model/refusals.ts'
import type { Authority, Disabled, NewAccount, Skeletons } from './people.ts'
import type { StoredSession } from './sessions.ts'

/** waiting: its person has not chosen a password yet. */
export const ACCOUNT_STATES = ['active', 'waiting', 'disabled'] as const
export type AccountState = (typeof ACCOUNT_STATES)[number]

/** A person as admins see them. */
export interface Account {
  readonly person: Profile
  readonly state: AccountState
  readonly disabled: boolean
  readonly since: Instant
  /** When they were last connected, to the hour; undefined for never. */
  readonly seen?: Instant
  /** When their one-time code ends, if they have one. */
  readonly codeUntil?: Instant
  /** Empty for most. */
  readonly email: string
}

export interface AccountQuery {
  /** Only those whose folded name comes after it. */
  readonly after: string
  readonly limit: number
  /** Words that must all be in the username, the full name or the e-mail address, without regard to accents. */
  readonly text?: string
  readonly role?: Role
  readonly state?: AccountState
}

/** Somebody on a roster: an account that waits for a password, and the code by which its person chooses one. */
export interface NewMember extends Omit<NewAccount, 'admission' | 'guest' | 'at'> {
  readonly code: StoredLoginCode
}

/** made: now. again: by the same roster, whose code still holds. there: by somebody else, and nothing was changed. */
export type Enrolled =
  | {
      readonly is: 'made' | 'again' | 'there'
      readonly person: Profile
      readonly arrivals: readonly LogEvent[]
    }
  | { readonly is: 'refused'; readonly why: RefusalCode }

export interface KnownPerson extends Pick<Profile, 'username' | 'name'> {
  readonly folded: string
  readonly email: string
}

/** What is known already of the names that a roster needs. */
export interface KnownNames {
  /** Those of the usernames wanted that are in use, in the forms in which no two may be the same (Skeletons). */
  readonly skeletons: readonly string[]
  readonly shown: readonly string[]
  /** Accounts with one of the usernames or full names. */
  readonly people: readonly KnownPerson[]
}

/** Whose code was made, and until when it holds by the store's clock. */
export interface CodeMade {
  readonly person: Profile
  readonly until: Instant
}

export interface Accounts {
  /** By name. Refuses 'forbidden'. */
  list(by: Authority, query: AccountQuery): Promise<readonly Account[]>
  /** The sessions of somebody of lower rank, oldest first. Refuses 'forbidden', 'no-such-person'. */
  sessions(by: Authority, folded: string): Promise<readonly StoredSession[]>
  /**
   * Ends one session of somebody of lower rank, or all. Refuses 'forbidden', 'no-such-person', 'no-such-session'.
   * @param session undefined for all
   */
  endSessions(by: Authority, folded: string, session: SessionId | undefined, at: Instant): Promise<Disabled>
  /**
   * Gives somebody of lower rank a one-time code, in place of the one that they have. Refuses 'forbidden',
   * 'no-such-person', 'oneself', 'account-needed', 'disabled'.
   */
  makeCode(by: Authority, folded: string, code: StoredLoginCode, at: Instant): Promise<CodeMade>
  /**
   * Uses the code up, and sets what is stored as the password. Refuses 'wrong-credentials' if it no longer holds.
   * @returns all sessions of the person, which end
   */
  spendCode(
    person: UserId,
    code: { readonly hash: string; readonly at: Instant },
    password: string,
  ): Promise<readonly SessionId[]>
  /** Refuses 'forbidden'. */
  known(
    by: Authority,
    wanted: {
      readonly names: readonly string[]
      readonly usernames: readonly (Skeletons & { folded: string })[]
    },
  ): Promise<KnownNames>
  /**
   * Makes accounts, members of `general` and of these rooms, one by one: a row that is refused keeps no other out. Whoever
   * is there already is brought into the rooms, too. Refuses 'forbidden', 'no-such-room', 'wrong-key'.
   * @param rooms folded names
   */
  enroll(
    by: Authority,
    people: readonly NewMember[],
    into: { readonly rooms: readonly string[]; readonly at: Instant },
  ): Promise<readonly Enrolled[]>
}
