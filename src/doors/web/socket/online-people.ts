// What one connection is told of who is online. Missed changes are not repeated: once it has caught up it gets the whole
// list, or nothing if more than CROWD people (core/presence) are online.

import type { Chat } from '../../../core/chat.ts'
import { GENERAL } from '../../../core/model/model.ts'
import type { Session } from '../../../core/sessions/sessions.ts'
import type { Present, ServerMessage } from '../../../wire/websocket.ts'
import { named } from './frames.ts'

export class OnlinePeople {
  readonly #chat: Chat
  /** The count of presence changes when the connection fell behind, or began; undefined while it keeps up. */
  #behindSince: number | undefined

  constructor(chat: Chat) {
    this.#chat = chat
  }

  /** Notes that the outbox is full: presence changes do not reach the connection. */
  fellBehind(): void {
    this.#behindSince ??= this.#chat.presenceChanges
  }

  /** Returns the people for the hello. */
  begin(session: Session): Present | undefined {
    this.#behindSince = this.#chat.presenceChanges
    return this.#people(session)
  }

  /** Returns the list to send if the connection has caught up and presence has changed meanwhile. */
  update(session: Session): ServerMessage | undefined {
    if (this.#behindSince === undefined || session.seat(GENERAL)?.state !== 'live') return undefined
    const people = this.#behindSince === this.#chat.presenceChanges ? undefined : this.#people(session)
    this.#behindSince = undefined
    return people && { type: 'presence', people, among: people.length + 1, all: true }
  }

  /** Everybody else who is online, unless there are too many; undefined for tokens of another room. */
  #people(session: Session): Present | undefined {
    if (!session.reaches(GENERAL)) return undefined
    const others = this.#chat.present?.filter(each => each.person.id !== session.person.id)
    return others?.map(({ person, status }) => ({ person: named(person), status }))
  }
}
