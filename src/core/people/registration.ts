// Registration: making accounts, and what it takes.

import { hash as digest, timingSafeEqual } from 'node:crypto'
import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { BruteForceGuard } from '../limits/brute-force-guard.ts'
import type { Throttles } from '../limits/throttles.ts'
import type { Profile, RoomId, UserId } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import {
  checkEmail,
  checkName,
  checkPassword,
  checkUsername,
  foldCode,
  foldUsername,
} from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import type { NewAccount } from '../ports/people.ts'
import type { Changes } from '../rooms/changes.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { announceProfile } from './announcements.ts'
import type { Admitted } from './log-in.ts'
import { keepVerifier, type Secret } from './verifiers.ts'

export interface RegistrationForm {
  readonly name: string
  readonly username: string
  readonly password: string
  /** Empty if none is required. */
  readonly code: string
  readonly email?: string
  /** A guest who is connected already, and has an account from now on. */
  readonly guest?: UserId
}

/** What is required of somebody who wants to register. */
export type Requirement = 'nothing' | 'code' | 'closed'

export interface RegistrationDeps
  extends Pick<Parts, 'store' | 'clock' | 'passwords' | 'skeletonsOf' | 'policy'> {
  readonly cluster: ClusterMessages
  readonly sessions: Sessions
  readonly changes: Changes
  readonly throttles: Throttles
  readonly guard: BruteForceGuard
}

export class Registration {
  readonly #deps: RegistrationDeps

  constructor(deps: RegistrationDeps) {
    this.#deps = deps
  }

  async requirement(): Promise<Requirement> {
    const { policy, store } = this.#deps
    if (policy.registration === 'open' && policy.ownerCode === undefined) return 'nothing'
    if (!(await store.people.hasOwner())) return policy.ownerCode === undefined ? 'nothing' : 'code'
    if (policy.registration === 'open') return 'nothing'
    return policy.registration === 'closed' ? 'closed' : 'code'
  }

  /** Refuses 'bad-username', 'reserved-username'. */
  checkUsername(typed: string): string {
    return checkUsername(typed, this.#deps.skeletonsOf)
  }

  /** Whether the next person to register owns the server. */
  async isOwnerless(): Promise<boolean> {
    return !(await this.#deps.store.people.hasOwner())
  }

  /**
   * Refuses 'bad-name', 'bad-username', 'reserved-username', 'bad-password', 'bad-email', 'registration-closed',
   * 'wrong-code', 'name-taken', 'busy'; 'too-many-attempts' after many wrong codes, 'too-many-accounts' after many
   * registrations from there.
   */
  async register(wanted: RegistrationForm, address: string): Promise<Admitted> {
    const { name, username, password, code, email = '', guest } = wanted
    const { policy, skeletonsOf, changes, throttles, guard } = this.#deps
    const account = { name: checkName(name), username: checkUsername(username, skeletonsOf) }
    checkPassword(password, policy.shortestPassword)
    const admit = () => this.#admission(foldCode(code))
    const admission = await (code === '' ? admit() : guard.code(address, admit))
    const folded = foldUsername(account.username)
    const named = { ...account, folded, ...skeletonsOf(account.username), email: checkEmail(email) }
    const settling = guest === undefined ? {} : { guest }
    const secret = { password, address }
    const keep = () => this.#keepAccount({ ...named, admission, ...settling }, secret)
    const { registered, proof } = await (policy.limits && admission !== 'first'
      ? throttles.ifAllowed(['registrations', address], 'too-many-accounts', keep)
      : keep())
    const { person, arrivals } = registered
    if (guest !== undefined) await this.#settled(person)
    for (const arrival of arrivals) await changes.publish(arrival)
    await keepVerifier(this.#deps, person.id, { proof, ...secret })
    guard.know(folded, { address })
    return { person, proof }
  }

  /**
   * Brings somebody with an account into the rooms of a code. @returns those that they are in now. Refuses 'wrong-code',
   * 'account-needed', 'too-many-attempts'.
   */
  async redeem(person: UserId, code: string, address: string): Promise<readonly RoomId[]> {
    const { store, clock, changes, guard } = this.#deps
    const redeem = () => store.invitations.redeem(person, foldCode(code), clock.now())
    const { rooms, arrivals } = await guard.code(address, redeem)
    for (const arrival of arrivals) await changes.publish(arrival)
    return rooms
  }

  async #keepAccount(account: Omit<NewAccount, 'password' | 'at'>, { password, address }: Secret) {
    const { passwords, store, clock } = this.#deps
    const proof = await passwords.hash(password, address)
    const registered = await store.people.register({ ...account, password: proof, at: clock.now() })
    return { registered, proof }
  }

  /** What lets them register. The store checks it again. */
  async #admission(code: string): Promise<NewAccount['admission']> {
    const { policy, store, clock } = this.#deps
    const requirement = await this.requirement()
    if (requirement === 'closed') refuse('registration-closed')
    if (isSameCode(code, policy.ownerCode)) return 'first'
    if (isSameCode(code, policy.classCode)) return 'class'
    if (requirement === 'nothing' && code === '') return policy.registration === 'open' ? 'open' : 'first'
    if (!(await store.invitations.admits(code, clock.now()))) refuse('wrong-code')
    return { code }
  }

  /** A guest is on one node alone, and may have another name now: nobody is found by the old one. */
  async #settled(person: Profile): Promise<void> {
    const { sessions, cluster } = this.#deps
    for (const session of sessions.of(person.id)) session.person = person
    await announceProfile(cluster, person)
  }
}

/** Takes the same time however much of it is right. */
function isSameCode(typed: string, code: string | undefined): boolean {
  const digested = (text: string) => digest('sha256', text, 'buffer')
  return code !== undefined && timingSafeEqual(digested(typed), digested(code))
}
