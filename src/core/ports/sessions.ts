// The store's sessions: who is logged in, and the tokens that open sessions again.

import type { DoorName, Grant, Instant, Profile, SessionId, UserId } from '../model/model.ts'

/** The program that opened a session, as it said; a part is empty where that was not known. */
export interface ClientName {
  readonly browser: string
  readonly system: string
}

/** A session of somebody who is logged in. */
export interface StoredSession {
  readonly id: SessionId
  readonly door: DoorName
  /** Its subscriber's part of the address (net/address.ts). */
  readonly address: string
  readonly since: Instant
  /** When it was last used, to the hour. */
  readonly used: Instant
  readonly client: ClientName | undefined
  /** undefined for a session that ends with its connection. */
  readonly token: Omit<NewToken, 'hash'> | undefined
}

/** A token that opens a session, from anywhere, until it is revoked. */
export interface NewToken {
  /** Its SHA-256, in hexadecimal; the token itself is kept nowhere. */
  readonly hash: string
  /** What the person calls it; empty for that of a browser. */
  readonly name: string
  readonly grant: Grant
  /** When it expires. If undefined, it only expires after a time without use (TokenUse). */
  readonly until: Instant | undefined
}

export interface NewSession {
  readonly person: UserId
  /** The stored password that theirs was compared with: if it has changed since, they are refused. */
  readonly proof: string
  readonly door: DoorName
  readonly address: string
  readonly client?: ClientName
  readonly at: Instant
  readonly token?: NewToken
}

/** A session that continues through another door; what opened it before no longer does. */
export interface TransferredSession {
  readonly session: SessionId
  readonly person: UserId
  readonly door: DoorName
  readonly address: string
  readonly client?: ClientName
  readonly at: Instant
  readonly token?: NewToken
}

/** Another session of somebody who has one. */
export interface NewTokenSession {
  readonly by: SessionId
  readonly person: UserId
  readonly door: DoorName
  readonly address: string
  readonly client?: ClientName
  readonly at: Instant
  readonly token: NewToken
}

/** Somebody shows a token. */
export interface TokenUse {
  /** Of the token. */
  readonly hash: string
  readonly at: Instant
  /** The token has expired if it was last used before this. */
  readonly idleSince: Instant
}

export interface SessionStart {
  readonly session: SessionId
  /** Their profile as it is now. */
  readonly person: Profile
  readonly blocked: readonly UserId[]
  /** Sessions of the same person that had to make room for it. */
  readonly pushedOut: readonly SessionId[]
  readonly grant: Grant
  /** When its token expires. */
  readonly until: Instant | undefined
  /** The epoch of what is written from now on. */
  readonly epoch: string
}

export interface ResumedSession extends SessionStart {
  /** Its use has not been recorded for a while (`noteUse`). */
  readonly isUnnoted: boolean
}

/** A session without a token ends with its connection, or with the server that held it. */
export interface StoredSessions {
  /** Refuses 'disabled', 'wrong-credentials'. */
  begin(wanted: NewSession): Promise<SessionStart>
  /** Refuses 'no-such-session'. */
  transfer(wanted: TransferredSession): Promise<SessionStart>
  /** In turn, like Log.readInTurn: after everything that was revoked before. Refuses 'no-such-session'. */
  resume(comeback: TokenUse): Promise<ResumedSession>
  /** Records that the session was used at that time. */
  noteUse(session: SessionId, at: Instant): Promise<void>
  /** Refuses 'no-such-session', 'too-many', 'not-a-member' of the room that the token is for. */
  issue(wanted: NewTokenSession): Promise<SessionId>
  /** Their connection is over. */
  end(person: UserId, session: SessionId, at: Instant): Promise<void>
  /** The person's sessions, oldest first. */
  list(person: UserId): Promise<readonly StoredSession[]>
  /** Refuses 'no-such-session', also for another person's. */
  revoke(person: UserId, session: SessionId): Promise<void>
  /** Ends all of the person's sessions but this one, and not those of programs, whose tokens have a name. @returns which */
  revokeOthers(person: UserId, session: SessionId): Promise<readonly SessionId[]>
  /** The origins of sessions used since then, latest first. */
  loginOrigins(since: Instant, most: number): Promise<readonly LoginOrigin[]>
}

/** Where a session was begun or continued from. */
export interface LoginOrigin {
  /** The folded username. */
  readonly account: string
  readonly address: string
  /** Of its token. */
  readonly hash: string | undefined
  readonly used: Instant
}
