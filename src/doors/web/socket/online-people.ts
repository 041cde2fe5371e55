// Who is online, as one connection is told.

import type { Chat } from '../../../core/chat.ts'
import { GENERAL } from '../../../core/model/model.ts'
import type { Session } from '../../../core/sessions/sessions.ts'
import type { Present, ServerMessage } from '../../../wire/websocket.ts'
import { named } from './frames.ts'

export class OnlinePeople {
  readonly #chat: Chat
  /** The change of presence since which the connection does not keep up; undefined while it does. */
  #behindSince: number | undefined

  constructor(chat: Chat) {
    this.#chat = chat
  }

  /** The connection's outbox is full: what happens to presence now will not reach it. */
  fellBehind(): void {
    this.#behindSince ??= this.#chat.presenceChanges
  }

  /** @returns the people that its hello lists */
  begin(session: Session): Present | undefined {
    this.#behindSince = this.#chat.presenceChanges
    return this.#people(session)
  }

  /** Presence is not replayed: who has caught up is told who is there now. */
  update(session: Session): ServerMessage | undefined {
    if (this.#behindSince === undefined || session.seat(GENERAL)?.state !== 'live') return undefined
    const people = this.#behindSince === this.#chat.presenceChanges ? undefined : this.#people(session)
    this.#behindSince = undefined
    return people && { type: 'presence', people, among: people.length + 1, all: true }
  }

  /** Everybody else who is there, among few; a token of another room does not tell. */
  #people(session: Session): Present | undefined {
    if (!session.reaches(GENERAL)) return undefined
    const others = this.#chat.present?.filter(each => each.person.id !== session.person.id)
    return others?.map(({ person, status }) => ({ person: named(person), status }))
  }
}
