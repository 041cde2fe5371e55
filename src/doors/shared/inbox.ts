// The inputs of one connection, handled in order and no faster than its rate limit allows. While any of them waits, the
// socket is not read, so that a flood stays in the sender's own buffers.

import type { Cost, Flow } from './flow.ts'

/** The reading half of a socket. */
interface Source {
  pause(): unknown
  resume(): unknown
  /** Whether the connection is closed: nobody waits for answers. */
  readonly destroyed: boolean
  /** Pushes more of what has come already. @returns false where there is nothing */
  refill?(): boolean
}

export interface Handler<Input> {
  /** What an input costs, a turn unless this says otherwise; 'wait' leaves it in the inbox until the next `pump`. */
  cost?(input: Input): Cost | 'wait'
  take(input: Input): void
  /**
   * Called when the rate limit holds back what a closed connection has left: that is dropped. A closed socket no longer
   * counts for its address, so whatever waited on it would wait without bound.
   */
  abandoned?(): void
}

export class Inbox<Input> {
  readonly #flow: Flow
  readonly #source: Source
  #handler: Handler<Input> | undefined
  #inputs: Input[] = []
  #next = 0
  #pumping = false

  constructor(source: Source, flow: Flow) {
    this.#source = source
    this.#flow = flow
  }

  /** Handles every input from now on; without a handler all of them wait. */
  set handler(handler: Handler<Input> | undefined) {
    this.#handler = handler
  }

  /** The number of inputs that wait. */
  get size(): number {
    return this.#inputs.length - this.#next
  }

  push(input: Input): void {
    this.#inputs.push(input)
  }

  /** Handles waiting inputs until one of them has to wait on. */
  pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    do this.#handleSome()
    while (this.size === 0 && this.#source.refill?.())
    this.#pumping = false
    if (this.size > 0) this.#source.pause()
    else this.#source.resume()
  }

  #handleSome(): void {
    while (this.#handler && this.size > 0 && !this.#flow.isResting) {
      const input = this.#inputs[this.#next] as Input
      const cost = this.#handler.cost?.(input) ?? 'turn'
      if (cost === 'wait') return
      if (!this.#flow.pay(cost)) return this.#hold()
      this.#next++
      this.#handler.take(input)
    }
    if (this.size > 0) return
    this.#inputs = []
    this.#next = 0
  }

  /** Leaves an input to the next turn of the rate limit, if anybody is there for it. */
  #hold(): void {
    if (!this.#source.destroyed) return
    this.#flow.stopResting() // its timer would keep what is gone
    this.clear()
    this.#handler?.abandoned?.()
  }

  /** Empties the inbox. @returns the inputs that were not handled */
  clear(): readonly Input[] {
    const rest = this.#inputs.slice(this.#next)
    this.#inputs = []
    this.#next = 0
    return rest
  }
}
