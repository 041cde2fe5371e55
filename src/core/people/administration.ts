// What admins do with other people's accounts, and invitations to the server.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { Avatars } from '../files/avatars.ts'
import type { Instant, Profile, Role, SessionId } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import { addressee, checkPassword, foldCode, foldRoomName, foldUsername } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import type { Account, AccountQuery } from '../ports/accounts.ts'
import type { Invitation } from '../ports/invitations.ts'
import type { Authority } from '../ports/people.ts'
import type { StoredSession } from '../ports/sessions.ts'
import { LONGEST_LIST } from '../rooms/rooms.ts'
import { announceProfile, announceRevoked } from './announcements.ts'
import { findAnybody } from './find.ts'
import { keepVerifier } from './verifiers.ts'

/** Bounds of an invitation. */
const MOST_USES = 100_000
const LONGEST_INVITATION_MS = 366 * 86_400_000

export interface AdministrationDeps extends Pick<Parts, 'store' | 'clock' | 'passwords' | 'code' | 'policy'> {
  readonly cluster: ClusterMessages
  readonly avatars: Pick<Avatars, 'removed'>
}

export class Administration {
  readonly #deps: AdministrationDeps

  constructor(deps: AdministrationDeps) {
    this.#deps = deps
  }

  /** By name. Refuses 'forbidden'. @param query `after` is a username as it is shown */
  async list(by: Authority, query: AccountQuery): Promise<readonly Account[]> {
    const limit = Math.min(Math.max(1, Math.trunc(query.limit)), LONGEST_LIST)
    return this.#deps.store.accounts.list(by, { ...query, after: foldUsername(query.after), limit })
  }

  /** Of somebody of lower rank. Refuses 'forbidden', 'no-such-person'. */
  async sessions(by: Authority, username: string): Promise<readonly StoredSession[]> {
    return this.#deps.store.accounts.sessions(by, addressee(username))
  }

  /**
   * Closes the connections of one session of somebody of lower rank, or of all. Refuses 'forbidden', 'no-such-person',
   * 'no-such-session'.
   */
  async endSessions(by: Authority, username: string, session?: SessionId): Promise<Profile> {
    const { store, cluster, clock } = this.#deps
    const { person, ended } = await store.accounts.endSessions(by, addressee(username), session, clock.now())
    await announceRevoked(cluster, person.id, ended)
    return person
  }

  /** Refuses 'forbidden', 'no-such-person', 'last-owner', 'account-needed'. */
  async setRole(by: Authority, username: string, role: Role): Promise<Profile> {
    const { store, cluster, clock } = this.#deps
    const changed = await store.people.setRole(by, addressee(username), role, clock.now())
    await announceProfile(cluster, changed)
    return changed
  }

  /** Closes the account's connections at once, and removes its picture. Refuses 'forbidden', 'no-such-person', 'last-owner'. */
  async disable(by: Authority, username: string, on: boolean): Promise<Profile> {
    const { store, cluster, avatars, clock } = this.#deps
    const { person, ended } = await store.people.disable(by, addressee(username), on, clock.now())
    if (!on) return person
    await cluster.broadcast({ kind: 'ended', person: person.id, sessions: ended, how: 'disabled' })
    await avatars.removed(person)
    return person
  }

  /**
   * For whoever runs the server. Ends all sessions of the person. Refuses 'no-such-person', 'bad-password', 'busy'.
   */
  async setPassword(username: string, password: string): Promise<void> {
    const { policy, passwords, store, cluster, clock } = this.#deps
    checkPassword(password, policy.shortestPassword)
    const { id } = await findAnybody(store, username)
    const kept = await passwords.hash(password)
    const ended = await store.people.setPassword(id, kept, clock.now())
    await announceRevoked(cluster, id, ended)
    await keepVerifier(this.#deps, id, { proof: kept, password, address: '' })
  }

  /** @returns the code. Refuses 'forbidden', 'no-such-room'; 'registration-closed' if it would let nobody in. */
  async invite(
    by: Authority,
    { uses, milliseconds, rooms }: { uses: number; milliseconds: number; rooms: readonly string[] },
  ): Promise<string> {
    const { store, clock, policy } = this.#deps
    if (policy.registration === 'closed') refuse('registration-closed')
    const code = this.#deps.code()
    const lasting = Math.min(Math.max(0, milliseconds), LONGEST_INVITATION_MS)
    await store.invitations.create(by, {
      code,
      uses: Math.min(Math.max(1, Math.trunc(uses)), MOST_USES),
      until: (clock.now() + lasting) as Instant,
      rooms: rooms.map(foldRoomName),
      at: clock.now(),
    })
    return code
  }

  /** Refuses 'forbidden'. */
  async invitations(by: Authority): Promise<readonly Invitation[]> {
    return this.#deps.store.invitations.list(by, this.#deps.clock.now())
  }

  /** The code by which a whole class registers, if there is one. Refuses 'forbidden'. */
  async classCode(by: Authority): Promise<string | undefined> {
    await this.invitations(by) // only for those who may give codes
    return this.#deps.policy.classCode
  }

  /** Refuses 'forbidden', 'wrong-code'. */
  async withdraw(by: Authority, code: string): Promise<void> {
    const { store, clock } = this.#deps
    await store.invitations.withdraw(by, foldCode(code), clock.now())
  }
}
