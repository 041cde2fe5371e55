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
  refused(refusal: Pick<Refusal, 'code' | 'opens'>): string
  /** The text of a numeric by which the door itself refuses something; undefined for the one in NUMERICS. */
  textOf(numeric: Numeric): string | undefined
  /** A reference for a new batch. */
  nextBatch(): string
}

/** Wraps a recipient for lines that are part of a batch or of another reply. */
export class NestedRecipient implements Recipient {
  readonly #recipient: Recipient
  readonly send: (line: string) => void

  constructor(recipient: Recipient, send: (line: string) => void) {
    this.#recipient = recipient
    this.send = send
  }

  get host(): string {
    return this.#recipient.host
  }

  get name(): string {
    return this.#recipient.name
  }

  hasBatches(): boolean {
    return this.#recipient.hasBatches()
  }

  knowsFail(command: string): boolean {
    return this.#recipient.knowsFail(command)
  }

  refused(refusal: Pick<Refusal, 'code' | 'opens'>): string {
    return this.#recipient.refused(refusal)
  }

  textOf(numeric: Numeric): string | undefined {
    return this.#recipient.textOf(numeric)
  }

  nextBatch(): string {
    return this.#recipient.nextBatch()
  }
}
