// Verifiers for SCRAM (scram.ts): made whenever the password is shown or chosen, through any door.

import type { UserId } from '../model/model.ts'
import { Refusal } from '../model/refusals.ts'
import type { Parts } from '../parts.ts'

/** A password, and the address that it came from. */
export interface Secret {
  readonly password: string
  readonly address: string
}

/**
 * Lets the person log in with SCRAM from now on (scram-log-in.ts). A refusal keeps nobody out.
 * @param secret `proof` is the hash of the password as it is stored
 */
export async function keepVerifier(
  { passwords, store }: Pick<Parts, 'passwords' | 'store'>,
  person: UserId,
  { proof, password, address }: Secret & { readonly proof: string },
): Promise<void> {
  try {
    await store.people.keepVerifier(person, proof, await passwords.verifier(password, address))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}
