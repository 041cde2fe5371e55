// State that components subscribe to. Subscribers are notified at most once per frame.

/** A hidden tab draws no frames: its title and icon are updated this often. */
const HIDDEN_MS = 100

export class Observable {
  /** Goes up with each change: the snapshot for useSyncExternalStore. */
  version = 0
  readonly #listeners = new Set<() => void>()
  #pending: { frame: number; timer: ReturnType<typeof setTimeout> } | undefined

  /** @returns what ends the subscription */
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

  /** Without waiting for the next frame: for what somebody has just typed or clicked. */
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
