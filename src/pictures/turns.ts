// Who is next, where people take turns.

/** A queue in which each person's things wait for the person's own, and people take turns. */
export class Turns<Person, Thing> {
  /** The person who is next comes first; nobody is here without a thing. */
  readonly #waiting = new Map<Person, Thing[]>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(person: Person, thing: Thing): void {
    const own = this.#waiting.get(person)
    if (own) own.push(thing)
    else this.#waiting.set(person, [thing])
    this.#size++
  }

  next(): Thing | undefined {
    const [first] = this.#waiting
    if (!first) return undefined
    const [person, things] = first
    this.#waiting.delete(person)
    const thing = things.shift()
    if (things.length > 0) this.#waiting.set(person, things)
    this.#size--
    return thing
  }
}
