// Commands by which something is said: PRIVMSG, NOTICE, TAGMSG, REDACT, and texts of many lines.

import { Buffer } from 'node:buffer'
import type { Seat } from '../../../core/log/seat.ts'
import type { Person, Room, RoomRole, Seq, Tag } from '../../../core/model/model.ts'
import { Refusal, refuse } from '../../../core/model/refusals.ts'
import type { Rooms } from '../../../core/rooms/rooms.ts'
import type { Client } from '../client.ts'
import { seqOf } from '../events/tags.ts'
import { act } from '../replies/answers.ts'
import { MOST_TARGETS } from '../replies/registration-burst.ts'
import { type Reply, SharedReply } from '../replies/reply.ts'
import { REACTION_TAGS, REPLY_TAGS, relayedTags } from '../wire/client-tags.ts'
import { readCodes, type FormattedText as Uttered } from '../wire/formatting.ts'
import { LONGEST_LINE, lineOf, type Message, pieces } from '../wire/message.ts'
import { statusTarget } from '../wire/mode-letters.ts'
import { isChannel } from '../wire/names.ts'
import { shortReason } from './channels.ts'
import type { Command, CommandContext } from './commands.ts'
import { findPerson } from './find-room.ts'
import { beginBatch } from './multiline.ts'
import { isService, runService } from './services.ts'
import { refuseStranger } from './strangers.ts'

type Done = ReturnType<Command['run']>

export const messageCommands: Readonly<Record<string, Command>> = {
  PRIVMSG: { min: 0, when: 'after', run: context => sendToTargets(context, false) },
  NOTICE: { min: 0, when: 'after', run: context => sendToTargets(context, true) },
  TAGMSG: { min: 1, when: 'within', run: tagmsg },
  REDACT: { min: 2, when: 'within', run: redact },
  BATCH: { min: 1, when: 'after', run: batch },
  NICKSERV: {
    min: 0,
    when: 'after',
    run: context => runService(context, 'NickServ', context.params.join(' ')),
  },
  NS: { min: 0, when: 'after', run: context => runService(context, 'NickServ', context.params.join(' ')) },
  CHANSERV: {
    min: 0,
    when: 'after',
    run: context => runService(context, 'ChanServ', context.params.join(' ')),
  },
  CS: { min: 0, when: 'after', run: context => runService(context, 'ChanServ', context.params.join(' ')) },
}

function sendToTargets(context: CommandContext, quiet: boolean): Done {
  const { params, to } = context
  const [targets, text] = params
  if (targets === undefined || targets === '') {
    if (!quiet) to.numeric('ERR_NORECIPIENT')
    return undefined
  }
  if (text === undefined || text === '') {
    if (!quiet) to.numeric('ERR_NOTEXTTOSEND')
    return undefined
  }
  if (!targets.includes(',')) return sendText(context, { target: targets, text, quiet })
  return sendToMany(context, { targets: targets.split(','), text, quiet })
}

/** Each is answered as if it were alone, and all of it is one answer. */
async function sendToMany(
  context: CommandContext,
  { targets, text, quiet }: { targets: readonly string[]; text: string; quiet: boolean },
): Promise<'later' | undefined> {
  const { to } = context
  if (targets.length > MOST_TARGETS) {
    if (!quiet) to.numeric('ERR_TOOMANYTARGETS', targets.join(','))
    return undefined
  }
  const wanted = [...new Set(targets)]
  const parts = new SharedReply(context.client, to, wanted.length)
  for (const target of wanted) {
    const part = parts.part()
    const done = await sendText({ ...context, to: part }, { target, text, quiet })
    if (done !== 'later') part.end()
  }
  return 'later'
}

interface OutgoingText extends Uttered {
  readonly target: string
  readonly quiet: boolean
}

/** The way of almost all that is said: nothing is waited for. */
export function sendText(context: CommandContext, spoken: OutgoingText): Done {
  const { client, to } = context
  const { target, text, quiet } = spoken
  const { session } = client
  if (isService(target)) return sendToService(context, spoken)
  if (!session) {
    if (!quiet) refuseStranger(context, target)
    return undefined
  }
  const said = readCodes(text)
  if (said === undefined) return quiet ? undefined : refuseCtcp(context, target)
  const seat = seatFor(client, target)
  if (seat) return post(context, seat, { ...spoken, ...said })
  const status = statusTarget(target)
  if (status) return writeToCouncil(context, status, { ...spoken, ...prefixed(`${target} `, said) })
  if (isChannel(target)) {
    if (!quiet) to.numeric(target.startsWith('#') ? 'ERR_CANNOTSENDTOCHAN' : 'ERR_NOSUCHCHANNEL', target)
    return undefined
  }
  return writeTo(context, { ...spoken, ...said })
}

function prefixed(words: string, { text, styles, ...said }: Uttered): Uttered {
  const move = (at: number) => at + words.length
  const moved = styles?.map(({ from, to, style }) => ({ from: move(from), to: move(to), style }))
  return { ...said, text: words + text, ...(moved && { styles: moved }) }
}

/** It is in no log: its echo is all that is left of it. */
function sendToService(context: CommandContext, { target, text, quiet }: OutgoingText): Done {
  const { client, to } = context
  if (client.caps.has('echo-message')) {
    const head = lineOf(client.source, quiet ? 'NOTICE' : 'PRIVMSG', [target, ''])
    const most = LONGEST_LINE - 2 - Buffer.byteLength(head)
    const lines = text.split('\n').flatMap(line => pieces(line, most))
    for (const line of lines) to.send(client.ownTags() + head + line)
  }
  return quiet ? undefined : runService(context, target, text)
}

/** Nowhere; where a room has said so itself, as clients know it. */
async function refuseCtcp({ client, message, to }: CommandContext, target: string): Promise<void> {
  const { session, deps } = client
  const room = client.rooms.channelNamed(target)
  const rules = session && room && (await deps.chat.rooms.settings(session.person, room.id))
  const isForbidden = rules?.flags.includes('no-ctcp') === true
  if (isForbidden || !client.knowsFail(message.command))
    to.numericWithText('ERR_CANNOTSENDTOCHAN', [target], client.wording.irc.noCtcp)
  else to.fail(message.command, 'INVALID_MESSAGE', target, client.wording.irc.noCtcp)
}

function post({ client, message, to }: CommandContext, seat: Seat, spoken: OutgoingText): 'later' {
  const { target, quiet } = spoken
  if (!quiet && !isChannel(target)) sendAway(client, target, to)
  const reply = repliedSeq(message, seat)
  const tags = relayedTags(message.tags, reply === undefined ? [] : REPLY_TAGS)
  const said = reply === undefined ? spoken : { ...spoken, reply }
  client.posts.post(seat, tags ? { ...said, tags } : said, to)
  return 'later'
}

function sendAway(client: Client, nick: string, to: Reply): void {
  const text = client.deps.presences().awayText(nick)
  if (text !== undefined) to.numeric('RPL_AWAY', nick, text)
}

/** What it answers, of the same room. */
function repliedSeq({ tags }: Message, seat: Seat): Seq | undefined {
  const id = tags.get('+reply') ?? tags.get('+draft/reply')
  const found = id === undefined ? undefined : seqOf(id)
  return found?.room === seat.room ? found.seq : undefined
}

/** Of a channel, or of a conversation that there is already. */
function seatNamed(client: Client, target: string): Seat | undefined {
  const room = client.rooms.named(target)
  return room && client.session?.seat(room.id)
}

/** Where this has been said before, or a channel. Whose a nick is now is asked of the core: guests' go from one to another. */
function seatFor(client: Client, target: string): Seat | undefined {
  const known = client.rooms.target(target)
  const seat = known && client.session?.seat(known)
  if (seat) return seat
  const room = client.rooms.channelNamed(target)
  if (!room) return undefined
  client.rooms.rememberTarget(target, room.id)
  return client.session?.seat(room.id)
}

/** The first words to somebody. */
async function writeTo(context: CommandContext, spoken: OutgoingText): Promise<'later' | undefined> {
  const seat = await conversationWith(context, spoken)
  return seat && post(context, seat, spoken)
}

function conversationWith(context: CommandContext, to: Destination): Promise<Seat | undefined> {
  return openConversation(context, to, async (rooms, person) => {
    const room = await rooms.direct(person, [to.target])
    context.client.rooms.rememberTarget(to.target, room.id)
    return room
  })
}

/**
 * To those of a rank in a channel, in the conversation that they have: a room's log is the same for all who are in it,
 * so what is not for all of them is said in another.
 */
async function writeToCouncil(
  context: CommandContext,
  { least, channel }: { least: RoomRole; channel: string },
  spoken: OutgoingText,
): Promise<'later' | undefined> {
  const room = context.client.rooms.channelNamed(channel)
  if (!room) {
    if (!spoken.quiet) context.to.numeric('ERR_CANNOTSENDTOCHAN', spoken.target)
    return undefined
  }
  const seat = await openConversation(context, spoken, (rooms, person) =>
    rooms.directRoomOfRank(person, room.id, least),
  )
  return seat && post(context, seat, spoken)
}

type Destination = Pick<OutgoingText, 'target' | 'quiet'>

/** @returns undefined where there is none, which has been said */
async function openConversation(
  { client, to }: CommandContext,
  { target, quiet }: Destination,
  open: (rooms: Rooms, person: Person) => Promise<Room>,
): Promise<Seat | undefined> {
  const { session } = client
  if (!session) return undefined
  try {
    const room = await open(client.deps.chat.rooms, session.person)
    const seat = session.seat(room.id)
    if (!seat) to.numeric('ERR_NOSUCHNICK', target)
    return seat
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (!quiet) to.refused(error, [target])
    return undefined
  }
}

// --- what is said about messages -------------------------------------------------------------------------

function tagmsg(context: CommandContext): Promise<void> | undefined {
  const { client, params, to } = context
  const [target = ''] = params
  const seat = seatNamed(client, target)
  if (seat) return sendTags(context, seat)
  if (!client.caps.has('message-tags') || isService(target)) return undefined
  if (client.session && !isChannel(target)) return sendFirstTags(context, target)
  to.numeric(isChannel(target) ? 'ERR_CANNOTSENDTOCHAN' : 'ERR_NOSUCHNICK', target)
  return undefined
}

/** Typing and reactions are the chat's own; what else there is goes to the others as it is. */
function sendTags(context: CommandContext, seat: Seat): Promise<void> | undefined {
  const { client, message } = context
  const { tags } = message
  const isTyping = tags.get('+typing') === 'active'
  if (isTyping) client.deps.chat.typing(seat)
  const isReaction = REACTION_TAGS.some(name => tags.has(name))
  const understood = [
    ...(isTyping ? ['+typing'] : []),
    ...(isReaction ? [...REACTION_TAGS, ...REPLY_TAGS] : []),
  ]
  const left = relayedTags(tags, understood)
  if (isReaction) return react(context, seat, left)
  return left && signal(context, seat, left)
}

/** As words would, it begins a conversation; that somebody types does not. */
async function sendFirstTags(context: CommandContext, target: string): Promise<void> {
  const { client, message, to } = context
  const tags = relayedTags(message.tags, ['+typing'])
  if (tags) {
    const seat = await conversationWith(context, { target, quiet: false })
    if (seat) await signal(context, seat, tags)
  } else if (!(await findPerson(client.deps.chat, target))) to.numeric('ERR_NOSUCHNICK', target)
}

async function signal(
  { client, params, to }: CommandContext,
  seat: Seat,
  tags: readonly Tag[],
): Promise<void> {
  const [target = ''] = params
  try {
    const sent = await client.deps.chat.signal(seat, tags)
    const room = client.rooms.get(seat.room)
    if (!client.caps.has('echo-message') || !room) return
    for (const line of client.render(sent, room)) to.send(line)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    to.refused(error, [target])
  }
}

/** @param left what is told besides */
async function react(context: CommandContext, seat: Seat, left: readonly Tag[] | undefined): Promise<void> {
  const { client, message, to } = context
  const { session } = client
  const { tags } = message
  const about = repliedSeq(message, seat)
  const [on, emoji = ''] = tags.has('+draft/react')
    ? [true, tags.get('+draft/react')]
    : [false, tags.get('+draft/unreact')]
  try {
    if (!session || about === undefined) refuse('no-such-message')
    const { messages } = client.deps.chat
    await act({ client, session, to }, actor => messages.react(actor, seat.room, about, { emoji, on }))
    if (left) await signal(context, seat, left)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    to.fail('TAGMSG', 'INVALID_REACTION', client.refused(error))
  }
}

async function redact({ client, params, to }: CommandContext): Promise<void> {
  const [target = '', id = '', reason = ''] = params
  const seat = seatNamed(client, target)
  const { session } = client
  if (!seat || !session) return to.fail('REDACT', 'INVALID_TARGET', target, client.wording.irc.noTarget)
  const found = seqOf(id)
  if (found?.room !== seat.room)
    return to.fail('REDACT', 'UNKNOWN_MSGID', target, id, client.refused({ code: 'no-such-message' }))
  try {
    const { messages } = client.deps.chat
    await act({ client, session, to }, actor =>
      messages.erase(actor, seat.room, found.seq, shortReason(reason)),
    )
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const code = error.code === 'no-such-message' ? 'UNKNOWN_MSGID' : 'REDACT_FORBIDDEN'
    to.fail('REDACT', code, target, id, client.refused(error))
  }
}

// --- texts of many lines (draft/multiline) ---------------------------------------------------------------

function batch(context: CommandContext): Done {
  const { client, params } = context
  const open = client.multiline.open
  return open && params[0] === `-${open.reference}` ? open.end(sendText) : beginBatch(context)
}
