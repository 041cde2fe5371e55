// The store's sessions: who is logged in, and the tokens that open them again.

import type { DoorName, Grant, Instant, Profile, SessionId, UserId } from '../model/model.ts'

/** Of somebody who is logged in. */
export interface StoredSession {
  readonly id: SessionId
  readonly door: DoorName
  /** Where it came from, as far as one subscriber has it. */
  readonly address: string
  readonly since: Instant
  /** Undefined for one that ends with its connection. */
  readonly token: Omit<NewToken, 'hash'> | undefined
}

/** What opens a session again, from anywhere, until it is revoked. */
export interface NewToken {
  /** SHA-256 of it, in hexadecimal; the token itself is nowhere. */
  readonly hash: string
  /** What the person calls it; empty for that of a browser. */
  readonly name: string
  readonly grant: Grant
  /** Void from then on; undefined for one that only rests too long (Comeback). */
  readonly until: Instant | undefined
}

export interface NewSession {
  readonly person: UserId
  /** The stored password that theirs was compared with: another one by now is not theirs. */
  readonly proof: string
  readonly door: DoorName
  readonly address: string
  readonly at: Instant
  readonly token?: NewToken
}

/** A session that goes on through another door, where what opened it before is void. */
export interface TransferredSession {
  readonly session: SessionId
  readonly person: UserId
  readonly door: DoorName
  readonly address: string
  readonly at: Instant
  readonly token?: NewToken
}

/** Another session of somebody who has one. */
export interface NewTokenSession {
  readonly by: SessionId
  readonly person: UserId
  readonly door: DoorName
  readonly address: string
  readonly at: Instant
  readonly token: NewToken
}

/** Somebody who comes with a token. */
export interface TokenUse {
  /** Of the token. */
  readonly hash: string
  readonly at: Instant
  /** Void when it was not used since. */
  readonly idleSince: Instant
}

export interface SessionStart {
  readonly session: SessionId
  /** As they are now. */
  readonly person: Profile
  readonly blocked: readonly UserId[]
  /** Of this person: those that had to make room for it. */
  readonly pushedOut: readonly SessionId[]
  readonly grant: Grant
  /** What opens it is void from then on. */
  readonly until: Instant | undefined
  /** What is written from now on is of this epoch. */
  readonly epoch: string
}

export interface ResumedSession extends SessionStart {
  /** Its use has not been noted for a while (`note`). */
  readonly isUnnoted: boolean
}

/** A session without a token ends with its connection, or with the server that held it. */
export interface StoredSessions {
  /** Refuses 'disabled', 'wrong-credentials'. */
  begin(wanted: NewSession): Promise<SessionStart>
  /** Refuses 'no-such-session'. */
  transfer(wanted: TransferredSession): Promise<SessionStart>
  /** In turn, like Log.readInTurn: behind everything that was revoked before. Refuses 'no-such-session'. */
  resume(comeback: TokenUse): Promise<ResumedSession>
  /** It is used at that time. */
  noteUse(session: SessionId, at: Instant): Promise<void>
  /** Refuses 'no-such-session', 'too-many', 'not-a-member' of the room that it is for. */
  issue(wanted: NewTokenSession): Promise<SessionId>
  end(session: SessionId): Promise<void>
  /** The person's, the oldest first. */
  list(person: UserId): Promise<readonly StoredSession[]>
  /** Refuses 'no-such-session', also for another's. */
  revoke(person: UserId, session: SessionId): Promise<void>
  /** Of those that were used since, the last ones first. */
  loginOrigins(since: Instant, most: number): Promise<readonly LoginOrigin[]>
}

/** From where a session was begun, or went on. */
export interface LoginOrigin {
  /** The folded username. */
  readonly account: string
  readonly address: string
  /** Of its token. */
  readonly hash: string | undefined
  readonly used: Instant
}
