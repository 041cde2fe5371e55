// MODE: settings of a room, ranks of its members, its mask lists; and user modes.

import { isWild } from '../../../core/model/masks.ts'
import type { MaskList, Room } from '../../../core/model/model.ts'
import type { MaskEntry } from '../../../core/ports/rooms.ts'
import type { Session } from '../../../core/sessions/sessions.ts'
import type { Client } from '../client.ts'
import { act } from '../replies/answers.ts'
import type { Numeric } from '../replies/numerics.ts'
import { MOST_MODES } from '../replies/registration-burst.ts'
import type { Reply } from '../replies/reply.ts'
import {
  banMask,
  CHANNEL_MODES,
  FLAG_LETTERS,
  LIST_LETTERS,
  modesOf,
  parseMask,
  RANKS,
  roleOfMode,
} from '../wire/mode-letters.ts'
import { foldName, isChannel } from '../wire/names.ts'
import type { Command, CommandContext } from './commands.ts'
import { findMember, findPerson } from './find-room.ts'
import { attempt, ownChannel } from './own-channel.ts'
import { refuseStranger } from './strangers.ts'
import { changeUserModes, userModes } from './user-modes.ts'

export const modeCommands: Readonly<Record<string, Command>> = {
  MODE: { min: 1, when: 'after', run: mode },
}

interface ModeTarget {
  readonly client: Client
  readonly session: Session
  readonly room: Room
  readonly target: string
  readonly reply: Reply
}

interface Change {
  readonly sign: string
  readonly on: boolean
  /** The parameter, if the mode has one and one was given. */
  readonly arg: string | undefined
}

async function mode(context: CommandContext): Promise<void> {
  const { client, params, reply } = context
  const [target = '', changes, ...args] = params
  // A client may ask for its own modes without a session.
  if (!client.session && foldName(target) !== foldName(client.name)) return refuseStranger(context, target)
  if (!isChannel(target)) return userMode(client, params, reply)
  const room = await ownChannel(client, target, reply)
  const { session, deps } = client
  if (!room || !session) return
  if (changes === undefined) {
    const rules = await deps.chat.rooms.settings(session.person, room.id)
    return reply.numeric('RPL_CHANNELMODEIS', target, ...modesOf(rules, Date.now()))
  }
  const all = changesIn(changes, args)
  if (all.length > 1) reply.stream()
  let left = MOST_MODES
  for (const each of all) {
    if (each.arg !== undefined && --left < 0)
      return reply.numericWithText(
        'ERR_TOOMANYTARGETS',
        [each.arg],
        client.wording.irc.tooManyModes(MOST_MODES),
      )
    await change({ client, session, room, target, reply }, each)
  }
}

/**
 * Parses the changes of a MODE. Each mode without a parameter, or list that is asked for, is done once: the last counts.
 */
function changesIn(signs: string, args: readonly string[]): readonly Change[] {
  const rest = [...args]
  const changes = new Map<string, Change>()
  let on = true
  for (const sign of signs) {
    if (sign === '+' || sign === '-') {
      on = sign === '+'
      continue
    }
    const arg = hasParameter(sign, on) ? rest.shift() : undefined
    const key = arg === undefined ? sign : `${sign} ${changes.size}`
    changes.delete(key)
    changes.set(key, { sign, on, arg })
  }
  return [...changes.values()]
}

function hasParameter(sign: string, on: boolean): boolean {
  const { lists, always, on: whenSet } = CHANNEL_MODES
  return (lists + always + RANKS.modes + (on ? whenSet : '')).includes(sign)
}

async function userMode(
  client: Client,
  [target = '', changes]: readonly string[],
  reply: Reply,
): Promise<void> {
  if (foldName(target) !== foldName(client.name)) {
    const known = (await findPerson(client.deps.chat, target)) !== undefined
    return reply.numeric(known ? 'ERR_USERSDONTMATCH' : 'ERR_NOSUCHNICK', ...(known ? [] : [target]))
  }
  if (changes === undefined) return reply.numeric('RPL_UMODEIS', `+${userModes(client)}`)
  changeUserModes(client, changes, reply)
}

async function change(where: ModeTarget, { sign, on, arg }: Change): Promise<void> {
  const { client, room, target, reply } = where
  const { moderation } = client.deps.chat
  const flag = FLAG_LETTERS[sign]
  if (flag !== undefined) {
    const wanted = on === (sign !== 't')
    return void (await attempt(reply, [target], () =>
      act(where, actor => moderation.setFlag(actor, room.id, flag, wanted)),
    ))
  }
  switch (sign) {
    case 'm':
      await attempt(reply, [target], () =>
        act(where, actor => moderation.silence(actor, room.id, on ? undefined : 0)),
      )
      return
    case 'i':
    case 's':
      return close(where, on)
    case 'n':
      if (!on) reply.numeric('ERR_CHANOPRIVSNEEDED', target) // nobody may write from outside
      return
    case 'k':
      return setKey(where, arg, on)
    case 'l':
      return limit(where, arg, on)
    case 'a':
      return reply.numeric('ERR_CHANOPRIVSNEEDED', target) // admins have it by their account
    case 'q':
    case 'o':
    case 'h':
    case 'v':
      return appoint(where, { whom: arg, sign, on })
    case 'b':
    case 'e':
    case 'I':
      return changeList(where, LISTS[sign], { typed: arg, on })
    default:
      reply.numeric('ERR_UNKNOWNMODE', sign)
  }
}

/** +i and +s close a room, both at once. A room for announcements is refused, since it would not be one any more. */
async function close(where: ModeTarget, on: boolean): Promise<void> {
  const { client, session, room, target, reply } = where
  const { rooms, moderation } = client.deps.chat
  const { kind } = await rooms.settings(session.person, room.id)
  const isClosed = kind === 'closed' || kind === 'direct'
  if (isClosed === on) return
  if (kind === 'announcement') return reply.numeric('ERR_CHANOPRIVSNEEDED', target)
  await attempt(reply, [target], () =>
    act(where, actor => moderation.setKind(actor, room.id, on ? 'closed' : 'open')),
  )
}

async function setKey(where: ModeTarget, typed: string | undefined, on: boolean): Promise<void> {
  const { client, room, target, reply } = where
  if (on && (typed === undefined || typed === '')) return reply.numeric('ERR_NEEDMOREPARAMS', 'MODE')
  const key = on ? (typed ?? '') : ''
  const { moderation } = client.deps.chat
  await attempt(reply, [target], () => act(where, actor => moderation.setKey(actor, room.id, key)), {
    'bad-key': [target, 'k', key],
  })
}

async function limit(where: ModeTarget, typed: string | undefined, on: boolean): Promise<void> {
  const { client, room, target, reply } = where
  const { moderation } = client.deps.chat
  if (on && typed === undefined) return reply.numeric('ERR_NEEDMOREPARAMS', 'MODE')
  const people = Number(typed ?? '0')
  if (on && !/^0*[1-9]\d{0,6}$/.test(typed ?? ''))
    return reply.numeric('ERR_INVALIDMODEPARAM', target, 'l', typed ?? '', client.wording.irc.badLimit)
  await attempt(reply, [target], () => act(where, actor => moderation.limit(actor, room.id, people)))
}

async function appoint(
  where: ModeTarget,
  { whom, sign, on }: { whom: string | undefined; sign: string; on: boolean },
): Promise<void> {
  const { client, session, room, target, reply } = where
  if (whom === undefined) return reply.numeric('ERR_NEEDMOREPARAMS', 'MODE')
  const { moderation } = client.deps.chat
  const role = roleOfMode(sign) ?? 'member'
  const member = await findMember(client.deps.chat, { person: session.person, room: room.id, nick: whom })
  if (!member) return reply.numeric('ERR_USERNOTINCHANNEL', whom, target)
  // A member has one role: taking another one changes nothing.
  if (!on && member.role !== role) return
  await attempt(reply, [target], () =>
    act(where, actor => moderation.appoint(actor, room.id, member.person.username, on ? role : 'member')),
  )
}

// --- lists -----------------------------------------------------------------------------------------------

interface List {
  readonly list: MaskList
  /** The numerics of an entry and of the end of the list. */
  readonly each: Numeric
  readonly end: Numeric
}

const LISTS: Readonly<Record<'b' | 'e' | 'I', List>> = {
  b: { list: 'ban', each: 'RPL_BANLIST', end: 'RPL_ENDOFBANLIST' },
  e: { list: 'exception', each: 'RPL_EXCEPTLIST', end: 'RPL_ENDOFEXCEPTLIST' },
  I: { list: 'invitation', each: 'RPL_INVEXLIST', end: 'RPL_ENDOFINVEXLIST' },
}

async function changeList(
  where: ModeTarget,
  kept: List,
  { typed, on }: { typed: string | undefined; on: boolean },
): Promise<void> {
  const { client, target, reply } = where
  const { list } = kept
  if (typed === undefined || typed === '') return showList(where, kept)
  const found = parseMask(typed, client.host)
  if (!found || (found.isMute && list !== 'ban'))
    return reply.refused({ code: 'bad-mask' }, [target, LIST_LETTERS[list], typed])
  const { isMute, mask } = found
  if (!isMute) return setMask(where, { list, mask, on })
  if (await changeMute(where, mask, on)) return
  await setMask(where, { list: 'mute', mask, on })
}

async function setMask(
  where: ModeTarget,
  wanted: { list: MaskList; mask: string; on: boolean },
): Promise<void> {
  const { client, room, target, reply } = where
  const { moderation } = client.deps.chat
  const letter = LIST_LETTERS[wanted.list]
  await attempt(reply, [target], () => act(where, actor => moderation.mask(actor, room.id, wanted)), {
    'bad-mask': [target, letter, banMask(wanted)],
    'list-full': [target, banMask(wanted)],
  })
}

/**
 * Mutes or unmutes a member by name, whatever their rank, as the other doors do.
 * @returns false if the mask itself is to be added or removed
 */
async function changeMute(where: ModeTarget, mask: string, on: boolean): Promise<boolean> {
  const { client, session, room, target, reply } = where
  const { moderation } = client.deps.chat
  const wanted = { person: session.person, room: room.id, nick: mask }
  const member = isWild(mask) ? undefined : await findMember(client.deps.chat, wanted)
  if (!member || (!on && member.mutedUntil <= Date.now())) return false
  const discipline = { person: member.person.username, reason: '', ...(!on && { milliseconds: 0 }) }
  const done = await attempt(reply, [target], () =>
    act(where, actor => moderation.mute(actor, room.id, discipline)),
  )
  return on || !done
}

/** Lists masks, and for +b also members who are muted by name: all members may see them. */
async function showList(
  { client, session, room, target, reply }: ModeTarget,
  { list, each, end }: List,
): Promise<void> {
  const { masks } = await client.deps.chat.rooms.settings(session.person, room.id)
  const entries = masks.filter(mask => mask.list === list || (list === 'ban' && mask.list === 'mute'))
  for (const mask of [...entries, ...(list === 'ban' ? await mutedIn(client, room) : [])])
    reply.numeric(each, target, banMask(mask), mask.by ?? client.host, `${Math.floor(mask.at / 1000)}`)
  reply.numeric(end, target)
}

async function mutedIn(client: Client, room: Room): Promise<MaskEntry[]> {
  const now = Date.now()
  const { session, deps } = client
  const members = session ? await deps.chat.rooms.notableMembers(session.person, room.id) : []
  return members
    .filter(({ mutedUntil }) => mutedUntil > now)
    .map(({ person }) => ({ list: 'mute', mask: person.username, by: undefined, at: 0 as MaskEntry['at'] }))
}
