// The posts of one connection, and texts of several lines that are pasted.

import type { Post } from '../../core/log/appender.ts'
import type { RoomId } from '../../core/model/model.ts'
import { Refusal, type Refused } from '../../core/model/refusals.ts'
import type { Receipt } from '../../core/ports/log.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import { withOpening } from '../../wording/refused.ts'
import type { ConversationDeps } from './conversation.ts'
import { Paste } from './paste.ts'

export class Posts {
  readonly #deps: ConversationDeps
  readonly #session: Session
  readonly #goOn: () => void
  #paste: Paste | undefined

  /** @param goOn called after a receipt */
  constructor(deps: ConversationDeps, session: Session, goOn: () => void) {
    this.#deps = deps
    this.#session = session
    this.#goOn = goOn
  }

  /** Whether the lines that are typed are gathered into one text. */
  get arePasted(): boolean {
    return this.#paste !== undefined
  }

  /** Whether this line ends the text that is being gathered. */
  endsPaste(line: string): boolean {
    return this.#paste?.ends(line) ?? false
  }

  /** Gathers the lines that follow into one text for this room. */
  startPaste(room: RoomId): void {
    this.#paste = new Paste(room)
  }

  /** Adds a line to the text; posts it when the line ends it. */
  gather(line: string): void {
    const paste = this.#paste
    if (!paste?.ends(line)) return paste?.add(line)
    this.#paste = undefined
    if (paste.tooLong) this.#deps.connection.say(this.#deps.locale.refused['long-text'])
    else if (paste.text.trim() !== '') this.post(paste.room, { text: paste.text })
  }

  /** Forgets the text that is being gathered. @returns its first line; empty if there is none */
  dropPaste(): string {
    const first = this.#paste?.first ?? ''
    this.#paste = undefined
    return first
  }

  /** Posts to a room; a refusal is said to the person. */
  post(room: RoomId, post: Post): void {
    const { chat, connection, locale } = this.#deps
    const seat = this.#session.seat(room)
    if (!seat) return connection.say(locale.refused['not-a-member'])
    try {
      const { format } = connection
      chat.post(seat, format === 'plain' ? post : { ...post, format }, this.#answered)
      connection.flow.posted(post.text.length)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      connection.say(locale.refused[error.code])
    }
  }

  readonly #answered = (receipt: Receipt, texts: number): void => {
    const { connection } = this.#deps
    connection.flow.answered(texts)
    if ('refused' in receipt) {
      const sentence = this.#sentence(receipt)
      for (let i = 0; i < texts; i++) connection.say(sentence)
    }
    this.#goOn()
  }

  #sentence({ refused, opens }: Refused): string {
    const { locale, zone } = this.#deps
    return withOpening(locale.refused[refused], opens, locale.wording, this.#session.person.zone || zone)
  }
}
