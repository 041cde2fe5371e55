// What changes and can be watched. Whoever watches is told once for all that changed since the last frame.

/** A hidden tab has no frames; its title and its notifications still want to know. */
const HIDDEN_MS = 100

export class Observable {
  /** Goes up with each change. */
  version = 0
  readonly #listeners = new Set<() => void>()
  #pending: { frame: number; timer: ReturnType<typeof setTimeout> } | undefined

  /** @returns what ends it */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly getVersion = (): number => this.version

  notify(): void {
    this.version++
    if (this.#pending || this.#listeners.size === 0) return
    const tell = () => this.#notifyListeners()
    this.#pending = { frame: requestAnimationFrame(tell), timer: setTimeout(tell, HIDDEN_MS) }
  }

  /** Who has just typed or clicked does not wait for the next frame. */
  notifyNow(): void {
    this.version++
    this.#notifyListeners()
  }

  #notifyListeners(): void {
    if (this.#pending) {
      cancelAnimationFrame(this.#pending.frame)
      clearTimeout(this.#pending.timer)
      this.#pending = undefined
    }
    for (const listener of [...this.#listeners]) listener()
  }
}
