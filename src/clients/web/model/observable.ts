// What changes and can be watched. Whoever watches is told once for all that changed since the last frame.

/** A hidden tab has no frames; its title and its notifications still want to know. */
const HIDDEN_MS = 100

export class Observable {
  /** Goes up with each change. */
  version = 0
  readonly #watchers = new Set<() => void>()
  #pending: { frame: number; timer: ReturnType<typeof setTimeout> } | undefined

  /** @returns what ends it */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  readonly versionNow = (): number => this.version

  changed(): void {
    this.version++
    if (this.#pending || this.#watchers.size === 0) return
    const tell = () => this.#tell()
    this.#pending = { frame: requestAnimationFrame(tell), timer: setTimeout(tell, HIDDEN_MS) }
  }

  /** Who has just typed or clicked does not wait for the next frame. */
  changedNow(): void {
    this.version++
    this.#tell()
  }

  #tell(): void {
    if (this.#pending) {
      cancelAnimationFrame(this.#pending.frame)
      clearTimeout(this.#pending.timer)
      this.#pending = undefined
    }
    for (const watcher of [...this.#watchers]) watcher()
  }
}
