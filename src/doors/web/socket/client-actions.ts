// The actions of a logged-in client: posts, read marks, typing, being away.

import type { Chat } from '../../../core/chat.ts'
import type { RoomId, Seq } from '../../../core/model/model.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import type { Session } from '../../../core/sessions/sessions.ts'
import type { BrokenPost } from '../../../wire/client-messages.ts'
import type { ClientMessage, ServerMessage } from '../../../wire/websocket.ts'
import type { Flow } from '../../shared/flow.ts'
import { PostsInFlight } from './posts-in-flight.ts'

/** The most read marks of one connection on their way to the disk; beyond it nothing more is read. */
const MOST_MARKS = 32

export type Action = Exclude<ClientMessage, { type: 'hello' | 'ping' }>

interface ActionDeps {
  readonly chat: Chat
  readonly flow: Flow
  readonly onError: (error: unknown) => void
}

export class ClientActions {
  readonly #deps: ActionDeps
  readonly #posts: PostsInFlight
  readonly #goOn: () => void
  /** Read marks on their way to the disk. */
  #marks = 0

  /** @param goOn called when there is room for more actions */
  constructor(deps: ActionDeps, say: (message: ServerMessage) => void, goOn: () => void) {
    this.#deps = deps
    this.#posts = new PostsInFlight(deps, say, goOn)
    this.#goOn = goOn
  }

  /** Whether earlier ones must finish before more are run. */
  get areFull(): boolean {
    return this.#deps.flow.isFull || this.#marks >= MOST_MARKS
  }

  refuse(post: BrokenPost): void {
    this.#posts.refuse(post, 'bad-request')
  }

  run(message: Action, session: Session): void {
    const { chat } = this.#deps
    if (message.type === 'away') {
      if (session.grant.scope !== 'read') chat.setAway(session, message.on)
    } else if (message.type === 'typing') {
      const seat = session.seat(message.room as RoomId)
      if (seat && session.mayWrite(seat.room)) chat.signals.typing(seat)
    } else if (message.type === 'read') this.#markRead(message, session)
    else this.#posts.post(message, session)
  }

  #markRead({ room, seq }: { room: number; seq: number }, session: Session): void {
    if (!session.mayWrite(room as RoomId)) return
    this.#marks++
    this.#deps.chat.readMarks
      .move(session.person, room as RoomId, seq as Seq)
      .catch(error => {
        if (!(error instanceof Refusal)) this.#deps.onError(error)
      })
      .finally(() => {
        this.#marks--
        this.#goOn()
      })
  }
}
