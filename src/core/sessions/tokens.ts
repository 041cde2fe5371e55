// Sessions by token, cached: the store is asked once a minute.

import { hash as digest } from 'node:crypto'
import { BoundedMap } from '../limits/bounded-map.ts'
import type { Grant, Instant, Profile, RoomId, Scope, SessionId, UserId } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import type { Clock } from '../ports/clock.ts'
import type { SessionStart, StoredSessions } from '../ports/sessions.ts'

/** A token expires after this time without use. */
const LONGEST_REST_MS = 90 * 86_400_000
/** The store is asked again after this time. */
const REMEMBERED_MS = 60_000
const MOST_REMEMBERED = 20_000

const SCOPES: readonly Scope[] = ['read', 'write', 'admin']

/** A stored session, for a request that shows its token. */
export class TokenSession {
  readonly id: SessionId
  readonly person: Profile
  readonly grant: Grant
  readonly hash: string

  constructor(hash: string, { id, person, grant }: { id: SessionId; person: Profile; grant: Grant }) {
    this.hash = hash
    this.id = id
    this.person = person
    this.grant = grant
  }

  /**
   * Refuses 'out-of-scope'.
   * @param room that the request is about; a token for one room does not reach requests about no room
   */
  mustReach(scope: Scope, room: RoomId | 'any' | undefined): void {
    const { grant } = this
    if (SCOPES.indexOf(scope) > SCOPES.indexOf(grant.scope)) refuse('out-of-scope')
    if (room !== 'any' && grant.room !== undefined && grant.room !== room) refuse('out-of-scope')
  }
}

interface Remembered {
  readonly session: Promise<TokenSession>
  readonly until: number
  found: TokenSession | undefined
}

/** Asks the store for a token once a minute at most. A revocation that this node hears of counts at once. */
export class TokenSessions {
  readonly #sessions: StoredSessions
  readonly #clock: Clock
  /** By hash. */
  readonly #remembered = new BoundedMap<string, Remembered>(MOST_REMEMBERED)

  constructor(sessions: StoredSessions, clock: Clock) {
    this.#sessions = sessions
    this.#clock = clock
  }

  /** @returns the session, if the store was asked within REMEMBERED_MS and has answered */
  cached(token: string): TokenSession | undefined {
    const there = this.#remembered.get(hashOf(token))
    return there && there.until > this.#clock.elapsed() ? there.found : undefined
  }

  /** Refuses 'no-such-session'. */
  find(token: string): Promise<TokenSession> {
    const hash = hashOf(token)
    const there = this.#remembered.get(hash)
    if (there && there.until > this.#clock.elapsed()) return there.session
    return this.#open(hash)
  }

  /** For a connection: always asks the store, in turn after everything revoked before. Refuses 'no-such-session'. */
  resume({ hash }: TokenSession): Promise<SessionStart> {
    return this.#ask(hash)
  }

  /** Forgets these sessions, and those that the store is being asked for, since they may be among them. */
  drop(ids: ReadonlySet<SessionId>): void {
    for (const [hash, { found }] of this.#remembered)
      if (!found || ids.has(found.id)) this.#remembered.delete(hash)
  }

  /** Forgets the person's sessions, and those that the store is being asked for. */
  dropOf(person: UserId): void {
    for (const [hash, { found }] of this.#remembered)
      if (!found || found.person.id === person) this.#remembered.delete(hash)
  }

  dropAll(): void {
    this.#remembered.clear()
  }

  #open(hash: string): Promise<TokenSession> {
    const session = this.#ask(hash).then(({ session, person, grant }) => {
      // Set at once, so that a revocation right after it finds the session.
      remembered.found = new TokenSession(hash, { id: session, person, grant })
      return remembered.found
    })
    const remembered: Remembered = { session, until: this.#clock.elapsed() + REMEMBERED_MS, found: undefined }
    this.#remembered.set(hash, remembered)
    session.catch(() => this.#forget(hash, remembered))
    return session
  }

  async #ask(hash: string): Promise<SessionStart> {
    const at = this.#clock.now()
    const found = await this.#sessions.resume({ hash, at, idleSince: (at - LONGEST_REST_MS) as Instant })
    if (found.isUnnoted) await this.#sessions.noteUse(found.session, at)
    return found
  }

  #forget(hash: string, remembered: Remembered): void {
    if (this.#remembered.get(hash) === remembered) this.#remembered.delete(hash)
  }
}

/** @returns the SHA-256 by which a token is kept; the token itself is kept nowhere */
export function hashOf(token: string): string {
  return digest('sha256', token)
}
