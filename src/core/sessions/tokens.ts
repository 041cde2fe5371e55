// Those who come with a token: what it opens is asked of the store once, and remembered for a while.

import { hash as digest } from 'node:crypto'
import { BoundedMap } from '../limits/bounded-map.ts'
import type { Grant, Instant, Profile, RoomId, Scope, SessionId, UserId } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import type { Clock } from '../ports/clock.ts'
import type { SessionStart, StoredSessions } from '../ports/sessions.ts'

/** A token that nobody used for so long is void. */
const LONGEST_REST_MS = 90 * 86_400_000
/** What was remembered for so long is asked again. */
const REMEMBERED_MS = 60_000
const MOST_REMEMBERED = 20_000

const SCOPES: readonly Scope[] = ['read', 'write', 'admin']

/** One stored session, as those come with it who hold its token. */
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

  /** Refuses 'out-of-scope'. @param room that it is about; tokens of one room don't reach what is about none */
  mustReach(scope: Scope, room: RoomId | 'any' | undefined): void {
    const { grant } = this
    if (SCOPES.indexOf(scope) > SCOPES.indexOf(grant.scope)) refuse('out-of-scope')
    if (room !== 'any' && grant.room !== undefined && grant.room !== room) refuse('out-of-scope')
  }
}

interface Remembered {
  readonly visit: Promise<TokenSession>
  readonly until: number
  found: TokenSession | undefined
}

export class TokenSessions {
  readonly #sessions: StoredSessions
  readonly #clock: Clock
  /** By hash. */
  readonly #remembered = new BoundedMap<string, Remembered>(MOST_REMEMBERED)

  constructor(sessions: StoredSessions, clock: Clock) {
    this.#sessions = sessions
    this.#clock = clock
  }

  /** Of whom the store was asked just now. */
  cached(token: string): TokenSession | undefined {
    const there = this.#remembered.get(hashOf(token))
    return there && there.until > this.#clock.elapsed() ? there.found : undefined
  }

  /** Refuses 'no-such-session'. */
  find(token: string): Promise<TokenSession> {
    const hash = hashOf(token)
    const there = this.#remembered.get(hash)
    if (there && there.until > this.#clock.elapsed()) return there.visit
    return this.#open(hash)
  }

  /** For a connection: asked of the store in any case, in turn behind what was revoked. Refuses 'no-such-session'. */
  resume({ hash }: TokenSession): Promise<SessionStart> {
    return this.#ask(hash)
  }

  /** What they held opens nothing any more; what the store is being asked for may be one of them. */
  drop(ids: ReadonlySet<SessionId>): void {
    for (const [hash, { found }] of this.#remembered)
      if (!found || ids.has(found.id)) this.#remembered.delete(hash)
  }

  /** The same for all of that person's. */
  dropOf(person: UserId): void {
    for (const [hash, { found }] of this.#remembered)
      if (!found || found.person.id === person) this.#remembered.delete(hash)
  }

  dropAll(): void {
    this.#remembered.clear()
  }

  #open(hash: string): Promise<TokenSession> {
    const visit = this.#ask(hash).then(({ session, person, grant }) => {
      // At once: who is revoked right behind this one is found.
      remembered.found = new TokenSession(hash, { id: session, person, grant })
      return remembered.found
    })
    const remembered: Remembered = { visit, until: this.#clock.elapsed() + REMEMBERED_MS, found: undefined }
    this.#remembered.set(hash, remembered)
    visit.catch(() => this.#forget(hash, remembered))
    return visit
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

/** The token itself is kept nowhere. */
export function hashOf(token: string): string {
  return digest('sha256', token)
}
