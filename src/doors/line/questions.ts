// Questions that a command asks in the middle of a conversation: the next line answers them.

import { type Input, secretOf } from './connection.ts'
import type { ConversationDeps } from './conversation.ts'

export class Questions {
  readonly #deps: ConversationDeps
  /** `answer` is called with undefined if there will be no answer. */
  #open: { readonly question: string; answer(typed: string | undefined): void } | undefined
  #closed = false

  constructor(deps: ConversationDeps) {
    this.#deps = deps
  }

  /** Whether the next line answers a question. */
  get open(): boolean {
    return this.#open !== undefined
  }

  /** Asks for a line that is not shown, if the client can hide it. @returns undefined if none comes any more */
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

  /** Takes the answer; a word for leaving is none. */
  hear(input: Input): void {
    const { connection, locale } = this.#deps
    const open = this.#open
    if (input === 'too-long') {
      connection.say(locale.wording.longLine)
      connection.prompt(open?.question ?? '')
      return
    }
    this.#open = undefined
    const typed = input === 'ended' ? undefined : secretOf(input)
    open?.answer(typed !== undefined && locale.wording.leaveWords.includes(typed.trim()) ? undefined : typed)
  }

  /** Ends the open question, and all later ones, without an answer. */
  close(): void {
    this.#closed = true
    this.#open?.answer(undefined)
    this.#open = undefined
  }
}
