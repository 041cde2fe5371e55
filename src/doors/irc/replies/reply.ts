// The reply to one command. Where the client has labelled the command (IRCv3 labeled-response), all of the reply comes
// in one go, under the label.

import type { Refusal } from '../../../core/model/refusals.ts'
import { escaped, lineOf } from '../wire/message.ts'
import { NUMERICS, type Numeric } from './numerics.ts'
import { NestedRecipient, type Recipient } from './recipient.ts'
import { NUMERIC_OF } from './refusal-numerics.ts'

export class Reply {
  readonly #speaker: Recipient
  readonly #label: string | undefined
  readonly #lines: string[] = []
  #batch: string | undefined
  #streams = false
  #ended = false
  #cost = 0

  constructor(speaker: Recipient, label: string | undefined) {
    this.#speaker = speaker
    this.#label = label
  }

  /** In lines said, and what else takes about as long. */
  get cost(): number {
    return this.#cost
  }

  /** What was done for it and shows in no line. */
  addCost(lines: number): void {
    this.#cost += lines
  }

  /** @param line without its end; it may have tags */
  send(line: string): void {
    this.#cost++
    if (this.#label === undefined || this.#ended) return this.#speaker.send(line)
    if (this.#streams && this.#batch === undefined) this.#begin()
    if (this.#batch !== undefined) this.#speaker.send(within(line, this.#batch))
    else this.#lines.push(line)
  }

  /** These lines go out now, before anything of others': they are the whole answer, unless it is one that streams. */
  sendWhole(lines: readonly string[]): void {
    for (const line of lines) this.send(line)
    if (this.#label !== undefined && !this.#streams && lines.length > 0) this.end()
  }

  /** What comes is said at once, in a batch, so that nothing of others' overtakes it. */
  stream(): void {
    this.#streams = this.#speaker.hasBatches()
  }

  /** All of the answer is in a batch from now on. */
  #begin(): void {
    const label = this.#label ?? ''
    this.#batch = `l${label.replace(/[^A-Za-z0-9-]/g, '')}`
    const begin = lineOf(this.#speaker.host, 'BATCH', [`+${this.#batch}`, 'labeled-response'])
    this.#speaker.send(tagged(begin, `label=${escaped(label)}`))
    for (const line of this.#lines.splice(0)) this.#speaker.send(within(line, this.#batch))
  }

  /** Lines that belong together: in a batch, where the client knows of such (IRCv3 batch). */
  inBatch([type, ...params]: readonly [string, ...string[]], say: (inside: Reply) => void): void {
    const speaker = this.#speaker
    if (!speaker.hasBatches()) return say(this)
    const reference = speaker.nextBatch()
    this.command('BATCH', `+${reference}`, type, ...params)
    say(new Reply(new NestedRecipient(speaker, line => this.send(within(line, reference))), undefined))
    this.command('BATCH', `-${reference}`)
  }

  /**
   * The same for much: nothing of it waits here until all of it is there. Where it is the whole answer, it has the label.
   */
  async inLongBatch(
    [type, ...params]: readonly [string, ...string[]],
    say: (inside: Reply) => Promise<void>,
  ): Promise<void> {
    const speaker = this.#speaker
    if (!speaker.hasBatches()) return say(this)
    const label = this.#streams || this.#ended || this.#lines.length > 0 ? undefined : this.#label
    if (label !== undefined) this.#ended = true
    const reference = speaker.nextBatch()
    const begin = lineOf(speaker.host, 'BATCH', [`+${reference}`, type, ...params])
    this.send(label === undefined ? begin : tagged(begin, `label=${escaped(label)}`))
    await say(new Reply(new NestedRecipient(speaker, line => this.send(within(line, reference))), undefined))
    this.command('BATCH', `-${reference}`)
  }

  /** From the server. */
  command(command: string, ...params: readonly string[]): void {
    this.send(lineOf(this.#speaker.host, command, params))
  }

  /** @param params less the client's name, and the text that always stands there (numerics.ts) */
  numeric(numeric: Numeric, ...params: readonly string[]): void {
    const [number, usual] = NUMERICS[numeric]
    const text = this.#speaker.textOf(numeric) ?? usual
    this.command(number, this.#speaker.name, ...params, ...(text ? [text] : []))
  }

  /** The same, with another text in place of the usual one. */
  numericWithText(numeric: Numeric, params: readonly string[], text: string): void {
    this.command(NUMERICS[numeric][0], this.#speaker.name, ...params, text)
  }

  /**
   * A refusal as IRC says it, with the chat's own words for it.
   * @param about what stands before the text
   */
  refused(
    refusal: Pick<Refusal, 'code'>,
    about: readonly string[],
    numeric: Numeric = NUMERIC_OF[refusal.code],
  ): void {
    this.numericWithText(numeric, about, this.#speaker.refused(refusal))
  }

  /**
   * Standard replies: FAIL, with a code that programs know. Who has not asked for them is told the text alone, which is
   * the last parameter, by a numeric that every client shows.
   */
  fail(command: string, code: string, ...params: readonly string[]): void {
    this.#standard('FAIL', [command, code, ...params])
  }

  /** The same of a part, where the rest is done. */
  warn(command: string, code: string, ...params: readonly string[]): void {
    this.#standard('WARN', [command, code, ...params])
  }

  #standard(kind: 'FAIL' | 'WARN', params: readonly [command: string, code: string, ...string[]]): void {
    const [command] = params
    if (this.#speaker.knowsFail(command)) return this.command(kind, ...params)
    this.numericWithText('ERR_UNKNOWNERROR', [command], params.at(-1) ?? '')
  }

  /** Nothing more comes. */
  end(): void {
    if (this.#label !== undefined && !this.#ended) this.#close(`label=${escaped(this.#label)}`)
    this.#ended = true
  }

  #close(label: string): void {
    if (this.#batch !== undefined) return this.#endBatch()
    const [only] = this.#lines
    const speaker = this.#speaker
    if (only === undefined) return speaker.send(tagged(lineOf(speaker.host, 'ACK', []), label))
    if (this.#lines.length === 1) return speaker.send(tagged(only, label))
    if (isBatch(this.#lines))
      return this.#lines.forEach((line, i) => void speaker.send(i === 0 ? tagged(line, label) : line))
    if (!speaker.hasBatches()) return this.#lines.forEach(line => void speaker.send(line))
    this.#begin()
    this.#endBatch()
  }

  #endBatch(): void {
    this.#speaker.send(lineOf(this.#speaker.host, 'BATCH', [`-${this.#batch}`]))
  }
}

/** What is in a batch of its own stays in that alone. */
function within(line: string, reference: string): string {
  return isInBatch(line) ? line : tagged(line, `batch=${reference}`)
}

/** Whether all of it is one batch already, which takes the label. */
function isBatch(lines: readonly string[]): boolean {
  const [, reference] = / BATCH \+(\S+)/.exec(lines[0] ?? '') ?? []
  return reference !== undefined && lines.at(-1)?.endsWith(` BATCH -${reference}`) === true
}

/** The line with one more tag. */
function tagged(line: string, tag: string): string {
  return line.startsWith('@') ? `@${tag};${line.slice(1)}` : `@${tag} ${line}`
}

function isInBatch(line: string): boolean {
  return /^@(?:[^ ]*;)?batch=/.test(line)
}
