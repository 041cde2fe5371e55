// How the server is: what it can do without, and does not have at the moment.

/** data: what the store holds, of which some can't be read. */
export type Part = 'store' | 'data' | 'bus'

export class Condition {
  readonly #problems = new Map<Part, string>()
  #changed: (part: Part, problem: string | undefined) => void = () => {}
  /** It takes nobody new: those who are there are told to go elsewhere. */
  isDraining = false

  /** @param changed told what is wrong with a part, also already, and undefined when it is well again */
  watch(changed: (part: Part, problem: string | undefined) => void): void {
    this.#changed = changed
    for (const [part, problem] of this.#problems) changed(part, problem)
  }

  /** For a part, whom to tell. */
  readonly of =
    (part: Part) =>
    (problem: string | undefined): void => {
      if (this.#problems.get(part) === problem) return
      if (problem === undefined) this.#problems.delete(part)
      else this.#problems.set(part, problem)
      this.#changed(part, problem)
    }

  /** Part → what is wrong with it. */
  get problems(): ReadonlyMap<Part, string> {
    return this.#problems
  }

  /** Without the store nothing is said; without the bus it is said a little later. */
  get isReady(): boolean {
    return !this.isDraining && !this.#problems.has('store')
  }
}
