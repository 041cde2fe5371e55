// Commands about channels: rooms as IRC has them.

import type { Chat } from '../../../core/chat.ts'
import { GENERAL, type Person, type Room } from '../../../core/model/model.ts'
import { Refusal, type RefusalCode } from '../../../core/model/refusals.ts'
import { shortened } from '../../../wire/graphemes.ts'
import type { Client } from '../client.ts'
import { publishInvitation } from '../events/cluster-events.ts'
import { act } from '../replies/answers.ts'
import { sendNames } from '../replies/join-replies.ts'
import type { Numeric } from '../replies/numerics.ts'
import {
  LONGEST_REASON,
  MOST_CHANNELS,
  MOST_LIST_CONDITIONS,
  MOST_TARGETS,
} from '../replies/registration-burst.ts'
import type { Reply } from '../replies/reply.ts'
import { foldName, matches } from '../wire/names.ts'
import type { Command, CommandContext } from './commands.ts'
import { findMember, findRoom } from './find-room.ts'

export const channelCommands: Readonly<Record<string, Command>> = {
  JOIN: { min: 1, when: 'within', run: join },
  PART: { min: 1, when: 'within', run: part },
  NAMES: { min: 0, when: 'within', run: listNames },
  TOPIC: { min: 1, when: 'within', run: topic },
  LIST: { min: 0, when: 'within', run: list },
  INVITE: { min: 0, when: 'within', run: invite },
  KICK: { min: 2, when: 'within', run: kick },
  RENAME: { min: 2, when: 'within', run: rename },
}

/** @returns undefined, and has said so, where it is none of theirs */
export async function ownChannel(client: Client, name: string, to: Reply): Promise<Room | undefined> {
  const room = client.rooms.channelNamed(name)
  if (room) return room
  to.numeric((await isOpen(client, name)) ? 'ERR_NOTONCHANNEL' : 'ERR_NOSUCHCHANNEL', name)
  return undefined
}

/** Of others nobody outside learns that they exist. */
async function isOpen({ session, deps }: Client, name: string): Promise<boolean> {
  if (!session || !name.startsWith('#')) return false
  return (await findRoom(deps.chat, session.person, name)) !== undefined
}

/**
 * Says a refusal as IRC does; other errors go on.
 * @param about what most refusals are about; @param others of those that say more
 */
export async function attempt(
  to: Reply,
  about: readonly string[],
  doing: () => Promise<unknown>,
  others: Partial<Record<RefusalCode, readonly string[]>> = {},
): Promise<boolean> {
  try {
    await doing()
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    to.refused(error, others[error.code] ?? about)
    return false
  }
}

// --- coming and going ------------------------------------------------------------------------------------

async function join({ client, params, to }: CommandContext): Promise<void> {
  const [targets = '', typed = ''] = params
  if (targets === '0') return leaveAll(client, to)
  const wanted = [...new Set(targets.split(','))].filter(name => name !== '')
  const keys = keysOf(targets, typed)
  if (wanted.length > 0) to.stream()
  for (const name of wanted.slice(0, MOST_CHANNELS))
    await client.joins.joining(to, () => joinOne(client, { name, key: keys.get(name) }, to))
  for (const name of wanted.slice(MOST_CHANNELS)) to.numeric('ERR_TOOMANYCHANNELS', name)
}

/** The first key is for the first channel, and so on. */
function keysOf(targets: string, typed: string): ReadonlyMap<string, string> {
  const names = targets.split(',')
  return new Map(typed.split(',').map((key, i) => [names[i] ?? '', key]))
}

interface JoinTarget {
  readonly name: string
  readonly key: string | undefined
}

async function joinOne(client: Client, wanted: JoinTarget, to: Reply): Promise<void> {
  const { name } = wanted
  const { session, deps } = client
  if (!session || client.rooms.channelNamed(name)) return // already there: nothing happens
  if (!name.startsWith('#')) return to.numeric('ERR_NOSUCHCHANNEL', name)
  const { chat } = deps
  try {
    if (await joinExisting(chat, session.person, wanted)) return
    await chat.rooms.create(session.person, name, 'open')
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Somebody was quicker, or it is closed to them.
    if (error.code === 'room-taken' && (await joinExisting(chat, session.person, wanted))) return
    if (error.code === 'room-taken')
      to.numericWithText('ERR_INVITEONLYCHAN', [name], client.wording.irc.closedOrAlike)
    else to.refused(error, [name], JOIN_NUMERICS[error.code])
  }
}

/** @returns false where there is none that they may join: whoever comes first into a channel makes it */
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

/** As clients know that they may not join. */
const JOIN_NUMERICS: Partial<Record<RefusalCode, Numeric>> = {
  archived: 'ERR_INVITEONLYCHAN',
  forbidden: 'ERR_INVITEONLYCHAN',
  'too-many-attempts': 'ERR_BADCHANNELKEY',
}

async function part({ client, params, to }: CommandContext): Promise<void> {
  const [targets = '', given = ''] = params
  if (targets.includes(',')) to.stream()
  const reason = shortReason(given)
  const names = splitList(targets)
  for (const name of names.slice(0, MOST_CHANNELS)) await partOne(client, { name, reason }, to)
  sayTooMany(client, { names, most: MOST_CHANNELS }, to)
}

/** Of names beyond what one line may have the first stands for all. */
function sayTooMany(
  { wording }: Client,
  { names, most }: { names: readonly string[]; most: number },
  to: Reply,
): void {
  const first = names[most]
  if (first !== undefined) to.numericWithText('ERR_TOOMANYTARGETS', [first], wording.irc.tooManyNames(most))
}

/** Nobody is kept from doing something by saying too much about it. */
export function shortReason(reason: string): string {
  return shortened(reason, LONGEST_REASON)
}

async function partOne(
  client: Client,
  { name, reason }: { name: string; reason: string },
  to: Reply,
): Promise<void> {
  const room = await ownChannel(client, name, to)
  const { session } = client
  if (!room || !session) return
  await attempt(to, [name], () =>
    act({ client, session, to }, actor => client.deps.chat.rooms.leave(actor, room.id, reason)),
  )
}

async function leaveAll(client: Client, to: Reply): Promise<void> {
  to.stream()
  const { channels } = client.deps
  const all = [...client.rooms.values()].filter(({ kind, id }) => kind !== 'direct' && id !== GENERAL)
  for (const room of all) await partOne(client, { name: channels.nameOf(room), reason: '' }, to)
}

/**
 * Several people of one channel, or each of as many people from a channel of their own (RFC 2812, section 3.2.8). Beyond
 * TARGMAX nobody is sent out, and that is said.
 */
async function kick({ client, params, to }: CommandContext): Promise<void> {
  const [channels = '', people = '', reason = ''] = params
  const [names, nicks] = [splitList(channels), splitList(people)]
  if (nicks.length === 0 || (names.length !== 1 && names.length !== nicks.length))
    return to.numeric('ERR_NEEDMOREPARAMS', 'KICK')
  const wanted = new Map(
    nicks.map((nick, i) => {
      const name = names[names.length === 1 ? 0 : i] ?? ''
      return [`${foldName(name)} ${foldName(nick)}`, { name, nick }]
    }),
  )
  if (wanted.size > 1) to.stream()
  for (const [i, each] of [...wanted.values()].entries()) {
    if (i < MOST_TARGETS) await kickOne(client, { ...each, reason }, to)
    else to.numeric('ERR_TOOMANYTARGETS', each.nick)
  }
}

function splitList(param: string): readonly string[] {
  return param.split(',').filter(each => each !== '')
}

async function kickOne(
  client: Client,
  { name, nick, reason }: { name: string; nick: string; reason: string },
  to: Reply,
): Promise<void> {
  const room = await ownChannel(client, name, to)
  const { session, deps } = client
  if (!room || !session) return
  const there = await findMember(deps.chat, { person: session.person, room: room.id, nick })
  if (!there) return to.numeric('ERR_USERNOTINCHANNEL', nick, name)
  const discipline = { person: there.person.username, reason }
  await attempt(to, [name], () =>
    act({ client, session, to }, actor => deps.chat.moderation.kick(actor, room.id, discipline)),
  )
}

/** Asks somebody to come, who JOINs or does not; without parameters the channels that oneself is asked into. */
async function invite({ client, params, to }: CommandContext): Promise<void> {
  const [whom, name] = params
  if (whom === undefined) return listInvitations(client, to)
  if (name === undefined) return to.numeric('ERR_NEEDMOREPARAMS', 'INVITE')
  const room = await ownChannel(client, name, to)
  const { session, deps } = client
  if (!room || !session) return
  try {
    const isNews = await deps.chat.rooms.invite(session.person, room.id, whom)
    to.numeric('RPL_INVITING', whom, name)
    if (isNews) publishInvitation(client, { room, nick: whom })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'already-there') to.refused(error, [whom, name])
    else to.refused(error, [error.code === 'no-such-person' ? whom : name])
  }
}

async function listInvitations({ session, deps }: Client, to: Reply): Promise<void> {
  const invitations = session ? await deps.chat.rooms.invitations(session.person) : []
  for (const { room } of invitations) to.numeric('RPL_INVITELIST', deps.channels.nameOf(room))
  to.numeric('RPL_ENDOFINVITELIST')
}

// --- what there is ---------------------------------------------------------------------------------------

async function listNames({ client, params, to }: CommandContext): Promise<void> {
  const [targets = ''] = params
  if (targets === '') return to.numeric('RPL_ENDOFNAMES', '*')
  const [name = ''] = targets.split(',')
  const room = client.rooms.channelNamed(name)
  if (room) await sendNames(client, room, to)
  else to.numeric('RPL_ENDOFNAMES', name)
}

/** Names held against a mask while one line is said. */
const MATCHES_A_LINE = 8

async function list({ client, params, to }: CommandContext): Promise<void> {
  const { session, deps } = client
  const all = params.slice(0, 2).flatMap(splitList)
  const wanted = all.slice(0, MOST_LIST_CONDITIONS)
  const conditions = wanted.filter(each => /^[<>!]/.test(each))
  const names = wanted.filter(each => !conditions.includes(each))
  to.numeric('RPL_LISTSTART', 'Channel')
  if (session) {
    const { mine: own, others } = await deps.chat.rooms.list(session.person)
    const there = [...own.filter(({ kind }) => kind !== 'direct'), ...others]
    to.addCost(there.length + Math.floor((there.length * wanted.length) / MATCHES_A_LINE))
    for (const room of there) {
      const name = deps.channels.nameOf(room)
      const isWanted = names.length === 0 || names.some(mask => matches(mask, name))
      if (isWanted && conditions.every(condition => fits({ name, people: room.people }, condition)))
        to.numeric('RPL_LIST', name, `${room.people}`, room.topic)
    }
  }
  sayTooMany(client, { names: all, most: MOST_LIST_CONDITIONS }, to)
  to.numeric('RPL_LISTEND')
}

/** ELIST=MNU: besides names and masks, !mask, >3, <10. */
function fits({ name, people }: { name: string; people: number }, condition: string): boolean {
  const [, sign, number] = /^([<>])(\d+)$/.exec(condition) ?? []
  if (sign === '>') return people > Number(number)
  return sign === '<' ? people < Number(number) : !matches(condition.slice(1), name)
}

async function topic({ client, params, to }: CommandContext): Promise<void> {
  const [name = '', text] = params
  const room = await ownChannel(client, name, to)
  const { session, deps } = client
  if (!room || !session) return
  if (text !== undefined) {
    await attempt(to, [name], () =>
      act({ client, session, to }, actor => deps.chat.moderation.setTopic(actor, room.id, text)),
    )
    return
  }
  const { topic: now } = await deps.chat.rooms.listing(session.person, room.id)
  if (now === '') to.numeric('RPL_NOTOPIC', name)
  else to.numeric('RPL_TOPIC', name, now)
}

async function rename({ client, params, to }: CommandContext): Promise<void> {
  const [name = '', next = '', reason = ''] = params
  const room = await ownChannel(client, name, to)
  const { session } = client
  if (!room || !session) return
  try {
    const { moderation } = client.deps.chat
    await client.joins.renaming(to, () =>
      act({ client, session, to }, actor => moderation.rename(actor, room.id, next, shortReason(reason))),
    )
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'forbidden' || error.code === 'everyones') return to.refused(error, [name])
    const code = error.code === 'room-taken' ? 'CHANNEL_NAME_IN_USE' : 'CANNOT_RENAME'
    to.fail('RENAME', code, name, next, client.refused(error))
  }
}
