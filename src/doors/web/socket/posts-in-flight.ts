// The posts of one WebSocket on their way to the disk: each is answered with its receipt or a refusal.

import type { Chat } from '../../../core/chat.ts'
import { posterOf } from '../../../core/log/appender.ts'
import type { RoomId, Seq } from '../../../core/model/model.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import type { Receipt } from '../../../core/ports/log.ts'
import type { Session } from '../../../core/sessions/sessions.ts'
import type { ClientMessage, ServerMessage } from '../../../wire/websocket.ts'
import type { Flow } from '../../shared/flow.ts'
import { attachedIn } from '../files/attached.ts'

type Post = Extract<ClientMessage, { type: 'post' }>

export class PostsInFlight {
  readonly #chat: Chat
  readonly #flow: Flow
  readonly #say: (message: ServerMessage) => void
  readonly #goOn: () => void

  /** @param goOn called after each receipt */
  constructor(
    { chat, flow }: { chat: Chat; flow: Flow },
    say: (message: ServerMessage) => void,
    goOn: () => void,
  ) {
    this.#chat = chat
    this.#flow = flow
    this.#say = say
    this.#goOn = goOn
  }

  post(
    { room, text, format = 'markdown', key, reply, threadOnly, notice, action, attachments }: Post,
    session: Session,
  ): void {
    if (!session.mayWrite(room as RoomId)) return this.refuse({ room, key }, 'out-of-scope')
    const post = {
      ...{ text, format, key },
      ...(reply !== undefined && { reply: reply as Seq }),
      ...(threadOnly && { threadOnly }),
      ...(notice && { notice }),
      ...(action && { action }),
      ...(attachments && { attachments: attachedIn(attachments) }),
    }
    try {
      this.#chat.post(posterOf(session.person, room as RoomId), post, receipt => {
        this.#flow.answered(1)
        this.#answer(room, key, receipt)
        this.#goOn()
      })
      this.#flow.posted(text.length)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.refuse({ room, key }, error.code, error.opens)
    }
  }

  #answer(room: number, key: string, receipt: Receipt): void {
    if ('refused' in receipt) this.refuse({ room, key }, receipt.refused, receipt.opens)
    else {
      const { seq, at, attachments } = receipt
      this.#say({ type: 'posted', key, room, seq, at, ...(attachments && { attachments }) })
    }
  }

  /** @param opens when the room does */
  refuse({ room, key }: { readonly room: number; readonly key: string }, code: string, opens?: number): void {
    this.#say({ type: 'refused', key, room, code, ...(opens !== undefined && { opens }) })
  }
}
