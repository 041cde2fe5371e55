// PRIVMSG, NOTICE and BATCH; the table has TAGMSG, REDACT and the services' commands, too.

import { Buffer } from 'node:buffer'
import type { Seat } from '../../../core/log/seat.ts'
import type { AttachedUpload, RoomRole } from '../../../core/model/model.ts'
import type { Client } from '../client.ts'
import { MOST_TARGETS } from '../replies/registration-burst.ts'
import type { Reply } from '../replies/reply.ts'
import { SharedReply } from '../replies/shared-reply.ts'
import { REPLY_TAGS, relayedTags } from '../wire/client-tags.ts'
import { type FormattedText, readCodes } from '../wire/formatting.ts'
import { LONGEST_LINE, lineOf, pieces } from '../wire/message.ts'
import { statusTarget } from '../wire/mode-letters.ts'
import { foldName, isChannel } from '../wire/names.ts'
import { attachIn, mayAttach } from './attach.ts'
import type { Command, CommandContext } from './commands.ts'
import { conversationWith, openConversation, seatFor } from './conversations.ts'
import { beginBatch } from './multiline.ts'
import { redact } from './redact.ts'
import { isService, runService } from './services.ts'
import { refuseStranger } from './strangers.ts'
import { repliedSeq, tagmsg } from './tagmsg.ts'

type Done = ReturnType<Command['run']>

export const messageCommands: Readonly<Record<string, Command>> = {
  PRIVMSG: { min: 0, when: 'after', run: context => sendToTargets(context, false) },
  NOTICE: { min: 0, when: 'after', run: context => sendToTargets(context, true) },
  TAGMSG: { min: 1, when: 'session', run: tagmsg },
  REDACT: { min: 2, when: 'session', run: redact },
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
  const { params, reply } = context
  const [targets, text] = params
  if (targets === undefined || targets === '') {
    if (!quiet) reply.numeric('ERR_NORECIPIENT')
    return undefined
  }
  if (text === undefined || text === '') {
    if (!quiet) reply.numeric('ERR_NOTEXTTOSEND')
    return undefined
  }
  if (!targets.includes(',')) return sendText(context, { target: targets, text, quiet })
  return sendToMany(context, { targets: targets.split(','), text, quiet })
}

/** Sends a text to several targets: each is answered as if it were alone, in one reply. */
async function sendToMany(
  context: CommandContext,
  { targets, text, quiet }: { targets: readonly string[]; text: string; quiet: boolean },
): Promise<'later' | undefined> {
  const { reply } = context
  if (targets.length > MOST_TARGETS) {
    if (!quiet) reply.numeric('ERR_TOOMANYTARGETS', targets.join(','))
    return undefined
  }
  const folded = targets.map(foldName)
  const wanted = targets.filter((_, i) => folded.indexOf(folded[i] ?? '') === i)
  const parts = new SharedReply(context.client, reply, wanted.length)
  for (const target of wanted) {
    const part = parts.part()
    const done = await sendText({ ...context, reply: part }, { target, text, quiet })
    if (done !== 'later') part.end()
  }
  return 'later'
}

export interface OutgoingText extends FormattedText {
  readonly attachments?: readonly AttachedUpload[]
  /** As it was typed, with the links to its attachments. */
  readonly asText?: FormattedText
  readonly target: string
  readonly quiet: boolean
}

/** Sends a text. For a target that was used before, nothing is awaited. */
export function sendText(context: CommandContext, outgoing: OutgoingText): Done {
  const { client } = context
  const { target, text, quiet } = outgoing
  const { session } = client
  if (isService(target)) return sendToService(context, outgoing)
  if (!session) {
    if (!quiet) refuseStranger(context, target)
    return undefined
  }
  return mayAttach(client, text) ? sendWithFiles(context, outgoing) : sendOn(context, outgoing)
}

async function sendWithFiles(context: CommandContext, outgoing: OutgoingText): Promise<'later' | undefined> {
  const attaching = await attachIn(context.client, outgoing.text)
  const asText = attaching.attachments && readCodes(outgoing.text)
  return (await sendOn(context, { ...outgoing, ...attaching, ...(asText && { asText }) })) ?? undefined
}

function sendOn(context: CommandContext, outgoing: OutgoingText): Done {
  const { client, reply } = context
  const { target, text, quiet, asText } = outgoing
  const formatted = readCodes(text)
  if (formatted === undefined) return quiet ? undefined : refuseCtcp(context, target)
  const seat = seatFor(client, target)
  if (seat) return post(context, seat, { ...outgoing, ...formatted })
  const status = statusTarget(target)
  if (status) {
    const prefix = `${target} `
    const whole = asText && { asText: prefixed(prefix, asText) }
    return sendToRank(context, status, { ...outgoing, ...prefixed(prefix, formatted), ...whole })
  }
  if (isChannel(target)) {
    if (!quiet) reply.numeric(target.startsWith('#') ? 'ERR_CANNOTSENDTOCHAN' : 'ERR_NOSUCHCHANNEL', target)
    return undefined
  }
  return sendFirst(context, { ...outgoing, ...formatted })
}

function prefixed(words: string, { text, styles, ...rest }: FormattedText): FormattedText {
  const move = (at: number) => at + words.length
  const moved = styles?.map(({ from, to, style }) => ({ from: move(from), to: move(to), style }))
  return { ...rest, text: words + text, ...(moved && { styles: moved }) }
}

/** Runs a service's command. The text is not logged, so its echo is made here. */
function sendToService(context: CommandContext, { target, text, quiet }: OutgoingText): Done {
  const { client, reply } = context
  if (client.caps.has('echo-message')) {
    const head = lineOf(client.source, quiet ? 'NOTICE' : 'PRIVMSG', [target, ''])
    const most = LONGEST_LINE - 2 - Buffer.byteLength(head)
    const lines = text.split('\n').flatMap(line => pieces(line, most))
    for (const line of lines) reply.send(client.ownTags() + head + line)
  }
  return quiet ? undefined : runService(context, target, text)
}

/** Refuses CTCP, which no room takes; by 404 if the room has mode C, as clients know it. */
async function refuseCtcp({ client, message, reply }: CommandContext, target: string): Promise<void> {
  const { session, deps } = client
  const room = client.rooms.channelNamed(target)
  const rules = session && room && (await deps.chat.rooms.settings(session.person, room.id))
  const isForbidden = rules?.flags.includes('no-ctcp') === true
  if (isForbidden || !client.knowsFail(message.command))
    reply.numericWithText('ERR_CANNOTSENDTOCHAN', [target], client.wording.irc.noCtcp)
  else reply.fail(message.command, 'INVALID_MESSAGE', target, client.wording.irc.noCtcp)
}

function post({ client, message, reply }: CommandContext, seat: Seat, outgoing: OutgoingText): 'later' {
  const { target, quiet } = outgoing
  if (!quiet && !isChannel(target)) sendAway(client, target, reply)
  const inReplyTo = repliedSeq(message, seat)
  const tags = relayedTags(message.tags, inReplyTo === undefined ? [] : REPLY_TAGS)
  const text = inReplyTo === undefined ? outgoing : { ...outgoing, inReplyTo }
  client.posts.post(seat, tags ? { ...text, tags } : text, reply)
  return 'later'
}

function sendAway(client: Client, nick: string, reply: Reply): void {
  const text = client.deps.presences().awayText(nick)
  if (text !== undefined) reply.numeric('RPL_AWAY', nick, text)
}

/** Sends the first message to somebody. */
async function sendFirst(context: CommandContext, outgoing: OutgoingText): Promise<'later' | undefined> {
  const seat = await conversationWith(context, outgoing)
  return seat && post(context, seat, outgoing)
}

/**
 * STATUSMSG: sends to the members of a rank, in a conversation of theirs. A room's log is the same for all members, so a
 * message for some of them goes to another room.
 */
async function sendToRank(
  context: CommandContext,
  { least, channel }: { least: RoomRole; channel: string },
  outgoing: OutgoingText,
): Promise<'later' | undefined> {
  const room = context.client.rooms.channelNamed(channel)
  if (!room) {
    if (!outgoing.quiet) context.reply.numeric('ERR_CANNOTSENDTOCHAN', outgoing.target)
    return undefined
  }
  const seat = await openConversation(context, outgoing, (rooms, person) =>
    rooms.directRoomOfRank(person, room.id, least),
  )
  return seat && post(context, seat, outgoing)
}

function batch(context: CommandContext): Done {
  const { client, params } = context
  const open = client.multiline.open
  return open && params[0] === `-${open.reference}` ? open.end(sendText) : beginBatch(context)
}
