// Looking back: CHATHISTORY, straight from the log, and the account's one read mark (draft/chathistory,
// draft/read-marker).

import type { Instant, LogEvent, Message, Person, Room, RoomId, Seq } from '../../../core/model/model.ts'
import type { Page } from '../../../core/ports/pages.ts'
import type { Client } from '../client.ts'
import { seqOf, timeOf } from '../events/tags.ts'
import { sendHistory, sendReadMarker } from '../replies/join-replies.ts'
import { MOST_HISTORY } from '../replies/registration-burst.ts'
import { type Reply, readingCost } from '../replies/reply.ts'
import { isChannel } from '../wire/names.ts'
import type { Command, CommandContext } from './commands.ts'
import { findPerson } from './find-room.ts'

export const historyCommands: Readonly<Record<string, Command>> = {
  CHATHISTORY: { min: 1, when: 'within', run: chathistory },
  MARKREAD: { min: 0, when: 'within', run: markread },
}

/** A place in a room's log: a message, or a moment. */
type Point = { readonly seq: Seq } | { readonly at: number }

const END = (2 ** 32 - 1) as Seq

async function chathistory(context: CommandContext): Promise<void> {
  const { client, params, to } = context
  const { irc } = client.wording
  const [subcommand = '', target = '', ...rest] = params
  const command = subcommand.toUpperCase()
  if (command === 'TARGETS') return targets(context)
  const shape = SUBCOMMANDS[command]
  if (!shape) return to.fail('CHATHISTORY', 'INVALID_PARAMS', subcommand, irc.noSubcommand)
  if (rest.length !== shape.points + 1)
    return to.fail(
      'CHATHISTORY',
      'INVALID_PARAMS',
      subcommand,
      rest.length > shape.points + 1 ? irc.manyParameters : irc.fewParameters,
    )
  const limit = Number(rest.at(-1))
  const room = client.rooms.named(target)
  const name = room ? client.deps.channels.nameOf(room) : await nickOf(client, target)
  if (name === undefined)
    return to.fail('CHATHISTORY', 'INVALID_TARGET', subcommand, target, irc.nothingThere)
  const foreign = rest.slice(0, -1).find(given => given !== '*' && !/^(timestamp|msgid)=/.test(given))
  if (foreign?.includes('='))
    return to.fail('CHATHISTORY', 'INVALID_MSGREFTYPE', subcommand, target, irc.badReference)
  const points = rest.slice(0, -1).map(given => (given === '*' ? undefined : pointOf(given, room)))
  const mayBeAny = command === 'LATEST'
  const wrong = rest.slice(0, -1).find((given, i) => points[i] === undefined && !(given === '*' && mayBeAny))
  if (wrong !== undefined)
    return to.fail('CHATHISTORY', 'INVALID_PARAMS', subcommand, wrong, whyNoPoint(client, wrong))
  if (!isLimit(limit))
    return to.fail('CHATHISTORY', 'INVALID_PARAMS', subcommand, `${rest.at(-1)}`, irc.badHistoryLimit)
  const most = Math.min(limit === 0 ? MOST_HISTORY : limit, MOST_HISTORY)
  if (!room || !client.person) return to.inBatch(['chathistory', name], () => {})
  const request = { client, room, points, limit: most, to }
  await client.deps.pages.during(client.person.id, () => showPage(request, { name, command, shape }, to))
}

async function showPage(
  request: HistoryRequest,
  { name, command, shape }: { name: string; command: string; shape: Subcommand },
  to: Reply,
): Promise<void> {
  const { client, room } = request
  const messages = await shape.read(request)
  const past = client.caps.has('draft/event-playback')
    ? await withEvents(request, messages, command)
    : messages
  if (!client.caps.has('draft/read-marker')) {
    const shown = new Set(past.map(({ seq }) => seq)) // what happened besides may have taken their room
    await client.unread.wasShown(
      room,
      messages.filter(({ seq }) => shown.has(seq)),
    )
  }
  await to.inLongBatch(['chathistory', name], inside => sendHistory(client, { room, events: past }, inside))
}

/** @returns the nick of whom there might be a conversation with */
async function nickOf({ deps, session }: Client, target: string): Promise<string | undefined> {
  if (isChannel(target) || !session) return undefined
  return (await findPerson(deps.chat, target))?.username
}

/** @param room undefined where there is none yet */
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

function isLimit(limit: number): boolean {
  return Number.isInteger(limit) && limit >= 0
}

// --- reading ---------------------------------------------------------------------------------------------

interface HistoryRequest {
  readonly client: Client
  readonly room: Room
  readonly points: readonly (Point | undefined)[]
  readonly limit: number
  /** What is read for it is its cost, also what it does not show. */
  readonly to: Reply
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

async function pageOf({ client, room, to }: HistoryRequest, page: Page): Promise<readonly Message[]> {
  const { session } = client
  if (!session) return []
  const messages = await client.deps.chat.messages.page(session.person, room.id, page)
  to.addCost(readingCost(messages))
  return messages
}

function before(request: HistoryRequest, seq: Seq): Promise<readonly Message[]> {
  return undeleted(request, 'before', seq)
}

function after(request: HistoryRequest, seq: Seq): Promise<readonly Message[]> {
  return undeleted(request, 'after', seq)
}

/** As many as are wanted, unless there are no more: who gets fewer takes it that the room begins or ends there. */
async function undeleted(
  request: HistoryRequest,
  side: 'before' | 'after',
  seq: Seq,
): Promise<readonly Message[]> {
  const { limit } = request
  let found: readonly Message[] = []
  let [next, isLast] = [seq, limit === 0]
  while (found.length < limit && !isLast) {
    const page = await pageOf(request, { side, seq: next, limit })
    const alive = page.filter(({ deleted }) => !deleted)
    found = side === 'before' ? [...alive, ...found].slice(-limit) : [...found, ...alive].slice(0, limit)
    next = page.at(side === 'before' ? 0 : -1)?.seq ?? next
    isLast = page.length < limit
  }
  return found
}

/** The first seq that is not before the point. */
async function seqBefore(request: HistoryRequest, point: Point | undefined): Promise<Seq> {
  if (!point) return END
  if ('seq' in point) return point.seq
  const page = await pageOf(request, { side: 'at', at: point.at as Instant, limit: 2 })
  return page.find(({ at }) => at >= point.at)?.seq ?? END
}

/** The last seq that is not behind the point. */
async function seqAfter(request: HistoryRequest, point: Point | undefined): Promise<Seq> {
  if (!point) return 0 as Seq
  if ('seq' in point) return point.seq
  const next = await seqBefore(request, { at: point.at + 1 })
  return (next - 1) as Seq
}

async function latest(request: HistoryRequest): Promise<readonly Message[]> {
  const [point] = request.points
  const all = await before(request, END)
  if (!point) return all
  const from = await seqAfter(request, point)
  return all.filter(({ seq }) => seq > from)
}

async function around(request: HistoryRequest): Promise<readonly Message[]> {
  const [point] = request.points
  if (!point) return before(request, END)
  const { limit } = request
  const page: Page =
    'seq' in point
      ? { side: 'around', seq: point.seq, limit }
      : { side: 'at', at: point.at as Instant, limit }
  return (await pageOf(request, page)).filter(({ deleted }) => !deleted)
}

/** From the first point on, in either direction. */
async function between(request: HistoryRequest): Promise<readonly Message[]> {
  const [one, other] = request.points
  const [a, b] = [await seqAfter(request, one), await seqAfter(request, other)]
  if (a <= b) {
    const end = await seqBefore(request, other)
    return (await after(request, a)).filter(({ seq }) => seq < end)
  }
  const start = await seqBefore(request, one)
  return (await before(request, start)).filter(({ seq }) => seq > b)
}

/** Messages show how they are now: what came of them since is no event of its own. */
const IN_MESSAGES = new Set<LogEvent['kind']>(['message', 'edit', 'deletion'])

/** Seqs that are looked through for what else happened. */
const WINDOW = 2000

/** The seqs in (after, upto], and at which end of them the page begins. */
interface SeqRange {
  readonly after: number
  readonly upto: number
  readonly from: 'older' | 'newer'
}

/**
 * With what else happened (draft/event-playback): as many of all, messages or not, as are wanted, from where the client
 * looks. So what happened before the first message, behind the last, or where none was said is there, too.
 */
async function withEvents(
  request: HistoryRequest,
  messages: readonly Message[],
  command: string,
): Promise<readonly LogEvent[]> {
  const { client, room, limit, to } = request
  const { session } = client
  if (!session) return messages
  const { after, upto, from } = await seqRange(request, messages, command)
  const span =
    from === 'newer'
      ? { after: Math.max(after, upto - WINDOW), upto }
      : { after, upto: Math.min(upto, after + WINDOW) }
  if (span.after >= span.upto) return messages
  const events = await client.deps.chat.messages.events(session.person, room.id, {
    after: span.after as Seq,
    upto: span.upto as Seq,
    limit: WINDOW,
  })
  to.addCost(readingCost(events))
  const others = events.filter(({ kind }) => !IN_MESSAGES.has(kind))
  const all = [...messages, ...others].sort((a, b) => a.seq - b.seq)
  return from === 'newer' ? all.slice(-limit) : all.slice(0, limit)
}

async function seqRange(
  request: HistoryRequest,
  messages: readonly Message[],
  command: string,
): Promise<SeqRange> {
  const { client, room, points } = request
  const [one, other] = points
  const head = client.session
    ? (await client.deps.chat.rooms.listing(client.session.person, room.id)).head
    : 0
  const behind = async (point: Point | undefined) => Math.min(head, await seqAfter(request, point))
  const ahead = async (point: Point | undefined) => Math.min(head, (await seqBefore(request, point)) - 1)
  switch (command) {
    case 'LATEST':
      return { after: await behind(one), upto: head, from: 'newer' }
    case 'BEFORE':
      return { after: 0, upto: await ahead(one), from: 'newer' }
    case 'AFTER':
      return { after: await behind(one), upto: head, from: 'older' }
    case 'BETWEEN': {
      const [a, b] = [await behind(one), await behind(other)]
      if (a <= b) return { after: a, upto: await ahead(other), from: 'older' }
      return { after: b, upto: await ahead(one), from: 'newer' }
    }
    default: // AROUND: between what was said
      return { after: (messages[0]?.seq ?? 1) - 1, upto: messages.at(-1)?.seq ?? 0, from: 'newer' }
  }
}

/** Rooms and conversations, by the time of what was said last. */
async function targets({ client, params, to }: CommandContext): Promise<void> {
  const [, from = '', upto = '', limitGiven = ''] = params
  const [start, end] = [timestampOf(from), timestampOf(upto)]
  const limit = Number(limitGiven)
  const refuse = (why: string) => to.fail('CHATHISTORY', 'INVALID_PARAMS', 'TARGETS', why)
  const { irc } = client.wording
  if (params.length !== 4) return refuse(params.length > 4 ? irc.manyParameters : irc.fewParameters)
  if (start === undefined || end === undefined) return refuse(irc.badTimestamp)
  if (!isLimit(limit)) return refuse(irc.badHistoryLimit)
  const [low, high] = [Math.min(start, end), Math.max(start, end)]
  const { chat, channels } = client.deps
  const all = client.person ? await chat.messages.lastMessageTimes(client.person) : []
  const found = all.flatMap(({ room: id, at }) => {
    const room = client.rooms.get(id)
    return room && at !== undefined && at > low && at < high ? [{ name: channels.nameOf(room), at }] : []
  })
  found.sort((a, b) => a.at - b.at)
  to.inBatch(['draft/chathistory-targets'], inside => {
    for (const { name, at } of found.slice(0, Math.min(limit || MOST_HISTORY, MOST_HISTORY)))
      inside.command('CHATHISTORY', 'TARGETS', name, timeOf(at))
  })
}

const TIMESTAMP = /^timestamp=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/

function timestampOf(given: string): number | undefined {
  const at = TIMESTAMP.test(given) ? Date.parse(given.slice(10)) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

// --- MARKREAD --------------------------------------------------------------------------------------------

async function markread({ client, params, to }: CommandContext): Promise<void> {
  const [target = '', given] = params
  if (target === '') return to.fail('MARKREAD', 'NEED_MORE_PARAMS', client.wording.irc.fewParameters)
  const room = client.rooms.named(target)
  const { session, deps } = client
  const name = room ? undefined : await nickOf(client, target)
  if (name !== undefined && given === undefined) return to.command('MARKREAD', name, '*')
  if (!room || !session) return to.fail('MARKREAD', 'INVALID_PARAMS', target, client.wording.irc.noTarget)
  if (given === undefined) return sendReadMarker(client, room.id, { to })
  const at = timestampOf(given)
  if (at === undefined) return to.fail('MARKREAD', 'INVALID_PARAMS', target, client.wording.irc.badTimestamp)
  const seq = await seqAfter({ client, room, points: [], limit: 2, to }, { at })
  const [last] = await before({ client, room, points: [], limit: 1, to }, END)
  const mark = Math.min(seq, last?.seq ?? 0) as Seq
  const { read } = await deps.chat.rooms.listing(session.person, room.id)
  // An older one is answered with where it stands.
  const stands =
    mark > read ? await moveMarker(client, { person: session.person, room: room.id, mark }) : read
  await sendReadMarker(client, room.id, { seq: stands as Seq, to })
}

interface Mark {
  readonly person: Person
  readonly room: RoomId
  readonly mark: Seq
}

/** The client is answered, not told. */
async function moveMarker(client: Client, { person, room, mark }: Mark): Promise<Seq> {
  client.rooms.markerMoving = room
  try {
    return await client.deps.chat.markRead(person, room, mark)
  } finally {
    client.rooms.markerMoving = undefined
  }
}
