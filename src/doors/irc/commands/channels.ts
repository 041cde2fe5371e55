// Commands about channels: NAMES, LIST, TOPIC, RENAME; the table has JOIN, PART, INVITE and KICK, too.

import { Refusal } from '../../../core/model/refusals.ts'
import { act } from '../replies/answers.ts'
import { sendNames } from '../replies/join-replies.ts'
import { MOST_LIST_CONDITIONS } from '../replies/registration-burst.ts'
import { matches } from '../wire/names.ts'
import type { Command, CommandContext } from './commands.ts'
import { join, part } from './join.ts'
import { invite, kick } from './kick.ts'
import { attempt, ownChannel, sendTooMany, shortReason, splitList } from './own-channel.ts'

export const channelCommands: Readonly<Record<string, Command>> = {
  JOIN: { min: 1, when: 'session', run: join },
  PART: { min: 1, when: 'session', run: part },
  NAMES: { min: 0, when: 'session', run: listNames },
  TOPIC: { min: 1, when: 'session', run: topic },
  LIST: { min: 0, when: 'session', run: list },
  INVITE: { min: 0, when: 'session', run: invite },
  KICK: { min: 2, when: 'session', run: kick },
  RENAME: { min: 2, when: 'session', run: rename },
}

async function listNames({ client, params, reply }: CommandContext): Promise<void> {
  const [targets = ''] = params
  if (targets === '') return reply.numeric('RPL_ENDOFNAMES', '*')
  const [name = ''] = targets.split(',')
  const room = client.rooms.channelNamed(name)
  if (room) await sendNames(client, room, reply)
  else reply.numeric('RPL_ENDOFNAMES', name)
}

/** Names compared with a mask that cost as much as one line sent. */
const MATCHES_PER_LINE = 8

async function list({ client, params, reply }: CommandContext): Promise<void> {
  const { session, deps } = client
  const all = params.slice(0, 2).flatMap(splitList)
  const wanted = all.slice(0, MOST_LIST_CONDITIONS)
  const conditions = wanted.filter(each => /^[<>!]/.test(each))
  const names = wanted.filter(each => !conditions.includes(each))
  reply.numeric('RPL_LISTSTART', 'Channel')
  if (session) {
    const { mine: own, others } = await deps.chat.rooms.list(session.person)
    const rooms = [...own.filter(({ kind }) => kind !== 'direct'), ...others]
    reply.addCost(rooms.length + Math.floor((rooms.length * wanted.length) / MATCHES_PER_LINE))
    for (const room of rooms) {
      const name = deps.channels.nameOf(room)
      const isWanted = names.length === 0 || names.some(mask => matches(mask, name))
      if (isWanted && conditions.every(condition => fits({ name, people: room.people }, condition)))
        reply.numeric('RPL_LIST', name, `${room.people}`, room.topic)
    }
  }
  sendTooMany(client, { names: all, most: MOST_LIST_CONDITIONS }, reply)
  reply.numeric('RPL_LISTEND')
}

/** Whether a channel meets a condition of LIST: !mask, >3 or <10 (ELIST=MNU). */
function fits({ name, people }: { name: string; people: number }, condition: string): boolean {
  const [, sign, number] = /^([<>])(\d+)$/.exec(condition) ?? []
  if (sign === '>') return people > Number(number)
  return sign === '<' ? people < Number(number) : !matches(condition.slice(1), name)
}

async function topic({ client, params, reply }: CommandContext): Promise<void> {
  const [name = '', text] = params
  const room = await ownChannel(client, name, reply)
  const { session, deps } = client
  if (!room || !session) return
  if (text !== undefined) {
    await attempt(reply, [name], () =>
      act({ client, session, reply }, actor => deps.chat.moderation.setTopic(actor, room.id, text)),
    )
    return
  }
  const { topic: now } = await deps.chat.rooms.listing(session.person, room.id)
  if (now === '') reply.numeric('RPL_NOTOPIC', name)
  else reply.numeric('RPL_TOPIC', name, now)
}

async function rename({ client, params, reply }: CommandContext): Promise<void> {
  const [name = '', next = '', reason = ''] = params
  const room = await ownChannel(client, name, reply)
  const { session } = client
  if (!room || !session) return
  try {
    const { moderation } = client.deps.chat
    await client.joins.renaming(reply, () =>
      act({ client, session, reply }, actor => moderation.rename(actor, room.id, next, shortReason(reason))),
    )
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'forbidden' || error.code === 'everyones') return reply.refused(error, [name])
    const code = error.code === 'room-taken' ? 'CHANNEL_NAME_IN_USE' : 'CANNOT_RENAME'
    reply.fail('RENAME', code, name, next, client.refused(error))
  }
}
