// People by a name that somebody has typed.

import type { Profile } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import { addressee } from '../model/rules.ts'
import type { Store } from '../ports/store.ts'

/** Finds disabled accounts, too. Refuses 'no-such-person'. */
export async function findAnybody({ people }: Pick<Store, 'people'>, username: string): Promise<Profile> {
  const found = await people.credentials(addressee(username))
  return found?.person ?? refuse('no-such-person')
}

/** Leaves out disabled accounts. Refuses 'no-such-person'. */
export async function findPerson({ people }: Pick<Store, 'people'>, username: string): Promise<Profile> {
  return (await people.find(addressee(username))) ?? refuse('no-such-person')
}
