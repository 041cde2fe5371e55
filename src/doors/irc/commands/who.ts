// WHO and WHOX.

import { GENERAL } from '../../../core/model/model.ts'
import type { Member } from '../../../core/ports/rooms.ts'
import type { Client } from '../client.ts'
import { allMembers, onlineMembers } from '../replies/members.ts'
import type { Reply } from '../replies/reply.ts'
import { prefixOf } from '../wire/mode-letters.ts'
import { isChannel, matches } from '../wire/names.ts'
import type { CommandContext } from './commands.ts'
import { findPerson } from './find-room.ts'
import { isBot, isOperator, statusOf } from './person-flags.ts'

/** The most entries of one WHO. */
const MOST_WHO = 1000

/** Everybody on the server: all people are in the first room. */
async function everybody(client: Client): Promise<readonly Member[]> {
  return client.session && client.rooms.has(GENERAL) ? allMembers(client, GENERAL) : []
}

type WhoEntry = Pick<Member, 'person' | 'role'>

export async function who({ client, params, reply }: CommandContext): Promise<void> {
  const [mask = '*', options = ''] = params
  const room = client.rooms.channelNamed(mask)
  const channel = room ? client.deps.channels.nameOf(room) : '*'
  const found = room
    ? await onlineMembers(client, room.id)
    : isChannel(mask)
      ? []
      : await findOnline(client, mask, reply)
  const wanted = options.startsWith('o') ? found.filter(({ person }) => isOperator(client, person)) : found
  for (const member of wanted.slice(0, MOST_WHO)) {
    if (options.includes('%')) whox(client, { member, channel, options }, reply)
    else plainWho(client, { member, channel }, reply)
  }
  reply.numeric('RPL_ENDOFWHO', mask)
}

/** People who are online, by a nick, or by a mask that their nick or full name matches. */
async function findOnline(client: Client, mask: string, reply: Reply): Promise<readonly WhoEntry[]> {
  const isOnline = ({ person }: WhoEntry) => statusOf(client, person) !== 'offline'
  if (!/[*?]/.test(mask)) {
    const person = await findPerson(client.deps.chat, mask)
    return person ? [{ person, role: 'member' } as const].filter(isOnline) : []
  }
  const all = await everybody(client)
  reply.addCost(all.length)
  return all
    .filter(isOnline)
    .filter(({ person }) => matches(mask, person.username) || matches(mask, person.name))
}

function flagsOf(client: Client, member: WhoEntry, channel: string): string {
  const { person } = member
  const presence = statusOf(client, person) === 'away' ? 'G' : 'H'
  const prefix = channel === '*' ? '' : prefixOf(member, client.caps.has('multi-prefix'))
  return `${presence}${isOperator(client, person) ? '*' : ''}${prefix}${isBot(client, person) ? 'B' : ''}`
}

function plainWho(
  client: Client,
  { member, channel }: { member: WhoEntry; channel: string },
  reply: Reply,
): void {
  const { username, name } = member.person
  const { host } = client
  reply.numeric(
    'RPL_WHOREPLY',
    channel,
    username,
    host,
    host,
    username,
    flagsOf(client, member, channel),
    `0 ${name}`,
  )
}

interface WhoxRequest {
  readonly member: WhoEntry
  readonly channel: string
  readonly options: string
}

/** Field o of WHOX: a higher level may do more. */
const OP_LEVELS: Readonly<Record<Member['role'], string>> = {
  owner: '5',
  moderator: '4',
  helper: '3',
  speaker: '2',
  member: '1',
}

/** Sends the fields that were asked for, in the order of WHOX. */
function whox(client: Client, { member, channel, options }: WhoxRequest, reply: Reply): void {
  const [, fields = '', token = '0'] = /%([a-z]*)(?:,([\w]{1,3}))?/.exec(options) ?? []
  const { username, name } = member.person
  const { host } = client
  const values: Readonly<Record<string, string>> = {
    t: token,
    c: channel,
    u: username,
    i: '255.255.255.255',
    h: host,
    s: host,
    n: username,
    f: flagsOf(client, member, channel),
    d: '0',
    l: '0',
    a: member.person.role === 'guest' ? '0' : username,
    o: OP_LEVELS[member.role],
    r: name,
  }
  const shown = [...'tcuihsnfdlaor'].filter(field => fields.includes(field)).map(field => values[field] ?? '')
  reply.numeric('RPL_WHOSPCRPL', ...shown)
}
