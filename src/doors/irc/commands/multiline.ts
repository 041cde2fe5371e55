// Receiving multiline messages, which come in a batch (draft/multiline, IRCv3 client-initiated batches).

import { Buffer } from 'node:buffer'
import type { Reply } from '../replies/reply.ts'
import { MULTILINE } from '../wire/caps.ts'
import type { Message } from '../wire/message.ts'
import { foldName } from '../wire/names.ts'
import type { Command, CommandContext } from './commands.ts'
import type { sendText as sayFunction } from './messages.ts'

/** The time for all lines of a batch to come. */
const LONGEST_BATCH_MS = 30_000

type Done = ReturnType<Command['run']>
/** A FAIL code and its context parameters. */
type Fault = readonly [code: string, ...context: string[]]

/**
 * The multiline batch of a client: the open one, and the last that was refused, whose remaining lines are passed over.
 */
export class Multiline {
  open: MultilineBatch | undefined
  failed: string | undefined
}

/** A batch that is being received. It is answered under the label of the BATCH that began it. */
export class MultilineBatch {
  readonly reference: string
  readonly #target: string
  readonly #context: CommandContext
  readonly #timeout: NodeJS.Timeout
  #text: string | undefined
  #bytes = 0
  #lines = 0
  #command = ''

  constructor(context: CommandContext, reference: string, target: string) {
    this.#context = context
    this.reference = reference
    this.#target = target
    this.#timeout = setTimeout(() => this.fail(['TIMEOUT', reference]), LONGEST_BATCH_MS)
  }

  add({ command, params, tags }: Message): void {
    const fault = this.#wrong(command, params, tags.has('draft/multiline-concat'))
    if (fault) return this.fail(fault)
    const [, line = ''] = params
    const between = this.#text === undefined || tags.has('draft/multiline-concat') ? '' : '\n'
    this.#bytes += Buffer.byteLength(between + line)
    if (this.#bytes > MULTILINE.bytes) return this.fail(['MULTILINE_MAX_BYTES', `${MULTILINE.bytes}`])
    this.#text = (this.#text ?? '') + between + line
  }

  #wrong(command: string, [target = '', line = '']: readonly string[], joined: boolean): Fault | undefined {
    this.#command ||= command
    if (command !== this.#command || (joined && line === '')) return ['MULTILINE_INVALID']
    if (foldName(target) !== foldName(this.#target))
      return ['MULTILINE_INVALID_TARGET', this.#target, target === '' ? '*' : target]
    return ++this.#lines > MULTILINE.lines ? ['MULTILINE_MAX_LINES', `${MULTILINE.lines}`] : undefined
  }

  /** Refuses the whole batch. */
  fail([code, ...context]: Fault): void {
    this.drop()
    const { client, reply } = this.#context
    client.multiline.failed = this.reference
    reply.fail('BATCH', code, ...context, client.wording.irc.badBatch)
    reply.end()
  }

  /** Forgets the batch. */
  drop(): void {
    clearTimeout(this.#timeout)
    const { client } = this.#context
    if (client.multiline.open === this) client.multiline.open = undefined
  }

  /** Sends the text: all lines have come. */
  end(say: typeof sayFunction): Done {
    this.drop()
    const text = this.#text ?? ''
    if (text.trim() === '') return this.fail(['MULTILINE_INVALID'])
    const { reply } = this.#context
    const done = say(this.#context, { target: this.#target, text, quiet: this.#command === 'NOTICE' })
    if (done instanceof Promise) return endWith(done, reply)
    if (done !== 'later') reply.end()
    return undefined
  }
}

async function endWith(done: Promise<unknown>, reply: Reply): Promise<void> {
  if ((await done) !== 'later') reply.end()
}

/** Begins a batch: BATCH +reference draft/multiline target. The batch itself handles BATCH -reference. */
export function beginBatch(context: CommandContext): Done {
  const { client, params, reply } = context
  const [given = '', , target = ''] = params
  const reference = given.slice(1)
  if (given.startsWith('-') && reference === client.multiline.failed) return undefined
  const fault = faultIn(context, reference)
  if (fault) {
    const [code, ...about] = fault
    client.multiline.open?.drop()
    client.multiline.failed = reference
    reply.fail('BATCH', code, ...about, client.wording.irc.badBatch)
    return undefined
  }
  client.multiline.open = new MultilineBatch(context, reference, target)
  return 'later' // the batch answers under this label
}

function faultIn({ client, params, message }: CommandContext, reference: string): Fault | undefined {
  const [given = '', type = '', target = ''] = params
  if (client.multiline.open || message.tags.has('batch') || !given.startsWith('+'))
    return ['MULTILINE_INVALID']
  if (!/^[A-Za-z0-9-]{1,64}$/.test(reference)) return ['INVALID_REFTAG', reference]
  if (type !== 'draft/multiline') return ['UNKNOWN_TYPE', reference, type]
  return target === '' || !client.caps.has('draft/multiline') ? ['MULTILINE_INVALID'] : undefined
}
