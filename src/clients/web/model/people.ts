// What is shown of people, wherever it is shown: told by the server when it changes.

import type { ShownPerson } from '../../../wire/websocket.ts'
import type { MemberLists } from './member-lists.ts'
import { Observable } from './observable.ts'
import type { Presence } from './presence.ts'
import type { Room } from './room.ts'

interface Shown {
  readonly presence: Presence
  readonly rooms: ReadonlyMap<number, Room>
}

/** Notifies, and has another version, whenever anybody's name, username, role or status text changes. */
export class People extends Observable {
  readonly #chat: Shown
  readonly #members: MemberLists
  readonly #renamed: () => void

  /** @param renamed somebody has another username: the names of conversations are to be read again */
  constructor(chat: Shown, members: MemberLists, renamed: () => void) {
    super()
    this.#chat = chat
    this.#members = members
    this.#renamed = renamed
  }

  /** @param person undefined: anybody may have changed */
  hear(person: ShownPerson | undefined): void {
    if (person) {
      this.#members.amend(person)
      this.#chat.presence.rename(person)
      const renamed = [...this.#chat.rooms.values()].filter(room => room.rename(person))
      if (renamed.length > 0) this.#renamed()
    } else {
      this.#members.clear()
      this.#renamed()
    }
    this.notify()
  }
}
