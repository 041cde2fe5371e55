// People without an account, who have a name as long as they are connected.

import type { Throttles } from '../limits/throttles.ts'
import type { Person, UserId } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import { checkName, checkUsername, foldUsername } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import type { Admitted } from './log-in.ts'

/** Guests have no password to compare with, and no log-in finds one. */
const NO_PROOF = ''

export interface GuestsDeps extends Pick<Parts, 'store' | 'clock' | 'skeletonsOf' | 'policy'> {
  readonly throttles: Throttles
}

export class Guests {
  readonly #deps: GuestsDeps

  constructor(deps: GuestsDeps) {
    this.#deps = deps
  }

  /**
   * Refuses 'registration-closed' if there are no guests, 'bad-name', 'bad-username', 'reserved-username',
   * 'name-taken', 'too-many-attempts'.
   */
  async enter({ username, name }: Pick<Person, 'username' | 'name'>, address: string): Promise<Admitted> {
    const { store, clock, skeletonsOf, policy, throttles } = this.#deps
    if (!policy.guests) refuse('registration-closed')
    const named = { name: checkName(name), username: checkUsername(username, skeletonsOf) }
    const folded = foldUsername(named.username)
    const guest = { ...named, folded, ...skeletonsOf(named.username), at: clock.now() }
    const welcome = () => store.people.welcomeGuest(guest)
    // A class shares an address: a flood from there makes the others wait, but keeps nobody out.
    const counts = (error: unknown) => error === undefined
    const person = await (policy.limits
      ? throttles.guess([['guests', address]], welcome, { counts })
      : welcome())
    return { person, proof: NO_PROOF }
  }

  isGuest({ proof }: Admitted): boolean {
    return proof === NO_PROOF
  }

  /** Frees their name. Does nothing to an account. */
  letGo(person: UserId): Promise<void> {
    return this.#deps.store.people.letGuestGo(person)
  }
}
