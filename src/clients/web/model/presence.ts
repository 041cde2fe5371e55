// Who is online besides oneself.

import type { Author, Status } from '../../../wire/schemas.ts'
import type { Present } from '../../../wire/websocket.ts'

export class Presence {
  /** Those that the server has named: not everybody, where there are many. */
  readonly people = new Map<number, { author: Author; status: Status }>()
  /** How many are online, oneself included; undefined until that is known, where there are many. */
  online: number | undefined

  /** Everybody who is online is in `people`. */
  get isComplete(): boolean {
    return this.online !== undefined && this.people.size + 1 >= this.online
  }

  statusOf(id: number): Status {
    return this.people.get(id)?.status ?? 'offline'
  }

  /** @param people everybody else who is online; undefined when there are too many to list */
  reset(people: Present | undefined): void {
    this.people.clear()
    for (const { person: author, status } of people ?? []) this.people.set(author.id, { author, status })
    this.online = people && people.length + 1
  }

  rename({ id, username }: Author): void {
    const there = this.people.get(id)
    if (there) this.people.set(id, { ...there, author: { id, username } })
  }

  /**
   * @param among the number of people online
   * @param all whether `people` names everybody who is online
   */
  update(people: Present, { among, all }: { among: number; all: boolean }): void {
    if (all) this.people.clear()
    this.online = among
    for (const { person, status } of people) {
      if (status === 'offline') this.people.delete(person.id)
      else this.people.set(person.id, { author: person, status })
    }
  }
}
