// Logging in by SCRAM (scram.ts): what it needs is made whenever a password is shown or chosen (verifiers.ts).

import { randomBytes } from 'node:crypto'
import type { BruteForceGuard } from '../limits/brute-force-guard.ts'
import { refuse } from '../model/refusals.ts'
import { foldUsername } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import type { Credentials } from '../ports/people.ts'
import type { Admitted } from './log-in.ts'
import { type ClientFirst, isCurrent, Scram } from './scram.ts'

const NONCE_BYTES = 18

/** One that is under way. */
export interface ScramLogIn {
  /** What is asked of the client. */
  readonly challenge: string
  /** Whether a message answers that, be its proof right or wrong. */
  isAnswer(final: string): boolean
  /** @returns who it is, and what the server says last. Refuses 'wrong-credentials', 'disabled', 'too-many-attempts'. */
  end(final: string): Promise<{ readonly admitted: Admitted; readonly signature: string }>
}

export class ScramLogIns {
  readonly #store: Parts['store']
  readonly #guard: BruteForceGuard
  /** Of the salts that there are not: on every node, and after every start, they are the same. */
  #secret: Buffer | undefined

  constructor({ store, guard }: { store: Parts['store']; guard: BruteForceGuard }) {
    this.#store = store
    this.#guard = guard
  }

  /**
   * Whether who is called so is to begin with it. Who has no verifier for it yet must say their password first, and many
   * a client never says it once the server has begun. (Of who has an account it tells only that: everybody has a verifier
   * who has logged in since there are such, and of nobody else it is told that they have none.)
   */
  async isFor(username: string): Promise<boolean> {
    const found = await this.#store.people.credentials(foldUsername(username))
    return !found || found.password === '' || isCurrent(found.verifier)
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
