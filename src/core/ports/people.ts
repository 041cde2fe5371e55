// The store's accounts.

import type { StoredLoginCode } from '../model/login-codes.ts'
import type { Instant, LogEvent, Profile, Role, SessionId, UserId } from '../model/model.ts'

/** What a name looks like (UTS 39). No two people look alike, and no two rooms. */
export interface Skeletons {
  /** The skeleton of the folded name. */
  readonly skeleton: string
  /**
   * The skeleton as written, lowercased afterwards: the Cyrillic В becomes b. Nobody's other skeleton may be that.
   */
  readonly written: string
  /** The skeleton as shown, where a capital I is an l: pauI is paul. Nobody else may be shown so. */
  readonly shown: string
}

export interface NewAccount extends Skeletons {
  readonly name: string
  readonly username: string
  /** The key by which a person is found (rules.ts, foldUsername). */
  readonly folded: string
  /** A PHC string, never the password. */
  readonly password: string
  readonly at: Instant
  /** What lets them register: open registration, being the first, the class code, or an invitation. */
  readonly admission: 'open' | 'first' | 'class' | { readonly code: string }
  /** Shown to admins only; empty if none was given. */
  readonly email: string
  /** A guest who is connected already, and has an account from now on. */
  readonly guest?: UserId
}

/** Somebody without an account. */
export type NewGuest = Pick<NewAccount, 'name' | 'username' | 'folded' | 'at'> & Skeletons

export interface Registered {
  readonly person: Profile
  /** Arrivals in the rooms of an invitation, besides `general`. */
  readonly arrivals: readonly LogEvent[]
}

export interface Credentials {
  readonly person: Profile
  readonly password: string
  /** scram.ts; empty if none is kept. It may be outdated. */
  readonly verifier: string
  readonly disabled: boolean
  /** What they may type in place of the password, once. */
  readonly code?: StoredLoginCode
}

export interface Disabled {
  readonly person: Profile
  /** Their sessions, which are over. */
  readonly ended: readonly SessionId[]
}

/** Anyone who acts on another's account; undefined is whoever runs the server, who may do everything. */
export type Authority = UserId | undefined

export interface People {
  /**
   * Makes an account, a member of `general`. While nobody owns the server, anyone who comes without an invitation
   * becomes its owner. Refuses 'name-taken', 'wrong-code'; 'no-such-person' for a guest who is gone.
   */
  register(account: NewAccount): Promise<Registered>
  /** Makes a member of `general` whose name is theirs until they are let go. Refuses 'name-taken'. */
  welcomeGuest(guest: NewGuest): Promise<Profile>
  /**
   * Ends the guest's sessions and memberships, and frees their name; what they said stays theirs. Does nothing to an
   * account.
   */
  letGuestGo(person: UserId): Promise<void>
  /** Keeps a verifier of the password whose hash is `password`; does nothing if it has been changed. */
  keepVerifier(person: UserId, password: string, verifier: string): Promise<void>
  /** A secret of this chat, the same for ever: 64 hexadecimal digits, to derive what nobody may foresee. */
  secret(): Promise<string>
  /** @returns undefined when nobody has that name */
  credentials(folded: string): Promise<Credentials | undefined>
  hasOwner(): Promise<boolean>
  /** Everyone who is or was a guest or a bot. */
  guestsAndBots(): Promise<readonly Pick<Profile, 'id' | 'role'>[]>
  /** @returns undefined when nobody has that name, or the account is disabled */
  find(folded: string): Promise<Profile | undefined>
  /** @returns undefined when there is no such person, or the account is disabled */
  byId(person: UserId): Promise<Profile | undefined>
  /** Those that `find` would find, in any order. */
  findAll(folded: readonly string[]): Promise<readonly Profile[]>
  /** Refuses 'no-such-person'. */
  amend(person: UserId, profile: Partial<Omit<Profile, 'id' | 'username' | 'role'>>): Promise<Profile>
  /**
   * @returns all other sessions of the person, which end
   * @param by for whoever runs the server, when they set it. Refuses 'wrong-credentials' when the password has changed
   * since it was verified, or the session is over.
   */
  setPassword(person: UserId, password: string, by: Verified | Instant): Promise<readonly SessionId[]>
  /**
   * For people of lower rank, up to one's own rank. Anyone who stops being an admin loses their invitations. Refuses
   * 'forbidden', 'no-such-person', 'last-owner'; 'account-needed' for a guest without one.
   */
  setRole(by: Authority, folded: string, role: Role, at: Instant): Promise<Profile>
  /**
   * Ends the account's sessions and invitations, and removes its picture; a guest without one is let go. For people of lower rank. Refuses
   * 'forbidden', 'no-such-person', 'last-owner'.
   */
  disable(by: Authority, folded: string, on: boolean, at: Instant): Promise<Disabled>
  /** @returns false when it was so already. Refuses 'too-many'. */
  block(person: UserId, whom: UserId, on: boolean): Promise<boolean>
  /** By name. */
  blocked(person: UserId): Promise<readonly Profile[]>
}

/** What allows a person to change their password. */
export interface Verified {
  readonly session: SessionId
  /** The stored password that theirs was compared with. */
  readonly password: string
}
