// The store's accounts.

import type { Instant, LogEvent, Profile, Role, SessionId, UserId } from '../model/model.ts'

/** What a name looks like (UTS 39). No two people look alike, nor do two rooms. */
export interface Skeletons {
  /** Folded: what the small letters look like. */
  readonly skeleton: string
  /** As it is written, then in small letters: В of Cyrillic is a b. Nobody's skeleton may be that. */
  readonly written: string
  /** The same where a capital I is an l: pauI is paul. Nobody else may be shown so. */
  readonly shown: string
}

export interface NewAccount extends Skeletons {
  readonly name: string
  readonly username: string
  /** rules.ts, foldUsername: what it is found by. */
  readonly folded: string
  /** A PHC string; never the password. */
  readonly password: string
  readonly at: Instant
  /** By which right: anybody's, that of whoever will own the server, a member's, or the code of an invitation. */
  readonly admission: 'open' | 'first' | 'class' | { readonly code: string }
  /** Where others than admins don't see it; empty where none was given. */
  readonly email: string
  /** Who is there already without an account, and has one from now on. */
  readonly guest?: UserId
}

/** Somebody without an account. */
export type NewGuest = Pick<NewAccount, 'name' | 'username' | 'folded' | 'at'> & Skeletons

export interface Registered {
  readonly person: Profile
  /** Where an invitation has brought them besides `general`. */
  readonly arrivals: readonly LogEvent[]
}

export interface Credentials {
  readonly person: Profile
  readonly password: string
  /** scram.ts; empty where none is kept. It may be one that is not used any more. */
  readonly verifier: string
  readonly disabled: boolean
}

/** A person as those see them who look after people. */
export interface Account {
  readonly person: Profile
  readonly disabled: boolean
  readonly since: Instant
  /** Empty for most. */
  readonly email: string
}

export interface Disabled {
  readonly person: Profile
  /** Their sessions, which are no more. */
  readonly ended: readonly SessionId[]
}

/** Who acts on another's account; undefined is whoever runs the server, who may do everything. */
export type Authority = UserId | undefined

export interface People {
  /**
   * Everyone is a member of `general`. While nobody owns the server, whoever comes without an invitation does.
   * Refuses 'name-taken', 'wrong-code'; 'no-such-person' for a guest who is gone.
   */
  register(account: NewAccount): Promise<Registered>
  /** In `general`, with a name like anybody's, until they are let go. Refuses 'name-taken'. */
  welcomeGuest(guest: NewGuest): Promise<Profile>
  /** Their sessions and memberships end, and their name is free; what they said stays theirs. Nothing for who has an account. */
  letGuestGo(person: UserId): Promise<void>
  /** A verifier of the password that is kept as `password`; nothing when it is another by now. */
  keepVerifier(person: UserId, password: string, verifier: string): Promise<void>
  /** Of this chat alone, for ever: 64 hexadecimal digits, of which what nobody may foresee is made. */
  secret(): Promise<string>
  /** undefined when nobody has that name. */
  credentials(folded: string): Promise<Credentials | undefined>
  hasOwner(): Promise<boolean>
  /** Everybody who is or was a guest or a program, whether there or not. */
  guestsAndBots(): Promise<readonly Pick<Profile, 'id' | 'role'>[]>
  /** undefined when nobody has that name; also for an account that is disabled. */
  find(folded: string): Promise<Profile | undefined>
  /** Those whom find would find, in any order. */
  findAll(folded: readonly string[]): Promise<readonly Profile[]>
  /** Refuses 'no-such-person'. */
  amend(person: UserId, profile: Partial<Omit<Profile, 'id' | 'username' | 'role'>>): Promise<Profile>
  /**
   * All other sessions than the one that asks end: gives them. @param by undefined: whoever runs the server
   * Refuses 'wrong-credentials' when the password is another by now than the one that was verified, or the session gone.
   */
  setPassword(person: UserId, password: string, by: Verified | undefined): Promise<readonly SessionId[]>
  /** By name, those whose folded name comes behind `after`. Refuses 'forbidden'. */
  list(by: Authority, after: string, limit: number): Promise<readonly Account[]>
  /**
   * Only of who ranks below, and to no higher rank than one's own. Who is no admin any more has no invitations.
   * Refuses 'forbidden', 'no-such-person', 'last-owner'.
   */
  setRole(by: Authority, folded: string, role: Role): Promise<Profile>
  /** Its sessions and invitations end. Only of who ranks below. Refuses 'forbidden', 'no-such-person', 'last-owner'. */
  disable(by: Authority, folded: string, on: boolean): Promise<Disabled>
  /** @returns false when it was so already. Refuses 'too-many'. */
  block(person: UserId, whom: UserId, on: boolean): Promise<boolean>
  /** By name. */
  blocked(person: UserId): Promise<readonly Profile[]>
}

/** What somebody has shown who changes their password. */
export interface Verified {
  readonly session: SessionId
  /** The stored password that theirs was compared with. */
  readonly password: string
}
