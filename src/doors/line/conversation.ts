// After the log-in: what is typed is said in `general`, and what others say is shown.

import type { Chat } from '../../core/chat.ts'
import { GENERAL, type Person } from '../../core/model.ts'
import type { Cohort, Receipt } from '../../core/ports.ts'
import { Refusal } from '../../core/refusals.ts'
import type { Seat } from '../../core/seat.ts'
import type { Wording } from '../../wording/es.ts'
import type { Connection, Input } from './connection.ts'
import { refused } from './dialogue.ts'

/** Texts of one connection that are not yet delivered; more are not read before some are. */
const UNDELIVERED = 4096

export interface Setting {
  readonly chat: Chat
  readonly wording: Wording
  readonly cohort: Cohort
  readonly connection: Connection
  readonly trouble: (error: unknown) => void
}

export class Conversation {
  readonly #setting: Setting
  readonly #seat: Seat
  readonly #left = Promise.withResolvers<void>()
  #hasSeenPast = false
  #unanswered = 0
  #waiting: NodeJS.Timeout | undefined
  #leaving: 'said' | 'lost' | 'dismissed' | undefined

  private constructor(setting: Setting, seat: Seat) {
    this.#setting = setting
    this.#seat = seat
  }

  /** Shows what was said before, then listens. */
  static async begin(setting: Setting, person: Person): Promise<Conversation> {
    const { chat, connection, cohort, wording } = setting
    let conversation: Conversation | undefined
    const watcher = {
      live: () => conversation?.caughtUp(),
      eased: () => connection.pump(),
      failed: (error: unknown) => conversation?.fail(error),
    }
    const { seat, hasPast } = await chat.enter(person, GENERAL, {
      subscriber: connection.subscriber,
      cohort,
      watcher,
    })
    conversation = new Conversation(setting, seat)
    if (hasPast) connection.say(wording.past)
    seat.begin()
    conversation.#listen()
    return conversation
  }

  /** Resolves when the person has left, and everything they said has been answered for. */
  get left(): Promise<void> {
    return this.#left.promise
  }

  /** The past has been shown: what was typed meanwhile is looked at. */
  caughtUp(): void {
    this.#hasSeenPast = true
    this.#setting.connection.pump()
  }

  fail(error: unknown): void {
    this.#setting.trouble(error)
    this.dismiss(this.#setting.wording.trouble)
  }

  /** Says why, and ends it from our side. */
  dismiss(reason: string): void {
    this.#setting.connection.say(reason)
    this.#leave('dismissed')
  }

  #listen(): void {
    this.#setting.connection.listen(input => this.#hear(input))
  }

  #hear(input: Input): boolean {
    const { chat, connection, wording } = this.#setting
    if (!this.#hasSeenPast && !connection.isClosed) return false
    if (input === 'ended') this.#leave('lost')
    else if (input === 'too-long') connection.say(wording.longLine)
    else if (wording.leaveWords.includes(input.line.trim())) this.#leave('said')
    else if (input.line.trim() !== '') {
      if (this.#unanswered + this.#seat.own.count >= UNDELIVERED) return false
      const wait = chat.allowance(this.#seat.person)
      if (wait > 0) return this.#hold(wait)
      this.#post(input.line)
    }
    return true
  }

  /** Who floods is read more slowly; nothing is lost. */
  #hold(milliseconds: number): false {
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
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#setting.connection.say(refused(error.code, this.#setting.wording))
    }
  }

  readonly #answered = (receipt: Receipt, texts: number): void => {
    const { connection, wording } = this.#setting
    this.#unanswered -= texts
    if ('refused' in receipt)
      for (let i = 0; i < texts; i++) connection.say(refused(receipt.refused, wording))
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
    chat.leave(this.#seat)
    connection.end()
    this.#left.resolve()
  }
}
