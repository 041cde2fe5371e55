// What people and rooms say of themselves for programs: an avatar, a colour, a page. Stored, and read by whoever
// shows it.

import type { Person } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import { checkDatum } from '../model/rules.ts'
import type { Bearer, Datum } from '../ports/metadata.ts'
import type { Store } from '../ports/store.ts'

export class Metadata {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** All metadata of the bearers, by key. Refuses 'not-a-member' of one of the rooms. */
  async of({ id }: Person, bearers: readonly Bearer[]): Promise<readonly Datum[]> {
    return this.#store.metadata.read(id, bearers)
  }

  /**
   * @param change an undefined value removes it
   * @returns false if there was nothing to remove. Refuses 'not-a-member', 'account-needed', 'forbidden' unless it is
   * one's own or that of a room that one moderates, 'too-many' keys, 'long-text'.
   */
  async set(person: Person, bearer: Bearer, { key, value }: Change): Promise<boolean> {
    if (person.role === 'guest') refuse('account-needed')
    return this.#store.metadata.set(person.id, bearer, key, value === undefined ? value : checkDatum(value))
  }
}

interface Change {
  readonly key: string
  readonly value: string | undefined
}
