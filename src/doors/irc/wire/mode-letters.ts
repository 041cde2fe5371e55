// The letters of channel modes: ranks of members, mask lists, and settings of the room.

import type { MaskList, Person, RoomFlag, RoomRole } from '../../../core/model/model.ts'
import { isAdmin } from '../../../core/model/permissions.ts'
import type { Member, RoomSettings } from '../../../core/ports/rooms.ts'
import { matches } from './names.ts'

/** The rank mode of each role, and its prefix in NAMES. */
export const PREFIXES: Readonly<Record<RoomRole, { mode: string; sign: string }>> = {
  owner: { mode: 'q', sign: '~' },
  moderator: { mode: 'o', sign: '@' },
  helper: { mode: 'h', sign: '%' },
  speaker: { mode: 'v', sign: '+' },
  member: { mode: '', sign: '' },
}
/** The rank of server owners and admins: it comes with the account and cannot be given or taken. */
const ADMIN = { mode: 'a', sign: '&' }
/** All ranks, highest first. */
export const RANKS = { modes: 'qaohv', signs: '~&@%+' }
/** The ranks that can be given. */
export const ALL_RANKS = RANKS.modes.replace(ADMIN.mode, '')

/** CHANMODES: lists, always with a parameter, with one when set, and without. */
export const CHANNEL_MODES = { lists: 'beI', always: 'k', on: 'l', flags: 'CMRimnst' }

const ROLES: readonly RoomRole[] = ['owner', 'moderator', 'helper', 'speaker']

export function roleOfMode(mode: string): RoomRole | undefined {
  return ROLES.find(role => PREFIXES[role].mode === mode)
}

type Ranked = Pick<Member, 'role'> & { person: Pick<Person, 'role'> }

/** Somebody's ranks in a room, highest first. */
function ranksOf({ role, person }: Ranked): { mode: string; sign: string }[] {
  const own = role === 'member' ? [] : [PREFIXES[role]]
  return isAdmin(person.role) && role !== 'owner' ? [ADMIN, ...own] : own
}

/** The prefix before a name. @param all every rank (IRCv3 multi-prefix), else the highest */
export function prefixOf(member: Ranked, all: boolean): string {
  const signs = ranksOf(member).map(({ sign }) => sign)
  return all ? signs.join('') : (signs[0] ?? '')
}

/** The letters of somebody's ranks; empty for none. */
export function rankModes(member: Ranked): string {
  return ranksOf(member)
    .map(({ mode }) => mode)
    .join('')
}

/** Reads `@#club`: members of that rank and above; of several prefixes the lowest counts (Modern IRC, STATUSMSG). */
export function statusTarget(target: string): { least: RoomRole; channel: string } | undefined {
  const [, signs = '', channel] = /^([~&@%+]+)(#.+)$/.exec(target) ?? []
  if (channel === undefined) return undefined
  const lowest = Math.max(...[...signs].map(sign => RANKS.signs.indexOf(sign)))
  const sign = RANKS.signs[lowest]
  return { least: ROLES.find(role => PREFIXES[role].sign === sign) ?? 'owner', channel }
}

// --- lists -----------------------------------------------------------------------------------------------

export const LIST_LETTERS: Readonly<Record<MaskList, string>> = {
  ban: 'b',
  mute: 'b',
  exception: 'e',
  invitation: 'I',
}

/** A mask of any list as IRC writes it, nick!user@host; a mute begins with `m:` (extban). */
export function banMask({ list, mask }: { readonly list: MaskList; readonly mask: string }): string {
  return `${list === 'mute' ? 'm:' : ''}${mask}!*@*`
}

/**
 * Parses nick, nick!user@host, user@host, a:account, and m: before any of them. Nick, user and account are the same here,
 * and everybody's host is the server's. @returns undefined for a mask that can match nobody
 */
export function parseMask(typed: string, host: string): { isMute: boolean; mask: string } | undefined {
  const isMute = /^~?m:/i.test(typed)
  const rest = isMute ? typed.replace(/^~?m:/i, '') : typed
  if (/^~?a:/i.test(rest)) return { isMute, mask: rest.replace(/^~?a:/i, '') }
  const [, first = '', second, where] = /^([^!@]*)(?:!([^@]*))?(?:@(.*))?$/.exec(rest) ?? []
  const isNick = second !== undefined || where === undefined
  const [nick, user] = isNick ? [first || '*', second || '*'] : ['*', first || '*']
  if (rest === '' || !matches(where || '*', host)) return undefined
  const [one, other] = nick === '*' ? [user, '*'] : [nick, user]
  return other === '*' || other.toLowerCase() === one.toLowerCase() ? { isMute, mask: one } : undefined
}

// --- the room --------------------------------------------------------------------------------------------

/** t means the opposite of its flag: only some may set the topic. */
export const FLAG_LETTERS: Readonly<Record<string, RoomFlag>> = {
  C: 'no-ctcp',
  M: 'quiet-guests',
  R: 'no-guests',
  t: 'open-topic',
}

export function flagMode(flag: RoomFlag, on: boolean): string {
  const [letter = ''] = Object.entries(FLAG_LETTERS).find(([, each]) => each === flag) ?? []
  return `${on === (letter === 't') ? '-' : '+'}${letter}`
}

/** The modes of a room, and the parameters of those that have one, as RPL_CHANNELMODEIS lists them. */
export function modesOf(
  { kind, silencedUntil, key, limit, flags }: Omit<RoomSettings, 'masks' | 'slow'>,
  now: number,
): string[] {
  const isClosed = kind === 'closed' || kind === 'direct'
  const set: Readonly<Record<string, boolean>> = {
    C: flags.includes('no-ctcp'),
    M: flags.includes('quiet-guests'),
    R: flags.includes('no-guests'),
    i: isClosed,
    m: kind === 'announcement' || silencedUntil > now,
    n: true,
    s: isClosed,
    t: !flags.includes('open-topic'),
    k: key !== '',
    l: limit > 0,
  }
  const letters = Object.keys(set).filter(letter => set[letter])
  return [`+${letters.join('')}`, ...(key === '' ? [] : [key]), ...(limit === 0 ? [] : [`${limit}`])]
}
