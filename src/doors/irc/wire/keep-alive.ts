// Registration timeout, and PINGs to silent clients.

/** Silence after which a client is sent a PING, and after as long again disconnected. */
const SILENCE_MS = 120_000
/** The time to register in. */
const REGISTERING_MS = 60_000

export class KeepAlive {
  readonly #ask: () => void
  readonly #letGo: (reason: string) => void
  #timer: NodeJS.Timeout
  #isRegistered = false
  #isAsked = false

  constructor({ ask, letGo }: { ask: () => void; letGo: (reason: string) => void }) {
    this.#ask = ask
    this.#letGo = letGo
    this.#timer = setTimeout(() => letGo('Registration timed out'), REGISTERING_MS)
  }

  registered(): void {
    this.#isRegistered = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#silent(), SILENCE_MS)
  }

  /** To be called for every line from the client. */
  heard(): void {
    if (!this.#isRegistered) return
    this.#isAsked = false
    this.#timer.refresh()
  }

  end(): void {
    clearTimeout(this.#timer)
  }

  #silent(): void {
    if (this.#isAsked) return this.#letGo(`Ping timeout: ${(2 * SILENCE_MS) / 1000} seconds`)
    this.#isAsked = true
    this.#ask()
    this.#timer.refresh()
  }
}
