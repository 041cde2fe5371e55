// Questions that a command asks in the middle of a conversation: what is typed next answers them.

import { type Input, secretOf } from './connection.ts'
import type { ConversationDeps } from './conversation.ts'

export class Questions {
  readonly #deps: ConversationDeps
  /** Told undefined when there will be no answer. */
  #open: { readonly question: string; answer(typed: string | undefined): void } | undefined
  #closed = false

  constructor(deps: ConversationDeps) {
    this.#deps = deps
  }

  /** Whether what is typed is an answer. */
  get open(): boolean {
    return this.#open !== undefined
  }

  /** The next line, not shown where the client can be asked for that; undefined when none comes any more. */
  async askHidden(question: string): Promise<string | undefined> {
    if (this.#closed) return undefined
    const { connection } = this.#deps
    connection.prompt(question)
    connection.hideInput()
    const { promise, resolve } = Promise.withResolvers<string | undefined>()
    this.#open = { question, answer: resolve }
    connection.pump()
    try {
      return await promise
    } finally {
      connection.showInput()
    }
  }

  /** Who leaves instead is asked no more. */
  hear(input: Input): void {
    const { connection, locale } = this.#deps
    const asked = this.#open
    if (input === 'too-long') {
      connection.say(locale.wording.longLine)
      connection.prompt(asked?.question ?? '')
      return
    }
    this.#open = undefined
    const typed = input === 'ended' ? undefined : secretOf(input)
    asked?.answer(typed !== undefined && locale.wording.leaveWords.includes(typed.trim()) ? undefined : typed)
  }

  /** There will be no answers any more. */
  close(): void {
    this.#closed = true
    this.#open?.answer(undefined)
    this.#open = undefined
  }
}
