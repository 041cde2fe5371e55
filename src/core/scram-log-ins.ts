// Logging in by SCRAM (scram.ts): who has logged in once with their password, through a door whose clients can.

import { randomBytes } from 'node:crypto'
import type { Accounts, Admitted } from './accounts.ts'
import type { Parts } from './chat.ts'
import type { Credentials } from './ports.ts'
import { refuse } from './refusals.ts'
import { foldUsername } from './rules.ts'
import { type ClientFirst, Scram, verifierOf } from './scram.ts'

const NONCE_BYTES = 18

/** One that is under way. */
export interface ScramLogIn {
  /** What is asked of the client. */
  readonly challenge: string
  /** @returns who it is, and what the server says last. Refuses 'wrong-credentials', 'disabled', 'too-many-attempts'. */
  end(final: string): Promise<{ readonly admitted: Admitted; readonly signature: string }>
}

export class ScramLogIns {
  readonly #store: Parts['store']
  readonly #accounts: Accounts
  /** Of the salts that there are not. */
  readonly #secret = randomBytes(32)

  constructor({ store, accounts }: { store: Parts['store']; accounts: Accounts }) {
    this.#store = store
    this.#accounts = accounts
  }

  async begin(first: ClientFirst, address: string): Promise<ScramLogIn> {
    const folded = foldUsername(first.username)
    const found = await this.#store.people.credentials(folded)
    const chance = { nonce: randomBytes(NONCE_BYTES).toString('base64'), secret: this.#secret }
    const scram = new Scram({ ...first, username: folded }, found?.verifier ?? '', chance)
    return {
      challenge: scram.challenge,
      end: final =>
        this.#accounts.attempt(folded, address, async () => admittedBy(scram.verify(final), found)),
    }
  }

  /** Whoever has just shown the password may log in by SCRAM from now on. */
  async keep({ person, proof }: Admitted, password: string): Promise<void> {
    const found = await this.#store.people.credentials(foldUsername(person.username))
    if (found?.verifier !== '') return
    await this.#store.people.keepVerifier(person.id, proof, await verifierOf(password))
  }
}

function admittedBy(signature: string | undefined, found: Credentials | undefined) {
  if (signature === undefined || !found) return refuse('wrong-credentials')
  if (found.disabled) return refuse('disabled')
  return { admitted: { person: found.person, proof: found.password }, signature }
}
