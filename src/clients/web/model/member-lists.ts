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

  forget(room: number): void {
    this.#lists.delete(room)
  }

  clear(): void {
    this.#lists.clear()
  }
}
