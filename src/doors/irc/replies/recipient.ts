// Whom a reply goes to: a client, or a batch or reply that it is part of.

import type { Refusal } from '../../../core/model/refusals.ts'
import type { Numeric } from './numerics.ts'

export interface Recipient {
  /** The server's name. */
  readonly host: string
  /** The client's nick at the moment; * before it has one. */
  readonly name: string
  send(line: string): void
  hasBatches(): boolean
  /** Whether it understands FAIL in reply to that command. */
  knowsFail(command: string): boolean
  /** The sentence of a refusal, in the person's language. */
  refused(refusal: Pick<Refusal, 'code'>): string
  /** The text of a numeric by which the door itself refuses something; undefined for the one in NUMERICS. */
  textOf(numeric: Numeric): string | undefined
  /** A reference for a new batch. */
  nextBatch(): string
}

/** Wraps a recipient for lines that are part of a batch or of another reply. */
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
