// CHATHISTORY (draft/chathistory): parsing and answering; history-pages.ts reads.

import type { Message, Room } from '../../../core/model/model.ts'
import type { Client } from '../client.ts'
import { seqOf, timeOf } from '../events/tags.ts'
import { sendHistory } from '../replies/history.ts'
import { MOST_HISTORY } from '../replies/registration-burst.ts'
import type { Reply } from '../replies/reply.ts'
import { timestampOf } from '../wire/timestamps.ts'
import type { Command, CommandContext } from './commands.ts'
import { nickOf } from './find-room.ts'
import {
  after,
  around,
  before,
  between,
  type HistoryRequest,
  latest,
  type Point,
  seqAfter,
  seqBefore,
  withEvents,
} from './history-pages.ts'

export const historyCommands: Readonly<Record<string, Command>> = {
  CHATHISTORY: { min: 1, when: 'session', run: chathistory },
}

async function chathistory(context: CommandContext): Promise<void> {
  const { client, params, reply } = context
  const { irc } = client.wording
  const [subcommand = '', target = '', ...rest] = params
  const command = subcommand.toUpperCase()
  if (command === 'TARGETS') return targets(context)
  const shape = SUBCOMMANDS[command]
  if (!shape) return reply.fail('CHATHISTORY', 'INVALID_PARAMS', subcommand, irc.noSubcommand)
  if (rest.length !== shape.points + 1)
    return reply.fail(
      'CHATHISTORY',
      'INVALID_PARAMS',
      subcommand,
      rest.length > shape.points + 1 ? irc.manyParameters : irc.fewParameters,
    )
  const limit = limitOf(rest.at(-1))
  const room = client.rooms.named(target)
  const name = room ? client.deps.channels.nameOf(room) : await nickOf(client, target)
  if (name === undefined)
    return reply.fail('CHATHISTORY', 'INVALID_TARGET', subcommand, target, irc.nothingThere)
  const foreign = rest.slice(0, -1).find(given => given !== '*' && !/^(timestamp|msgid)=/.test(given))
  if (foreign?.includes('='))
    return reply.fail('CHATHISTORY', 'INVALID_MSGREFTYPE', subcommand, target, irc.badReference)
  const points = rest.slice(0, -1).map(given => (given === '*' ? undefined : pointOf(given, room)))
  const mayBeAny = command === 'LATEST'
  const wrong = rest.slice(0, -1).find((given, i) => points[i] === undefined && !(given === '*' && mayBeAny))
  if (wrong !== undefined)
    return reply.fail('CHATHISTORY', 'INVALID_PARAMS', subcommand, wrong, whyNoPoint(client, wrong))
  if (limit === undefined)
    return reply.fail('CHATHISTORY', 'INVALID_PARAMS', subcommand, `${rest.at(-1)}`, irc.badHistoryLimit)
  const most = Math.min(limit === 0 ? MOST_HISTORY : limit, MOST_HISTORY)
  if (!room || !client.person) return reply.inBatch(['chathistory', name], () => {})
  const request = { client, room, points, limit: most, reply }
  await client.deps.historySlots.run(client, () => showPage(request, { name, command, shape }, reply))
}

async function showPage(
  request: HistoryRequest,
  { name, command, shape }: { name: string; command: string; shape: Subcommand },
  reply: Reply,
): Promise<void> {
  const { client, room } = request
  const messages = await shape.read(request)
  const past = client.caps.has('draft/event-playback')
    ? await withEvents(request, messages, command)
    : messages
  await reply.inLongBatch(['chathistory', name], inside =>
    sendHistory(client, { room, events: past }, inside),
  )
  // Only now: the answer to a PING that was sent amid the page confirms what came before it.
  if (!client.caps.has('draft/read-marker')) {
    const shown = new Set(past.map(({ seq }) => seq)) // other events may have taken the place of some
    await client.unread.noteShown(
      room,
      messages.filter(({ seq }) => shown.has(seq)),
    )
  }
}

/** Parses msgid=… or timestamp=…. @param room undefined for a conversation that does not exist yet */
function pointOf(given: string, room: Room | undefined): Point | undefined {
  const [kind, value = ''] = given.split(/=(.*)/s)
  if (kind === 'timestamp') {
    const at = timestampOf(given)
    return at === undefined ? undefined : { at }
  }
  const found = kind === 'msgid' ? seqOf(value) : undefined
  return found && (!room || found.room === room.id) ? { seq: found.seq } : undefined
}

function whyNoPoint(client: Client, given: string): string {
  if (given.startsWith('msgid=')) return client.refused({ code: 'no-such-message' })
  const { badTimestamp, badReference } = client.wording.irc
  return given.startsWith('timestamp=') ? badTimestamp : badReference
}

function limitOf(typed = ''): number | undefined {
  return /^\d+$/.test(typed) ? Number(typed) : undefined
}

interface Subcommand {
  readonly points: number
  read(request: HistoryRequest): Promise<readonly Message[]>
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  BEFORE: { points: 1, read: async request => before(request, await seqBefore(request, request.points[0])) },
  AFTER: { points: 1, read: async request => after(request, await seqAfter(request, request.points[0])) },
  LATEST: { points: 1, read: latest },
  AROUND: { points: 1, read: around },
  BETWEEN: { points: 2, read: between },
}

/** TARGETS: rooms and conversations by the time of their last message. */
async function targets({ client, params, reply }: CommandContext): Promise<void> {
  const [, from = '', upto = '', limitGiven = ''] = params
  const [start, end] = [timestampOf(from), timestampOf(upto)]
  const limit = limitOf(limitGiven)
  const refuse = (why: string) => reply.fail('CHATHISTORY', 'INVALID_PARAMS', 'TARGETS', why)
  const { irc } = client.wording
  if (params.length !== 4) return refuse(params.length > 4 ? irc.manyParameters : irc.fewParameters)
  if (start === undefined || end === undefined) return refuse(irc.badTimestamp)
  if (limit === undefined) return refuse(irc.badHistoryLimit)
  const [low, high] = [Math.min(start, end), Math.max(start, end)]
  const { chat, channels } = client.deps
  const all = client.person ? await chat.messages.lastMessageTimes(client.person) : []
  const found = all.flatMap(({ room: id, at }) => {
    const room = client.rooms.get(id)
    return room && at !== undefined && at > low && at < high ? [{ name: channels.nameOf(room), at }] : []
  })
  found.sort((a, b) => a.at - b.at)
  reply.inBatch(['draft/chathistory-targets'], inside => {
    for (const { name, at } of found.slice(0, Math.min(limit || MOST_HISTORY, MOST_HISTORY)))
      inside.command('CHATHISTORY', 'TARGETS', name, timeOf(at))
  })
}
