// Sessions that tokens open: begun, transferred to another door, listed and revoked.

import type { ClusterMessage, ClusterMessages, SessionTransfer } from '../cluster/cluster-messages.ts'
import type { BruteForceGuard } from '../limits/brute-force-guard.ts'
import type { DoorName, Grant, Instant, Person, Profile, SessionId } from '../model/model.ts'
import { checkName } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import { announceRevoked } from '../people/announcements.ts'
import type { Admitted } from '../people/log-in.ts'
import type { ClientName, StoredSession } from '../ports/sessions.ts'
import type { Sessions } from './sessions.ts'
import { hashOf, type TokenSession, type TokenSessions } from './tokens.ts'
import type { SessionTransfers } from './transfers.ts'

const DAY_MS = 86_400_000

/** A session with its new token, which is never told again. */
export interface IssuedToken {
  readonly token: string
  readonly session: SessionId
  readonly person: Profile
}

/** A token that somebody wants besides the one they came with. */
export interface TokenRequest {
  /** What they call it. */
  readonly name: string
  readonly grant: Grant
  /** Days until it expires. Without it there is no fixed expiry: it expires after 90 idle days. */
  readonly days?: number
}

/** Where a request without a connection of its own comes from. */
export interface Origin {
  readonly door: DoorName
  readonly address: string
  readonly client?: ClientName
}

export interface AuthenticationDeps extends Pick<Parts, 'store' | 'clock' | 'secret'> {
  readonly cluster: ClusterMessages
  readonly sessions: Sessions
  readonly tokenSessions: TokenSessions
  readonly transfers: SessionTransfers
  readonly guard: BruteForceGuard
}

/** Opens sessions that last, and checks the tokens that people come with. */
export class Authentication {
  readonly #deps: AuthenticationDeps

  constructor(deps: AuthenticationDeps) {
    this.#deps = deps
    deps.cluster.on('ended', ended => this.#end(ended))
    deps.cluster.on('voided', ({ session }) => deps.tokenSessions.drop(new Set([session])))
  }

  /** Begins a session that lasts until it is ended. Refuses 'disabled', 'wrong-credentials'. */
  async openSession({ person, proof }: Admitted, origin: Origin): Promise<IssuedToken> {
    const { store, clock, cluster, guard } = this.#deps
    const { token, stored } = this.#newToken({ name: '', grant: { scope: 'admin' } })
    const wanted = { ...origin, person: person.id, proof, at: clock.now(), token: stored }
    const started = await store.sessions.begin(wanted)
    await announceRevoked(cluster, person.id, started.pushedOut)
    guard.knowToken(person, stored.hash)
    return { token, session: started.session, person: started.person }
  }

  /** @returns the session that the token opens. Refuses 'no-such-session', 'too-many-attempts'. */
  async authenticate(token: string, address: string): Promise<TokenSession> {
    const { tokenSessions, guard } = this.#deps
    const known = tokenSessions.cached(token)
    if (known) return known
    const hash = hashOf(token)
    const session = await guard.token(hash, address, () => tokenSessions.find(token))
    guard.knowToken(session.person, hash)
    return session
  }

  /** Refuses 'bad-name', 'no-such-session', 'too-many', 'not-a-member' of the room that the token is for. */
  async issueToken({ id, person }: TokenSession, wish: TokenRequest, origin: Origin): Promise<IssuedToken> {
    const { store, clock, guard } = this.#deps
    const { token, stored } = this.#newToken({ ...wish, name: checkName(wish.name) })
    const wanted = { ...origin, by: id, person: person.id, at: clock.now(), token: stored }
    const session = await store.sessions.issue(wanted)
    guard.knowToken(person, stored.hash)
    return { token, session, person }
  }

  /** Continues the session under a token, through another door. What opened it before no longer does. */
  async transfer(transfer: SessionTransfer, origin: Origin): Promise<IssuedToken> {
    const { store, clock, cluster, guard } = this.#deps
    const { session, person, grant } = transfer
    const { token, stored } = this.#newToken({ name: '', grant })
    const wanted = { ...origin, session, person: person.id, at: clock.now(), token: stored }
    const started = await store.sessions.transfer(wanted)
    await cluster.broadcast({ kind: 'voided', session })
    guard.knowToken(person, stored.hash)
    return { token, session, person: started.person }
  }

  #newToken({ name, grant, days }: TokenRequest) {
    const { secret, clock } = this.#deps
    const token = secret()
    const until = days === undefined ? undefined : ((clock.now() + days * DAY_MS) as Instant)
    return { token, stored: { hash: hashOf(token), name, grant, until } }
  }

  async list({ id }: Person): Promise<readonly StoredSession[]> {
    return this.#deps.store.sessions.list(id)
  }

  /** Closes its connections. Refuses 'no-such-session'. */
  async revoke({ id }: Person, session: SessionId): Promise<void> {
    const { store, cluster } = this.#deps
    await store.sessions.revoke(id, session)
    await announceRevoked(cluster, id, [session])
  }

  /** Ends all other sessions of the person, but not those of programs. @returns how many */
  async revokeOthers({ id }: Person, session: SessionId): Promise<number> {
    const { store, cluster } = this.#deps
    const ended = await store.sessions.revokeOthers(id, session)
    await announceRevoked(cluster, id, ended)
    return ended.length
  }

  #end({ person, sessions, how }: Extract<ClusterMessage, { kind: 'ended' }>): void {
    const ids = new Set(sessions)
    this.#deps.transfers.drop(ids)
    this.#deps.tokenSessions.drop(ids)
    this.#deps.sessions.end(person, ids, how)
  }
}
