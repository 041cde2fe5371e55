// The server's health: which of its components work at the moment.

/** data: the rows that the store holds, some of which may be unreadable. files: the room for new ones. */
export type Component = 'store' | 'data' | 'files' | 'bus'

export class HealthState {
  readonly #problems = new Map<Component, string>()
  #changed: (component: Component, problem: string | undefined) => void = () => {}
  /** The server is stopping: it takes nobody new, and tells those who are there. */
  isDraining = false

  /** @param changed called for each problem, those there already included, and with undefined when one is over */
  onChange(changed: (component: Component, problem: string | undefined) => void): void {
    this.#changed = changed
    for (const [component, problem] of this.#problems) changed(component, problem)
  }

  /** The callback with which a component reports its problem, or undefined when it is over. */
  readonly reporter =
    (component: Component) =>
    (problem: string | undefined): void => {
      if (this.#problems.get(component) === problem) return
      if (problem === undefined) this.#problems.delete(component)
      else this.#problems.set(component, problem)
      this.#changed(component, problem)
    }

  /** Component → its problem. */
  get problems(): ReadonlyMap<Component, string> {
    return this.#problems
  }

  /** Without the store nobody can post; without the bus messages from other nodes only come later. */
  get isReady(): boolean {
    return !this.isDraining && !this.#problems.has('store')
  }
}
