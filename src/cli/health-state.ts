// How the server is: what it can do without, and does not have at the moment.

/** data: what the store holds, of which some can't be read. */
export type Component = 'store' | 'data' | 'bus'

export class HealthState {
  readonly #problems = new Map<Component, string>()
  #changed: (component: Component, problem: string | undefined) => void = () => {}
  /** It takes nobody new: those who are there are told to go elsewhere. */
  isDraining = false

  /** @param changed told what is wrong with a component, also already, and undefined when it is well again */
  onChange(changed: (component: Component, problem: string | undefined) => void): void {
    this.#changed = changed
    for (const [component, problem] of this.#problems) changed(component, problem)
  }

  /** For a component, whom to tell. */
  readonly reporter =
    (component: Component) =>
    (problem: string | undefined): void => {
      if (this.#problems.get(component) === problem) return
      if (problem === undefined) this.#problems.delete(component)
      else this.#problems.set(component, problem)
      this.#changed(component, problem)
    }

  /** Part → what is wrong with it. */
  get problems(): ReadonlyMap<Component, string> {
    return this.#problems
  }

  /** Without the store nothing is said; without the bus it is said a little later. */
  get isReady(): boolean {
    return !this.isDraining && !this.#problems.has('store')
  }
}
