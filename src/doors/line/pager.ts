// Long answers, a page at a time.

import type { Setting } from './conversation.ts'

/** Lines; a page of messages and what is said about it fit. */
const PAGE = 60

export class Pager {
  readonly #setting: Setting
  #rest: readonly string[] = []
  #next: (() => Promise<void>) | undefined

  constructor(setting: Setting) {
    this.#setting = setting
  }

  /** Says the first page and keeps the rest. */
  say(lines: readonly string[]): void {
    const { connection, voice } = this.#setting
    if (lines.length > 0) connection.say(lines.slice(0, PAGE).join('\n'))
    this.#rest = lines.slice(PAGE)
    if (this.#rest.length > 0) connection.say(voice.wording.more(this.#rest.length))
  }

  /** What is done when nothing is left of the last answer. */
  afterwards(next: () => Promise<void>): void {
    this.#next = next
  }

  /** @returns false when there is nothing more. */
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

  /** Another answer begins. */
  clear(): void {
    this.#rest = []
    this.#next = undefined
  }
}
