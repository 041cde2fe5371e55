// Whom a reply goes to: a client, or a batch or reply that it is part of.

import type { Refusal } from '../../../core/model/refusals.ts'
import type { Numeric } from './numerics.ts'

export interface Recipient {
  /** Of the server. */
  readonly host: string
  /** What the client is called at the moment; * before it has a name. */
  readonly name: string
  send(line: string): void
  hasBatches(): boolean
  /** Whether it understands FAIL in answer to that command. */
  knowsFail(command: string): boolean
  /** Why, in the person's language. */
  refused(refusal: Pick<Refusal, 'code'>): string
  /** The text of a numeric by which the door itself refuses something; undefined where the usual one is said. */
  textOf(numeric: Numeric): string | undefined
  /** The reference of one that begins. */
  nextBatch(): string
}

/** Says what is part of something larger. */
export class NestedRecipient implements Recipient {
  readonly #speaker: Recipient
  readonly send: (line: string) => void

  constructor(speaker: Recipient, say: (line: string) => void) {
    this.#speaker = speaker
    this.send = say
  }

  get host(): string {
    return this.#speaker.host
  }

  get name(): string {
    return this.#speaker.name
  }

  hasBatches(): boolean {
    return this.#speaker.hasBatches()
  }

  knowsFail(command: string): boolean {
    return this.#speaker.knowsFail(command)
  }

  refused(refusal: Pick<Refusal, 'code'>): string {
    return this.#speaker.refused(refusal)
  }

  textOf(numeric: Numeric): string | undefined {
    return this.#speaker.textOf(numeric)
  }

  nextBatch(): string {
    return this.#speaker.nextBatch()
  }
}
