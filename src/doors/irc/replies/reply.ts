// What a command is answered with. Where the client has labelled it (IRCv3 labeled-response), all of its answer comes
// in one go, under the label.

import type { LogEvent } from '../../../core/model/model.ts'
import type { Refusal, RefusalCode } from '../../../core/model/refusals.ts'
import { escaped, lineOf } from '../wire/message.ts'
import { NUMERICS, type Numeric } from './numerics.ts'

/** Lines that can be said while the store answers one question. */
export const QUERY_COST = 8
/** UTF-16 units of texts that are read while one line is said. */
const UNITS_PER_LINE = 512

/** What it costs to read these, in lines, whatever is shown of them. */
export function readingCost(events: readonly LogEvent[]): number {
  const units = events.reduce((sum, event) => sum + ('text' in event ? event.text.length : 0), 0)
  return events.length + Math.floor(units / UNITS_PER_LINE)
}

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

/** Says what is part of something larger. */
class NestedRecipient implements Recipient {
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

/** What is in a batch of its own stays in that alone. */
function within(line: string, reference: string): string {
  return isInBatch(line) ? line : tagged(line, `batch=${reference}`)
}

/** An answer that several give a part of each, in whatever order: it ends with the last of them. */
export class SharedReply {
  readonly #speaker: Recipient
  readonly #whole: Reply
  #open: number

  constructor(speaker: Recipient, whole: Reply, count: number) {
    this.#speaker = speaker
    this.#whole = whole
    this.#open = count
  }

  part(): Reply {
    const inside = new NestedRecipient(this.#speaker, line => this.#whole.send(line))
    return new PartialReply(inside, () => {
      if (--this.#open === 0) this.#whole.end()
    })
  }
}

class PartialReply extends Reply {
  readonly #ended: () => void

  constructor(speaker: Recipient, ended: () => void) {
    super(speaker, undefined)
    this.#ended = ended
  }

  override end(): void {
    this.#ended()
  }
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

/** What is said of a refusal about a channel or a nick; a code without one does not compile. */
export const NUMERIC_OF = {
  'bad-name': 'ERR_ERRONEUSNICKNAME',
  'bad-username': 'ERR_ERRONEUSNICKNAME',
  'reserved-username': 'ERR_ERRONEUSNICKNAME',
  'name-taken': 'ERR_NICKNAMEINUSE',
  'bad-password': 'ERR_PASSWDMISMATCH',
  'garbled-password': 'ERR_PASSWDMISMATCH',
  'bad-email': 'ERR_PASSWDMISMATCH',
  'wrong-code': 'ERR_PASSWDMISMATCH',
  'registration-closed': 'ERR_PASSWDMISMATCH',
  'too-many-accounts': 'ERR_PASSWDMISMATCH',
  disabled: 'ERR_PASSWDMISMATCH',
  'long-status': 'ERR_INPUTTOOLONG',
  'bad-language': 'ERR_HELPNOTFOUND',
  'bad-zone': 'ERR_HELPNOTFOUND',
  'no-such-session': 'ERR_PASSWDMISMATCH',
  'out-of-scope': 'ERR_NOPRIVILEGES',
  oneself: 'ERR_CANNOTSENDTOCHAN',
  'wrong-credentials': 'ERR_PASSWDMISMATCH',
  'too-many-attempts': 'ERR_PASSWDMISMATCH',
  busy: 'ERR_PASSWDMISMATCH',
  'empty-text': 'ERR_NOTEXTTOSEND',
  'long-text': 'ERR_CANNOTSENDTOCHAN',
  'not-a-member': 'ERR_NOTONCHANNEL',
  'no-such-room': 'ERR_NOSUCHCHANNEL',
  'no-such-person': 'ERR_NOSUCHNICK',
  'no-such-message': 'ERR_CANNOTSENDTOCHAN',
  'bad-room-name': 'ERR_BADCHANMASK',
  'room-taken': 'ERR_BADCHANMASK',
  'already-there': 'ERR_USERONCHANNEL',
  banned: 'ERR_BANNEDFROMCHAN',
  muted: 'ERR_CANNOTSENDTOCHAN',
  silenced: 'ERR_CANNOTSENDTOCHAN',
  'slow-mode': 'ERR_CANNOTSENDTOCHAN',
  'read-only': 'ERR_CANNOTSENDTOCHAN',
  archived: 'ERR_CANNOTSENDTOCHAN',
  'wrong-key': 'ERR_BADCHANNELKEY',
  'bad-key': 'ERR_INVALIDMODEPARAM',
  'room-full': 'ERR_CHANNELISFULL',
  'no-guests': 'ERR_NEEDREGGEDNICK',
  'quiet-guests': 'ERR_CANNOTSENDTOCHAN',
  'account-needed': 'ERR_NEEDREGGEDNICK',
  'bad-mask': 'ERR_INVALIDMODEPARAM',
  'list-full': 'ERR_BANLISTFULL',
  forbidden: 'ERR_CHANOPRIVSNEEDED',
  'not-yours': 'ERR_CHANOPRIVSNEEDED',
  everyones: 'ERR_CHANOPRIVSNEEDED',
  'last-owner': 'ERR_CHANOPRIVSNEEDED',
  'too-many-rooms': 'ERR_TOOMANYCHANNELS',
  'too-many-brought': 'ERR_TOOMANYTARGETS',
  'too-many-unanswered': 'ERR_TOOMANYTARGETS',
  'bad-emoji': 'ERR_CANNOTSENDTOCHAN',
  'too-many-reactions': 'ERR_CANNOTSENDTOCHAN',
  'long-topic': 'ERR_INPUTTOOLONG',
  'too-many': 'ERR_TOOMANYTARGETS',
  'bad-query': 'ERR_NOTEXTTOSEND',
  'bad-date': 'ERR_NOTEXTTOSEND',
  'key-reused': 'ERR_CANNOTSENDTOCHAN',
  'store-full': 'ERR_CANNOTSENDTOCHAN',
  'store-busy': 'ERR_CANNOTSENDTOCHAN',
  'store-damaged': 'ERR_CANNOTSENDTOCHAN',
  'store-refused': 'ERR_CANNOTSENDTOCHAN',
  'store-moved': 'ERR_CANNOTSENDTOCHAN',
  'store-failed': 'ERR_CANNOTSENDTOCHAN',
  closing: 'ERR_CANNOTSENDTOCHAN',
} satisfies Record<RefusalCode, Numeric>
