// Runs one command of a client: the guards, the command itself, and the catch.

import { Buffer } from 'node:buffer'
import { Refusal } from '../../core/model/refusals.ts'
import type { Client } from './client.ts'
import { type Command, commands } from './commands/commands.ts'
import { refuseStranger } from './commands/strangers.ts'
import { Reply } from './replies/reply.ts'
import type { Message } from './wire/message.ts'

/** The longest label in bytes (IRCv3 labeled-response). */
const LONGEST_LABEL = 64
/** Commands that may come between the lines of an open batch. */
const BESIDE_BATCHES = new Set(['BATCH', 'PING', 'PONG', 'QUIT'])

/** Runs a command. @returns a promise if the client's next command has to wait for it */
export function dispatch(client: Client, message: Message): Promise<void> | undefined {
  if (collect(client, message)) return undefined
  const reply = new Reply(client, labelOf(client, message))
  const done = run(client, message, reply)
  if (done instanceof Promise) return finish(client, { message, reply, done })
  if (done !== 'later') reply.end()
  charge(client, message, reply)
  return undefined
}

/** The lines of a reply that cost as much as one command. */
const LINES_PER_CHARGE = 128
/** Commands with a list of targets, each of which is looked up → the index of that parameter. */
const TARGETS_PARAM: Readonly<Record<string, number>> = {
  JOIN: 0,
  PART: 0,
  NAMES: 0,
  KICK: 1,
  WHOIS: 0,
  PRIVMSG: 0,
  NOTICE: 0,
  TAGMSG: 0,
}

/** Charges the rate limit for what the command cost beyond the one turn that it has paid. */
function charge({ deps, person }: Client, { command, params }: Message, { cost }: Reply): void {
  const names = params[TARGETS_PARAM[command] ?? -1]?.split(',').length ?? 1
  const turns = names - 1 + Math.floor(cost / LINES_PER_CHARGE)
  if (person) deps.chat.charge(person, turns)
}

interface RunningCommand {
  readonly message: Message
  readonly reply: Reply
  readonly done: Promise<unknown>
}

async function finish(client: Client, { message, reply, done }: RunningCommand): Promise<void> {
  const outcome = await done.catch(error => refuse(client, error, { message, reply }))
  if (outcome !== 'later') reply.end()
  charge(client, message, reply)
}

/** @returns 'later' if another holder of the reply ends it */
function run(client: Client, message: Message, reply: Reply): ReturnType<Command['run']> {
  const { command, params } = message
  const { isComplete } = client.registration
  const known = commands[command]
  if (!isComplete && !isAllowedEarly(client, known)) reply.numeric('ERR_NOTREGISTERED')
  else if (!known) reply.numeric('ERR_UNKNOWNCOMMAND', command)
  else if (known.when === 'before' && isComplete) reply.numeric('ERR_ALREADYREGISTERED')
  else if (known.when === 'session' && !client.session)
    refuseStranger({ client, message, params, reply }, params[0] ?? command)
  else if (params.length < known.min) reply.numeric('ERR_NEEDMOREPARAMS', command)
  else {
    try {
      return known.run({ client, params, message, reply })
    } catch (error) {
      refuse(client, error, { message, reply })
    }
  }
  return undefined
}

/** Whether the command is accepted before registration is complete. */
function isAllowedEarly({ caps }: Client, known: Command | undefined): boolean {
  if (!known) return false
  if (known.when === 'always' || known.when === 'before') return true
  return known.beforeWith !== undefined && caps.has(known.beforeWith)
}

/** Adds a line to the open batch. While one is open nothing else may come (IRCv3 client-initiated batches). */
function collect(client: Client, { command, tags, params }: Message): boolean {
  if (BESIDE_BATCHES.has(command)) return false
  const open = client.multiline.open
  const inside = tags.get('batch')
  if (inside === undefined) {
    open?.fail(['MULTILINE_INVALID'])
    return false
  }
  const isText = command === 'PRIVMSG' || command === 'NOTICE'
  if (open && inside === open.reference && isText) open.add({ command, tags, params })
  else if (open) open.fail(['MULTILINE_INVALID'])
  else if (inside !== client.multiline.failed)
    new Reply(client, undefined).fail('BATCH', 'MULTILINE_INVALID', client.wording.irc.badBatch)
  return true
}

function labelOf({ caps }: Client, { tags }: Message): string | undefined {
  const label = caps.has('labeled-response') ? tags.get('label') : undefined
  return label === undefined || label === '' || Buffer.byteLength(label) > LONGEST_LABEL ? undefined : label
}

function refuse(
  client: Client,
  error: unknown,
  { message, reply }: { message: Message; reply: Reply },
): void {
  const { command, params } = message
  if (error instanceof Refusal) return reply.fail(command, codeOf(error), client.refused(error))
  client.deps.onError(error)
  const [code, about] = FAILED[command] ?? ['UNKNOWN_ERROR', 0]
  reply.fail(command, code, ...params.slice(0, about), client.wording.internalError)
}

/** The FAIL code of an internal error for each command, and how many of its parameters it repeats. */
const FAILED: Readonly<Record<string, readonly [code: string, about: number]>> = {
  CHATHISTORY: ['MESSAGE_ERROR', 2],
  MARKREAD: ['INTERNAL_ERROR', 1],
  SETNAME: ['CANNOT_CHANGE_REALNAME', 0],
}

function codeOf({ code }: Refusal): string {
  return code.toUpperCase().replaceAll('-', '_')
}
