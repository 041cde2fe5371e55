// Logging in with SCRAM (scram.ts). What it needs is made whenever a password is shown or chosen (verifiers.ts).

import { randomBytes } from 'node:crypto'
import type { BruteForceGuard } from '../limits/brute-force-guard.ts'
import { refuse } from '../model/refusals.ts'
import { foldUsername } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import type { Credentials } from '../ports/people.ts'
import type { Admitted } from './log-in.ts'
import { type ClientFirst, isCurrent, Scram } from './scram.ts'

const NONCE_BYTES = 18

/** A log-in that is under way. */
export interface ScramLogIn {
  /** The server's first message. */
  readonly challenge: string
  /** Whether the message answers the challenge, with a right or a wrong proof. */
  isAnswer(final: string): boolean
  /**
   * @returns who it is, and the server's last message. Refuses 'wrong-credentials', 'disabled', 'too-many-attempts'.
   */
  end(final: string): Promise<{ readonly admitted: Admitted; readonly signature: string }>
}

export class ScramLogIns {
  readonly #store: Parts['store']
  readonly #guard: BruteForceGuard
  /** Makes the salts of accounts that do not exist: the same on every node and after every start. */
  #secret: Buffer | undefined

  constructor({ store, guard }: { store: Parts['store']; guard: BruteForceGuard }) {
    this.#store = store
    this.#guard = guard
  }

  /**
   * Whether that person should log in with SCRAM. A one-time code goes with a password's mechanism alone: who has one may
   * use either. Without a verifier they must give their password first, and many
   * clients never do once the server has begun. (This tells only of accounts that have not logged in since verifiers
   * exist; an unknown name looks like an account with one.)
   */
  async isFor(username: string): Promise<boolean> {
    const found = await this.#store.people.credentials(foldUsername(username))
    return !found || found.password === '' || (isCurrent(found.verifier) && !found.code)
  }

  async begin(first: ClientFirst, address: string): Promise<ScramLogIn> {
    const folded = foldUsername(first.username)
    const found = await this.#store.people.credentials(folded)
    const kept = found && isCurrent(found.verifier) ? found.verifier : ''
    this.#secret ??= Buffer.from(await this.#store.people.secret(), 'hex')
    const chance = { nonce: randomBytes(NONCE_BYTES).toString('base64'), secret: this.#secret }
    const scram = new Scram({ ...first, username: folded }, kept, chance)
    return {
      challenge: scram.challenge,
      isAnswer: final => scram.isAnswer(final),
      end: final =>
        this.#guard.attempt({ account: folded, from: { address } }, async () =>
          admittedBy(scram.verify(final), found),
        ),
    }
  }
}

function admittedBy(signature: string | undefined, found: Credentials | undefined) {
  if (signature === undefined || !found) return refuse('wrong-credentials')
  if (found.disabled) return refuse('disabled')
  return { admitted: { person: found.person, proof: found.password }, signature }
}
