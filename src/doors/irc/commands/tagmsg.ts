// TAGMSG: typing, reactions, and other client-only tags (IRCv3 message-tags).

import type { Seat } from '../../../core/log/seat.ts'
import type { Seq, Tag } from '../../../core/model/model.ts'
import { Refusal, refuse } from '../../../core/model/refusals.ts'
import { seqOf } from '../events/tags.ts'
import { act } from '../replies/answers.ts'
import { REACTION_TAGS, REPLY_TAGS, relayedTags } from '../wire/client-tags.ts'
import type { Message } from '../wire/message.ts'
import { isChannel } from '../wire/names.ts'
import type { CommandContext } from './commands.ts'
import { conversationWith, seatNamed } from './conversations.ts'
import { findPerson } from './find-room.ts'
import { isService } from './services.ts'

/** The message that a line answers, if it is one of the seat's room. */
export function repliedSeq({ tags }: Message, seat: Seat): Seq | undefined {
  const id = tags.get('+reply') ?? tags.get('+draft/reply')
  const found = id === undefined ? undefined : seqOf(id)
  return found?.room === seat.room ? found.seq : undefined
}

export function tagmsg(context: CommandContext): Promise<void> | undefined {
  const { client, params, reply } = context
  const [target = ''] = params
  const seat = seatNamed(client, target)
  if (seat) return sendTags(context, seat)
  if (!client.caps.has('message-tags') || isService(target)) return undefined
  if (client.session && !isChannel(target)) return sendFirstTags(context, target)
  reply.numeric(isChannel(target) ? 'ERR_CANNOTSENDTOCHAN' : 'ERR_NOSUCHNICK', target)
  return undefined
}

/** Handles typing and reactions, and relays other tags to the room. */
function sendTags(context: CommandContext, seat: Seat): Promise<void> | undefined {
  const { client, message } = context
  const { tags } = message
  const isTyping = tags.get('+typing') === 'active'
  if (isTyping) client.deps.chat.signals.typing(seat)
  const isReaction = REACTION_TAGS.some(name => tags.has(name))
  const understood = [
    ...(isTyping ? ['+typing'] : []),
    ...(isReaction ? [...REACTION_TAGS, ...REPLY_TAGS] : []),
  ]
  const left = relayedTags(tags, understood)
  if (isReaction) return react(context, seat, left)
  return left && signal(context, seat, left)
}

/** Sends tags to somebody without a conversation: that opens one, as a text would, but typing alone does not. */
async function sendFirstTags(context: CommandContext, target: string): Promise<void> {
  const { client, message, reply } = context
  const tags = relayedTags(message.tags, ['+typing'])
  if (tags) {
    const seat = await conversationWith(context, { target, quiet: false })
    if (seat) await signal(context, seat, tags)
  } else if (!(await findPerson(client.deps.chat, target))) reply.numeric('ERR_NOSUCHNICK', target)
}

async function signal(
  { client, params, reply }: CommandContext,
  seat: Seat,
  tags: readonly Tag[],
): Promise<void> {
  const [target = ''] = params
  try {
    const sent = await client.deps.chat.signals.send(seat, tags)
    const room = client.rooms.get(seat.room)
    if (!client.caps.has('echo-message') || !room) return
    for (const line of client.render(sent, room)) reply.send(line)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    reply.refused(error, [target])
  }
}

/** Adds or removes a reaction. @param left the tags to relay besides */
async function react(context: CommandContext, seat: Seat, left: readonly Tag[] | undefined): Promise<void> {
  const { client, message, reply } = context
  const { session } = client
  const { tags } = message
  const about = repliedSeq(message, seat)
  const [on, emoji = ''] = tags.has('+draft/react')
    ? [true, tags.get('+draft/react')]
    : [false, tags.get('+draft/unreact')]
  try {
    if (!session || about === undefined) refuse('no-such-message')
    const { messages } = client.deps.chat
    await act({ client, session, reply }, actor => messages.react(actor, seat.room, about, { emoji, on }))
    if (left) await signal(context, seat, left)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    reply.fail('TAGMSG', 'INVALID_REACTION', client.refused(error))
  }
}
