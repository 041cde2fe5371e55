// The reply to one command. If the client has labelled the command (IRCv3 labeled-response), the whole reply is sent in
// one go, under the label.

import type { Refusal } from '../../../core/model/refusals.ts'
import { escaped, lineOf } from '../wire/message.ts'
import { NUMERICS, type Numeric } from './numerics.ts'
import { NestedRecipient, type Recipient } from './recipient.ts'
import { NUMERIC_OF } from './refusal-numerics.ts'

export class Reply {
  readonly #recipient: Recipient
  readonly #label: string | undefined
  readonly #lines: string[] = []
  #batch: string | undefined
  #streams = false
  #ended = false
  #cost = 0

  constructor(recipient: Recipient, label: string | undefined) {
    this.#recipient = recipient
    this.#label = label
  }

  /** Lines sent, plus the cost of other work (cost.ts). */
  get cost(): number {
    return this.#cost
  }

  /** Adds the cost of work that shows in no line. */
  addCost(lines: number): void {
    this.#cost += lines
  }

  /** Sends a line. @param line without its line end; may have tags */
  send(line: string): void {
    this.#cost++
    if (this.#label === undefined || this.#ended) return this.#recipient.send(line)
    if (this.#streams && this.#batch === undefined) this.#begin()
    if (this.#batch !== undefined) this.#recipient.send(within(line, this.#batch))
    else this.#lines.push(line)
  }

  /** Sends lines at once, before any other line: unless the reply streams, they are all of it, and it is ended. */
  sendWhole(lines: readonly string[]): void {
    for (const line of lines) this.send(line)
    if (this.#label !== undefined && !this.#streams && lines.length > 0) this.end()
  }

  /** From now on sends each line of a labelled reply at once, in a batch, so that no other line overtakes it. */
  stream(): void {
    this.#streams = this.#recipient.hasBatches()
  }

  /** Sends what waits for its label, before a line that has to come after it. */
  flush(): void {
    if (this.#lines.length === 0) return
    this.stream()
    if (this.#streams) this.#begin()
    else this.end()
  }

  /** Begins the batch that the labelled reply is sent in. */
  #begin(): void {
    const label = this.#label ?? ''
    this.#batch = `l${label.replace(/[^A-Za-z0-9-]/g, '')}`
    const begin = lineOf(this.#recipient.host, 'BATCH', [`+${this.#batch}`, 'labeled-response'])
    this.#recipient.send(tagged(begin, `label=${escaped(label)}`))
    for (const line of this.#lines.splice(0)) this.#recipient.send(within(line, this.#batch))
  }

  /** Sends lines that belong together: in a batch, if the client has negotiated that (IRCv3 batch). */
  inBatch([type, ...params]: readonly [string, ...string[]], write: (inside: Reply) => void): void {
    const recipient = this.#recipient
    if (!recipient.hasBatches()) return write(this)
    const reference = recipient.nextBatch()
    this.command('BATCH', `+${reference}`, type, ...params)
    write(new Reply(new NestedRecipient(recipient, line => this.send(within(line, reference))), undefined))
    this.command('BATCH', `-${reference}`)
  }

  /**
   * The same for long batches: lines are sent as they come. If the batch is the whole reply, it has the label.
   */
  async inLongBatch(
    [type, ...params]: readonly [string, ...string[]],
    write: (inside: Reply) => Promise<void>,
  ): Promise<void> {
    const recipient = this.#recipient
    if (!recipient.hasBatches()) return write(this)
    const label = this.#streams || this.#ended || this.#lines.length > 0 ? undefined : this.#label
    if (label !== undefined) this.#ended = true
    const reference = recipient.nextBatch()
    const begin = lineOf(recipient.host, 'BATCH', [`+${reference}`, type, ...params])
    this.send(label === undefined ? begin : tagged(begin, `label=${escaped(label)}`))
    const inside = new NestedRecipient(recipient, line => this.send(within(line, reference)))
    try {
      await write(new Reply(inside, undefined))
    } finally {
      this.command('BATCH', `-${reference}`)
    }
  }

  /** Sends a command from the server. */
  command(command: string, ...params: readonly string[]): void {
    this.send(lineOf(this.#recipient.host, command, params))
  }

  /** Sends a numeric. @param params without the client's nick and the text (numerics.ts) */
  numeric(numeric: Numeric, ...params: readonly string[]): void {
    const [number, usual] = NUMERICS[numeric]
    const text = this.#recipient.textOf(numeric) ?? usual
    this.command(number, this.#recipient.name, ...params, ...(text ? [text] : []))
  }

  /** Sends a numeric with a text of its own. */
  numericWithText(numeric: Numeric, params: readonly string[], text: string): void {
    this.command(NUMERICS[numeric][0], this.#recipient.name, ...params, text)
  }

  /**
   * Sends a refusal as a numeric with the chat's own sentence.
   * @param about the parameters before the text
   */
  refused(
    refusal: Pick<Refusal, 'code' | 'opens'>,
    about: readonly string[],
    numeric: Numeric = NUMERIC_OF[refusal.code],
  ): void {
    this.numericWithText(numeric, about, this.#recipient.refused(refusal))
  }

  /**
   * Sends FAIL with a code for programs (IRCv3 standard-replies). A client that has not negotiated that is sent the text,
   * which is the last parameter, as a numeric that every client shows.
   */
  fail(command: string, code: string, ...params: readonly string[]): void {
    this.#standard('FAIL', [command, code, ...params])
  }

  /** The same as WARN: one part is refused, and the rest is done. */
  warn(command: string, code: string, ...params: readonly string[]): void {
    this.#standard('WARN', [command, code, ...params])
  }

  #standard(kind: 'FAIL' | 'WARN', params: readonly [command: string, code: string, ...string[]]): void {
    const [command] = params
    if (this.#recipient.knowsFail(command)) return this.command(kind, ...params)
    this.numericWithText('ERR_UNKNOWNERROR', [command], params.at(-1) ?? '')
  }

  /** Ends the reply: sends what has waited for its label, or ACK if there was nothing. */
  end(): void {
    if (this.#label !== undefined && !this.#ended) this.#close(`label=${escaped(this.#label)}`)
    this.#ended = true
  }

  #close(label: string): void {
    if (this.#batch !== undefined) return this.#endBatch()
    const [only] = this.#lines
    const recipient = this.#recipient
    if (only === undefined) return recipient.send(tagged(lineOf(recipient.host, 'ACK', []), label))
    if (this.#lines.length === 1) return recipient.send(tagged(only, label))
    if (isBatch(this.#lines))
      return this.#lines.forEach((line, i) => void recipient.send(i === 0 ? tagged(line, label) : line))
    if (!recipient.hasBatches()) return this.#lines.forEach(line => void recipient.send(line))
    this.#begin()
    this.#endBatch()
  }

  #endBatch(): void {
    this.#recipient.send(lineOf(this.#recipient.host, 'BATCH', [`-${this.#batch}`]))
  }
}

/** Puts a line into a batch, unless it is in one already. */
function within(line: string, reference: string): string {
  return isInBatch(line) ? line : tagged(line, `batch=${reference}`)
}

/** Whether the lines are one batch, which takes the label itself. */
function isBatch(lines: readonly string[]): boolean {
  const [, reference] = / BATCH \+(\S+)/.exec(lines[0] ?? '') ?? []
  return reference !== undefined && lines.at(-1)?.endsWith(` BATCH -${reference}`) === true
}

/** Adds a tag to a line. */
function tagged(line: string, tag: string): string {
  return line.startsWith('@') ? `@${tag};${line.slice(1)}` : `@${tag} ${line}`
}

function isInBatch(line: string): boolean {
  return /^@(?:[^ ]*;)?batch=/.test(line)
}
