// Long answers, a page at a time.

import type { ConversationDeps } from './conversation.ts'

/** Lines per page: a page of messages and the lines about it fit. */
const PAGE = 60

export class Pager {
  readonly #deps: ConversationDeps
  #rest: readonly string[] = []
  #next: (() => Promise<void>) | undefined

  constructor(deps: ConversationDeps) {
    this.#deps = deps
  }

  /** Says the first page and keeps the rest. */
  say(lines: readonly string[]): void {
    const { connection, locale } = this.#deps
    if (lines.length > 0) connection.say(lines.slice(0, PAGE).join('\n'))
    this.#rest = lines.slice(PAGE)
    if (this.#rest.length > 0) connection.say(locale.wording.more(this.#rest.length))
  }

  /** Sets what `more` does when nothing is left of the last answer. */
  setNext(next: () => Promise<void>): void {
    this.#next = next
  }

  /** Goes on with the last answer. @returns false if there is nothing more */
  async more(): Promise<boolean> {
    if (this.#rest.length > 0) {
      this.say(this.#rest)
      return true
    }
    const next = this.#next
    this.#next = undefined
    await next?.()
    return next !== undefined
  }

  /** Forgets the last answer. */
  clear(): void {
    this.#rest = []
    this.#next = undefined
  }
}
