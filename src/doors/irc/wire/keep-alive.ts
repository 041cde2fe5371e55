// Registration timeout, and PINGs to silent clients.

/** Silence after which a client is sent a PING, and after as long again disconnected. */
const SILENCE_MS = 120_000
/** The time to register in. */
const REGISTERING_MS = 60_000

export class KeepAlive {
  readonly #ping: () => void
  readonly #disconnect: (reason: string) => void
  #timer: NodeJS.Timeout
  #isRegistered = false
  #isPinged = false

  constructor({ ping, disconnect }: { ping: () => void; disconnect: (reason: string) => void }) {
    this.#ping = ping
    this.#disconnect = disconnect
    this.#timer = setTimeout(() => disconnect('Registration timed out'), REGISTERING_MS)
  }

  registered(): void {
    this.#isRegistered = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#silent(), SILENCE_MS)
  }

  /** To be called for every line from the client. */
  received(): void {
    if (!this.#isRegistered) return
    this.#isPinged = false
    this.#timer.refresh()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #silent(): void {
    if (this.#isPinged) return this.#disconnect(`Ping timeout: ${(2 * SILENCE_MS) / 1000} seconds`)
    this.#isPinged = true
    this.#ping()
    this.#timer.refresh()
  }
}
