// JOIN and PART.

import type { Chat } from '../../../core/chat.ts'
import { GENERAL, type Person } from '../../../core/model/model.ts'
import { Refusal, type RefusalCode } from '../../../core/model/refusals.ts'
import type { Client } from '../client.ts'
import { act } from '../replies/answers.ts'
import type { Numeric } from '../replies/numerics.ts'
import { MOST_CHANNELS } from '../replies/registration-burst.ts'
import type { Reply } from '../replies/reply.ts'
import type { CommandContext } from './commands.ts'
import { findRoom } from './find-room.ts'
import { attempt, ownChannel, sendTooMany, shortReason, splitList } from './own-channel.ts'

export async function join({ client, params, reply }: CommandContext): Promise<void> {
  const [targets = '', typed = ''] = params
  if (targets === '0') return leaveAll(client, reply)
  const wanted = [...new Set(targets.split(','))].filter(name => name !== '')
  const keys = keysOf(targets, typed)
  if (wanted.length > 0) reply.stream()
  for (const name of wanted.slice(0, MOST_CHANNELS))
    await client.joins.joining(reply, () => joinOne(client, { name, key: keys.get(name) }, reply))
  for (const name of wanted.slice(MOST_CHANNELS)) reply.numeric('ERR_TOOMANYCHANNELS', name)
}

/** Channel → key: the first key is for the first channel, and so on. */
function keysOf(targets: string, typed: string): ReadonlyMap<string, string> {
  const names = targets.split(',')
  return new Map(typed.split(',').map((key, i) => [names[i] ?? '', key]))
}

interface JoinTarget {
  readonly name: string
  readonly key: string | undefined
}

async function joinOne(client: Client, wanted: JoinTarget, reply: Reply): Promise<void> {
  const { name } = wanted
  const { session, deps } = client
  if (!session || client.rooms.channelNamed(name)) return // a JOIN of one's own channel is not answered
  if (!name.startsWith('#')) return reply.numeric('ERR_NOSUCHCHANNEL', name)
  const { chat } = deps
  try {
    if (await joinExisting(chat, session.person, wanted)) return
    await chat.rooms.create(session.person, name, 'open')
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Somebody else has created it meanwhile, or it is closed to this person.
    if (error.code === 'room-taken' && (await joinExisting(chat, session.person, wanted))) return
    if (error.code === 'room-taken')
      reply.numericWithText('ERR_INVITEONLYCHAN', [name], client.wording.irc.closedOrAlike)
    else reply.refused(error, [name], JOIN_NUMERICS[error.code])
  }
}

/** Joins a room. @returns false if there is none that the person may join: the first JOIN creates a channel */
async function joinExisting(chat: Chat, person: Person, { name, key }: JoinTarget): Promise<boolean> {
  const room = await findRoom(chat, person, name)
  if (!room) return false
  try {
    await chat.rooms.join(person, room.id, key)
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'already-there')) throw error
  }
  return true
}

/** Numerics for refusals of JOIN that differ from NUMERIC_OF. */
const JOIN_NUMERICS: Partial<Record<RefusalCode, Numeric>> = {
  archived: 'ERR_INVITEONLYCHAN',
  forbidden: 'ERR_INVITEONLYCHAN',
  'too-many-attempts': 'ERR_BADCHANNELKEY',
}

export async function part({ client, params, reply }: CommandContext): Promise<void> {
  const [targets = '', given = ''] = params
  if (targets.includes(',')) reply.stream()
  const reason = shortReason(given)
  const names = splitList(targets)
  for (const name of names.slice(0, MOST_CHANNELS)) await partOne(client, { name, reason }, reply)
  sendTooMany(client, { names, most: MOST_CHANNELS }, reply)
}

async function partOne(
  client: Client,
  { name, reason }: { name: string; reason: string },
  reply: Reply,
): Promise<void> {
  const room = await ownChannel(client, name, reply)
  const { session } = client
  if (!room || !session) return
  await attempt(reply, [name], () =>
    act({ client, session, reply }, actor => client.deps.chat.rooms.leave(actor, room.id, reason)),
  )
}

async function leaveAll(client: Client, reply: Reply): Promise<void> {
  reply.stream()
  const { channels } = client.deps
  const all = [...client.rooms.values()].filter(({ kind, id }) => kind !== 'direct' && id !== GENERAL)
  for (const room of all) await partOne(client, { name: channels.nameOf(room), reason: '' }, reply)
}
