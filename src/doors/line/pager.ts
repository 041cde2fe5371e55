// Long answers, a page at a time.

import type { Wording } from '../../wording/es.ts'
import type { Connection } from './connection.ts'

/** Lines; a page of messages and what is said about it fit. */
const PAGE = 60

export class Pager {
  readonly #connection: Connection
  readonly #wording: Wording
  #rest: readonly string[] = []
  #next: (() => Promise<void>) | undefined

  constructor(connection: Connection, wording: Wording) {
    this.#connection = connection
    this.#wording = wording
  }

  /** Says the first page and keeps the rest. */
  say(lines: readonly string[]): void {
    for (const line of lines.slice(0, PAGE)) this.#connection.say(line)
    this.#rest = lines.slice(PAGE)
    if (this.#rest.length > 0) this.#connection.say(this.#wording.more(this.#rest.length))
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
