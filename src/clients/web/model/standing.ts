// Whether one may write in a room, as the server says: asked for while somebody may want to write there.

import type { LogEvent } from '../../../wire/schemas.ts'
import type { Standing } from '../../../wire/standing.ts'
import type { Api } from './api.ts'

/** setTimeout cannot wait longer. */
const LONGEST_TIMER = 2 ** 31 - 1

interface StandingDeps {
  readonly api: Api
  readonly me: () => number
}

export class RoomStanding {
  /** undefined until the server has answered. */
  current: Standing | undefined
  readonly #room: number
  readonly #deps: StandingDeps
  readonly #changed: () => void
  #watchers = 0
  #isAsking = false
  #isStale = false
  /** By how much the server's clock is ahead of ours, in milliseconds. */
  #ahead = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param changed called with each new answer */
  constructor(room: number, deps: StandingDeps, changed: () => void) {
    this.#room = room
    this.#deps = deps
    this.#changed = changed
  }

  /** Keeps it up to date. @returns what ends that */
  readonly watch = (): (() => void) => {
    this.#watchers++
    this.renew()
    return () => {
      this.#watchers--
      if (this.#watchers === 0) clearTimeout(this.#timer)
    }
  }

  /** It may be another one now. */
  renew(): void {
    this.#isStale = true
    if (this.#watchers > 0 && !this.#isAsking) void this.#ask()
  }

  hear(event: LogEvent): void {
    const me = this.#deps.me()
    if (event.kind === 'alteration' || event.kind === 'mask') this.renew()
    else if ((event.kind === 'muting' || event.kind === 'appointment') && event.person.id === me) this.renew()
    else if (event.kind === 'message' && event.author.id === me) this.#spoke(event.at)
  }

  /** How long one must wait before the next message, in milliseconds; 0 where one need not. */
  get wait(): number {
    const { next = 0 } = this.current ?? {}
    return Math.max(0, next - Date.now() - this.#ahead)
  }

  #spoke(at: number): void {
    const { current } = this
    if (!current || current.slow === 0) return
    this.current = { ...current, next: at + current.slow * 1000 }
    this.#changed()
  }

  async #ask(): Promise<void> {
    this.#isAsking = true
    while (this.#isStale) {
      this.#isStale = false
      const found = await this.#deps.api.standing(this.#room).catch(() => undefined)
      if (!found) break // the next connection asks again
      this.current = found
      this.#ahead = found.at - Date.now()
      this.#changed()
    }
    this.#isAsking = false
    this.#wakeAtEnd()
  }

  #wakeAtEnd(): void {
    clearTimeout(this.#timer)
    const { until } = this.current ?? {}
    if (until === undefined) return
    const left = until - Date.now() - this.#ahead
    this.#timer = setTimeout(() => this.renew(), Math.min(Math.max(0, left) + 100, LONGEST_TIMER))
  }
}
