// The hint for people who begin a first line and do not know how to end it.

/** After this much silence in the middle of a first line, the hint is said. */
const UNENDED_MS = 15_000

interface LineEndHintDeps {
  /** Whether a line has been begun and not ended. */
  isUnfinished(): boolean
  say(hint: string): void
}

export class LineEndHint {
  readonly #deps: LineEndHintDeps
  /** Undefined once it has been said or the client has ended a line. */
  #hint: string | undefined
  #hasEnded = false
  #waiting: NodeJS.Timeout | undefined

  constructor(deps: LineEndHintDeps) {
    this.#deps = deps
  }

  set(hint: string): void {
    if (!this.#hasEnded) this.#hint = hint
    this.restart()
  }

  /** Starts to wait again: after each input. */
  restart(): void {
    clearTimeout(this.#waiting)
    if (this.#hint === undefined || !this.#deps.isUnfinished()) return
    this.#waiting = setTimeout(() => this.#say(), UNENDED_MS)
  }

  /** The client has ended a line: it knows how. */
  lineEnded(): void {
    this.#hasEnded = true
    this.#hint = undefined
  }

  stop(): void {
    clearTimeout(this.#waiting)
  }

  #say(): void {
    const hint = this.#hint
    this.#hint = undefined
    if (hint !== undefined) this.#deps.say(hint)
  }
}
