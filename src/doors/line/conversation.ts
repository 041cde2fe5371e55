// After the log-in: what is typed is said in `general`, and what others say is shown.

import type { Chat } from '../../core/chat.ts'
import { GENERAL, type Seq } from '../../core/model.ts'
import type { Cohort, Receipt } from '../../core/ports.ts'
import { Refusal } from '../../core/refusals.ts'
import type { Seat } from '../../core/seat.ts'
import type { Wording } from '../../wording/es.ts'
import type { Connection, Input } from './connection.ts'
import type { LoggedIn } from './dialogue.ts'
import type { Refused } from './refused.ts'

/** Texts of one connection that are not yet delivered; more are not read before some are. */
const UNDELIVERED = 4096
/** The same in UTF-16 units, for those on their way to the disk. */
const UNANSWERED = 256 << 10

export interface Setting {
  readonly chat: Chat
  readonly wording: Wording
  readonly refused: Refused
  readonly cohort: Cohort
  readonly connection: Connection
  readonly trouble: (error: unknown) => void
}

export class Conversation {
  readonly #setting: Setting
  readonly #seat: Seat
  readonly #left = Promise.withResolvers<void>()
  /** Where the past ends: what is typed is looked at when it has been shown. */
  readonly #past: Seq
  /** The server stops: what has arrived is said, floods or not. */
  #hurrying = false
  #unanswered = 0
  #unansweredLength = 0
  #waiting: NodeJS.Timeout | undefined
  #leaving: 'said' | 'lost' | 'dismissed' | undefined

  private constructor(setting: Setting, seat: Seat, past: Seq) {
    this.#past = past
    this.#setting = setting
    this.#seat = seat
  }

  /** Welcomes who is present now, shows what was said before, then listens. */
  static async begin(setting: Setting, { person, welcome }: LoggedIn): Promise<Conversation> {
    const { chat, connection, cohort, wording } = setting
    let conversation: Conversation | undefined
    const watcher = {
      moved: () => connection.pump(),
      failed: (error: unknown) => conversation?.fail(error),
    }
    const { seat, head } = await chat.enter(person, GENERAL, {
      subscriber: connection.subscriber,
      cohort,
      watcher,
    })
    conversation = new Conversation(setting, seat, head)
    connection.say(welcome)
    if (seat.seen < head) connection.say(wording.past)
    seat.begin()
    conversation.#listen()
    return conversation
  }

  /** Resolves when the person has left, and everything they said has been answered for. */
  get left(): Promise<void> {
    return this.#left.promise
  }

  fail(error: unknown): void {
    this.#setting.trouble(error)
    this.dismiss(this.#setting.wording.trouble)
  }

  /** Says what was typed so far, says why, and ends it from our side. */
  dismiss(reason: string): void {
    if (this.#leaving) return
    this.#hurrying = true
    this.#setting.connection.pump()
    this.#setting.connection.say(reason)
    this.#leave('dismissed')
  }

  #listen(): void {
    this.#setting.connection.listen(input => this.#hear(input))
  }

  #hear(input: Input): boolean {
    const { connection, wording } = this.#setting
    if (this.#seat.seen < this.#past && !connection.isClosed) return false
    if (input === 'ended') this.#leave('lost')
    else if (input === 'too-long') connection.say(wording.longLine)
    else if (wording.leaveWords.includes(input.line.trim())) this.#leave('said')
    else if (input.line.trim() !== '') return this.#say(input.line)
    return true
  }

  #say(text: string): boolean {
    if (!this.#hurrying) {
      if (this.#unanswered + this.#seat.own.count >= UNDELIVERED || this.#unansweredLength >= UNANSWERED)
        return false
      const wait = this.#setting.chat.takeTurn(this.#seat.person)
      if (wait > 0) return this.#hold(wait)
    }
    this.#post(text)
    return true
  }

  /** Who floods is read more slowly; nothing is lost, but for what somebody leaves behind who resets the connection. */
  #hold(milliseconds: number): boolean {
    if (this.#setting.connection.isClosed) {
      this.#leave('lost')
      return true
    }
    this.#waiting ??= setTimeout(() => {
      this.#waiting = undefined
      this.#setting.connection.pump()
    }, milliseconds)
    return false
  }

  #post(text: string): void {
    try {
      this.#setting.chat.post(this.#seat, text, this.#answered)
      this.#unanswered++
      this.#unansweredLength += text.length
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#setting.connection.say(this.#setting.refused[error.code])
    }
  }

  readonly #answered = (receipt: Receipt, texts: number): void => {
    const { connection, refused } = this.#setting
    const left = this.#unanswered - texts
    this.#unansweredLength *= left / this.#unanswered // as if all were of one length
    this.#unanswered = left
    if ('refused' in receipt) for (let i = 0; i < texts; i++) connection.say(refused[receipt.refused])
    if (this.#leaving) this.#leaveWhenAnswered()
    else connection.pump()
  }

  #leave(how: 'said' | 'lost' | 'dismissed'): void {
    if (this.#leaving) return
    this.#leaving = how
    clearTimeout(this.#waiting)
    this.#setting.connection.stop()
    this.#leaveWhenAnswered()
  }

  #leaveWhenAnswered(): void {
    if (this.#unanswered > 0) return
    void this.#goodbye()
  }

  async #goodbye(): Promise<void> {
    const { chat, connection, wording, trouble } = this.#setting
    if (this.#leaving === 'said') await chat.markRead(this.#seat).catch(trouble)
    if (this.#leaving !== 'dismissed') connection.say(wording.left(this.#seat.person.username))
    chat.depart(this.#seat)
    connection.end()
    this.#left.resolve()
  }
}
