// Logging in with a password, and the operator password.

import { type BruteForceGuard, OPERATOR, type Source } from '../limits/brute-force-guard.ts'
import { isLoginCode } from '../model/login-codes.ts'
import type { Profile } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import { foldUsername } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import { isCurrent } from './scram.ts'
import { keepVerifier } from './verifiers.ts'

/** Somebody who may connect. */
export interface Admitted {
  readonly person: Profile
  /** The stored hash that their password was compared with: checked again when their session begins. */
  readonly proof: string
}

export interface LogInsDeps extends Pick<Parts, 'store' | 'clock' | 'passwords'> {
  readonly guard: BruteForceGuard
}

export class LogIns {
  readonly #deps: LogInsDeps

  constructor(deps: LogInsDeps) {
    this.#deps = deps
  }

  /**
   * Refuses 'wrong-credentials', 'disabled', 'too-many-attempts', 'busy'; 'new-password-needed' for a one-time code in
   * place of the password, which stays unused until LoginCodes takes it.
   */
  async logIn(username: string, password: string, from: Source): Promise<Admitted> {
    const { store, clock, passwords, guard } = this.#deps
    const folded = foldUsername(username.trim())
    const { found, right } = await guard.attempt({ account: folded, from }, async () => {
      const there = await store.people.credentials(folded)
      const right = await passwords.verify(password, there?.password, from.address)
      const isCode = !right && isLoginCode(password, there?.code, clock.now())
      return there && (right || isCode) ? { found: there, right } : refuse('wrong-credentials')
    })
    const { person, password: proof, disabled, verifier } = found
    if (disabled) refuse('disabled')
    if (!right) refuse('new-password-needed')
    if (!isCurrent(verifier))
      await keepVerifier(this.#deps, person.id, { proof, password, address: from.address })
    return { person, proof }
  }

  /**
   * Anyone who knows this password runs the server, on their connection.
   * @param kept as made by Passwords; undefined if there is none by the name that was given. Refuses
   * 'wrong-credentials', 'too-many-attempts', 'busy'.
   */
  async proveOperator(kept: string | undefined, password: string, address: string): Promise<void> {
    const { passwords, guard } = this.#deps
    await guard.attempt({ account: OPERATOR, from: { address } }, async () => {
      if (!(await passwords.verify(password, kept, address))) refuse('wrong-credentials')
    })
  }
}
