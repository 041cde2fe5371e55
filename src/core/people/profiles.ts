// People's names and what they say of themselves, their passwords, and whom they have blocked.

import type { ClusterMessages, ShownPerson } from '../cluster/cluster-messages.ts'
import type { Resync } from '../cluster/resync.ts'
import type { BruteForceGuard } from '../limits/brute-force-guard.ts'
import { hasNoPassword } from '../model/login-codes.ts'
import type { Person, Profile, SessionId } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import { addressee, checkName, checkPassword, checkStatus, checkZone, foldUsername } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import type { Session } from '../sessions/sessions.ts'
import { announceFullName, announceProfile, announceRevoked } from './announcements.ts'
import { findAnybody, findPerson } from './find.ts'
import type { LogIns } from './log-in.ts'
import { keepVerifier } from './verifiers.ts'

export interface ProfilesDeps extends Pick<Parts, 'store' | 'passwords' | 'policy'> {
  readonly cluster: ClusterMessages
  readonly resync: Resync
  readonly guard: BruteForceGuard
  readonly logIns: LogIns
}

export class Profiles {
  readonly #deps: ProfilesDeps
  readonly #nameWatchers: ((person: Person, by: SessionId | undefined) => void)[] = []
  readonly #watchers: ((person: ShownPerson | undefined) => void)[] = []

  constructor(deps: ProfilesDeps) {
    this.#deps = deps
    const { cluster } = deps
    cluster.on('full-name', ({ person, by }) => {
      for (const tell of this.#nameWatchers) tell(person, by)
    })
    cluster.on('person', ({ person }) => this.#tell(person))
    cluster.onMissed(() => this.#tell(undefined))
  }

  /** Calls back when somebody's full name changes, on any node, with the session of theirs that changed it. */
  watchNames(tell: (person: Person, by: SessionId | undefined) => void): void {
    this.#nameWatchers.push(tell)
  }

  /**
   * Calls back when what others are shown of a person changes, on any node; without a person where changes may have been
   * missed.
   */
  watch(tell: (person: ShownPerson | undefined) => void): void {
    this.#watchers.push(tell)
  }

  #tell(person: ShownPerson | undefined): void {
    for (const tell of this.#watchers) tell(person)
  }

  /** Counts changes of profiles and roles: while it stays the same, there were none. */
  get profileChanges(): number {
    return this.#deps.resync.profileChanges
  }

  /** Refuses 'no-such-person'. */
  async find(username: string): Promise<Profile> {
    return findPerson(this.#deps.store, username)
  }

  /** In the order of the names; undefined for a name that nobody has. */
  async findAll(usernames: readonly string[]): Promise<readonly (Profile | undefined)[]> {
    const wanted = usernames.map(addressee)
    const found = await this.#deps.store.people.findAll([...new Set(wanted)])
    const byName = new Map(found.map(person => [foldUsername(person.username), person]))
    return wanted.map(folded => byName.get(folded))
  }

  /** Everyone who is or was one: what they said before is shown as theirs. */
  async guestsAndBots(): Promise<readonly Pick<Profile, 'id' | 'role'>[]> {
    return this.#deps.store.people.guestsAndBots()
  }

  /**
   * An empty language or zone means the server's. Refuses 'bad-name', 'long-status', 'bad-language', 'bad-zone'.
   * @param by the session that makes the change, announced with it; undefined if none does
   */
  async amend(
    person: Person,
    wanted: Partial<Pick<Profile, 'name' | 'status' | 'language' | 'zone'>>,
    by?: SessionId,
  ): Promise<Profile> {
    const { name, status, language, zone } = wanted
    const { store, cluster } = this.#deps
    const amended = await store.people.amend(person.id, {
      ...(name !== undefined && { name: checkName(name) }),
      ...(status !== undefined && { status: checkStatus(status) }),
      ...(language !== undefined && { language: this.#checkLanguage(language) }),
      ...(zone !== undefined && { zone: checkZone(zone) }),
    })
    await announceProfile(cluster, amended)
    if (name !== undefined) await announceFullName(cluster, amended, by)
    return amended
  }

  #checkLanguage(language: string): string {
    if (language !== '' && !this.#deps.policy.languages.includes(language)) refuse('bad-language')
    return language
  }

  /**
   * Ends all other sessions of the person. Who has come with a one-time code and has no password yet needs none. Refuses
   * 'wrong-credentials', 'bad-password', 'too-many-attempts', 'busy',
   * 'disabled', 'no-such-session'.
   */
  async changePassword(
    by: Pick<Session, 'person' | 'id'>,
    { before, after }: { before: string; after: string },
    address: string,
  ): Promise<void> {
    const { policy, passwords, store, guard, logIns, cluster } = this.#deps
    const { person, id } = by
    checkPassword(after, policy.shortestPassword)
    const session = id ?? refuse('no-such-session')
    const device = `session ${session}`
    guard.know(foldUsername(person.username), { device }) // they have shown the password, or a token
    const there = await store.people.credentials(foldUsername(person.username))
    const proof =
      there && hasNoPassword(there.password)
        ? there.password
        : (await logIns.logIn(person.username, before, { address, device })).proof
    const verified = { session, password: proof }
    const kept = await passwords.hash(after, address)
    const ended = await store.people.setPassword(person.id, kept, verified)
    await announceRevoked(cluster, person.id, ended)
    await keepVerifier(this.#deps, person.id, { proof: kept, password: after, address })
  }

  /**
   * Hides what that person writes in direct rooms, and their mentions; nobody is told.
   * @returns false when it was so already. Refuses 'no-such-person', 'oneself', 'too-many'.
   */
  async block(person: Person, username: string, on: boolean): Promise<boolean> {
    const { store, cluster } = this.#deps
    const whom = await findAnybody(store, username)
    if (whom.id === person.id) refuse('oneself')
    const done = await store.people.block(person.id, whom.id, on)
    if (done) await cluster.broadcast({ kind: 'changed', person: person.id, what: 'blocks' })
    return done
  }

  async blocked({ id }: Person): Promise<readonly Profile[]> {
    return this.#deps.store.people.blocked(id)
  }
}
