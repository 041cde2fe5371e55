import type { LogEvent } from '../../../wire/schemas.ts'
import type { ShownPerson } from '../../../wire/websocket.ts'
import type { Api, Member } from './api.ts'

/** The members of rooms, fetched once until something changes them. */
export class MemberLists {
  readonly #api: Api
  readonly #lists = new Map<number, Promise<readonly Member[]>>()

  constructor(api: Api) {
    this.#api = api
  }

  of(room: number): Promise<readonly Member[]> {
    const known = this.#lists.get(room)
    if (known) return known
    const list = this.#api.members(room)
    this.#lists.set(room, list)
    list.catch(() => this.#lists.delete(room))
    return list
  }

  /** The person is shown so from now on. */
  amend(person: ShownPerson): void {
    for (const [room, list] of this.#lists) {
      const amended = list.then(members =>
        members.map(each =>
          each.person.id === person.id ? { ...each, person: { ...each.person, ...person } } : each,
        ),
      )
      amended.catch(() => {}) // whoever asked for the list is told
      this.#lists.set(room, amended)
    }
  }

  forget(room: number): void {
    this.#lists.delete(room)
  }

  clear(): void {
    this.#lists.clear()
  }
}

/** Events that change the list of a room's members. */
export const ABOUT_MEMBERS: ReadonlySet<LogEvent['kind']> = new Set([
  'arrival',
  'removal',
  'appointment',
  'muting',
])
