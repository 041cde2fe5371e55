// One-time codes in place of passwords: an admin makes one, its person chooses a password with it.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { BruteForceGuard, Source } from '../limits/brute-force-guard.ts'
import {
  hashOfLoginCode,
  isLoginCode,
  LOGIN_CODE_DAYS,
  loginCode,
  MOST_LOGIN_CODE_DAYS,
  noPassword,
} from '../model/login-codes.ts'
import type { Instant, Profile } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import { addressee, checkPassword, foldUsername } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import type { Authority } from '../ports/people.ts'
import { announceRevoked } from './announcements.ts'
import type { Admitted } from './log-in.ts'
import { keepVerifier } from './verifiers.ts'

const DAY_MS = 86_400_000

/** Told once: only its hash is kept. */
export interface MadeCode {
  readonly person: Profile
  /** abcd-efgh-jkmn */
  readonly code: string
  readonly until: Instant
}

/** Somebody who shows their code. */
export interface CodeLogIn {
  readonly username: string
  readonly code: string
  /** The password that they choose; undefined where they are to choose it later, within their session. */
  readonly password: string | undefined
}

export interface LoginCodesDeps extends Pick<Parts, 'store' | 'clock' | 'passwords' | 'secret' | 'policy'> {
  readonly cluster: ClusterMessages
  readonly guard: BruteForceGuard
}

export class LoginCodes {
  readonly #deps: LoginCodesDeps

  constructor(deps: LoginCodesDeps) {
    this.#deps = deps
  }

  /**
   * Replaces the code that the person has; their password works until the code is used. For people of lower rank. Refuses
   * 'forbidden', 'no-such-person', 'oneself', 'account-needed', 'disabled'.
   */
  async make(by: Authority, username: string, days = LOGIN_CODE_DAYS): Promise<MadeCode> {
    const { store, clock, secret } = this.#deps
    const code = loginCode(secret(), 'code')
    const at = clock.now()
    const stored = { hash: hashOfLoginCode(code), until: untilAfter(at, days) }
    return { code, ...(await store.accounts.makeCode(by, addressee(username), stored, at)) }
  }

  /**
   * Uses the code up, and ends all sessions of the person. Without a password they have none until they choose one
   * (Profiles.changePassword). Refuses 'bad-password', 'wrong-credentials', 'disabled', 'too-many-attempts', 'busy'.
   */
  async logIn({ username, code, password }: CodeLogIn, from: Source): Promise<Admitted> {
    const { store, clock, policy, guard, passwords, secret, cluster } = this.#deps
    if (password !== undefined) checkPassword(password, policy.shortestPassword)
    const folded = foldUsername(username.trim())
    const { person, disabled } = await guard.attempt({ account: folded, from }, async () => {
      const there = await store.people.credentials(folded)
      return there && isLoginCode(code, there.code, clock.now()) ? there : refuse('wrong-credentials')
    })
    if (disabled) refuse('disabled')
    const { address } = from
    const proof = password === undefined ? noPassword(secret()) : await passwords.hash(password, address)
    const used = { hash: hashOfLoginCode(code), at: clock.now() }
    const ended = await store.accounts.spendCode(person.id, used, proof)
    await announceRevoked(cluster, person.id, ended)
    if (password !== undefined) await keepVerifier(this.#deps, person.id, { proof, password, address })
    return { person, proof }
  }
}

/** When a code ends that holds for so many days. */
export function untilAfter(at: Instant, days: number): Instant {
  return (at + Math.min(Math.max(1, Math.trunc(days)), MOST_LOGIN_CODE_DAYS) * DAY_MS) as Instant
}
