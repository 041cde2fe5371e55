// People without an account: they have a name as long as they are there.

import type { Admitted } from './accounts.ts'
import { Buckets } from './buckets.ts'
import type { Parts } from './chat.ts'
import type { Person, UserId } from './model.ts'
import { refuse } from './refusals.ts'
import { checkName, checkUsername, foldUsername } from './rules.ts'

/** There is no password to compare with: no log-in finds one either. */
const NO_PROOF = ''

export class Guests {
  readonly #around: Pick<Parts, 'store' | 'clock' | 'skeleton' | 'policy'>
  readonly #comings: Buckets<string>

  constructor(around: Pick<Parts, 'store' | 'clock' | 'skeleton' | 'policy'>) {
    this.#around = around
    // A class shares an address; names that nobody uses any more cost a row each.
    this.#comings = new Buckets(around.clock, { capacity: 200, perSecond: 1 })
  }

  /**
   * Refuses 'registration-closed' where there are no guests, 'bad-name', 'bad-username', 'reserved-username',
   * 'name-taken', 'too-many-attempts'.
   */
  async come({ username, name }: Pick<Person, 'username' | 'name'>, address: string): Promise<Admitted> {
    const { store, clock, skeleton, policy } = this.#around
    if (!policy.guests) refuse('registration-closed')
    const named = { name: checkName(name), username: checkUsername(username, skeleton) }
    if (policy.limits && this.#comings.take(address) > 0) refuse('too-many-attempts')
    const folded = foldUsername(named.username)
    const guest = { ...named, folded, skeleton: skeleton(folded), at: clock.now() }
    return { person: await store.people.welcomeGuest(guest), proof: NO_PROOF }
  }

  isGuest({ proof }: Admitted): boolean {
    return proof === NO_PROOF
  }

  /** Their name is free from now on. Nothing for who has an account by now. */
  letGo(person: UserId): Promise<void> {
    return this.#around.store.people.letGuestGo(person)
  }
}
