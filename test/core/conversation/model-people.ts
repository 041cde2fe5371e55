// What the model knows of people, by number.

import type { Role } from '../../../src/core/model/model.ts'
import type { Refused } from './model-room.ts'

const RANKS: Readonly<Record<Role, number>> = { owner: 3, admin: 2, member: 1, bot: 1, guest: 1 }

export class ModelPeople {
  readonly names: readonly string[]
  readonly roles: Role[]
  readonly disabled = new Set<number>()
  readonly #blocks = new Set<string>()

  /** The first of them owns the server. */
  constructor(names: readonly string[]) {
    this.names = names
    this.roles = names.map((_, i) => (i === 0 ? 'owner' : 'member'))
  }

  isAdmin(who: number): boolean {
    return this.roles[who] === 'owner' || this.roles[who] === 'admin'
  }

  blocks(who: number, whom: number): boolean {
    return this.#blocks.has(`${who} ${whom}`)
  }

  mayBring(who: number, whom: number): Refused {
    return this.blocks(whom, who) && !this.isAdmin(who) ? 'forbidden' : undefined
  }

  block(who: number, whom: number, on: boolean): void {
    if (on) this.#blocks.add(`${who} ${whom}`)
    else this.#blocks.delete(`${who} ${whom}`)
  }

  rank(who: number): number {
    return RANKS[this.roles[who] ?? 'guest']
  }

  /** To give a role to somebody, or disable them. */
  mayRule(who: number, whom: number): Refused {
    if (this.disabled.has(who) || !this.isAdmin(who)) return 'forbidden'
    return who === whom || this.rank(whom) < this.rank(who) ? undefined : 'forbidden'
  }

  mustStay(who: number): Refused {
    return this.roles[who] === 'owner' ? 'last-owner' : undefined // there is only one here
  }
}
