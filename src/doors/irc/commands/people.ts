// WHOIS, WHOWAS, USERHOST and ISON; the table has WHO, MONITOR, AWAY and SETNAME, too.

import type { Profile } from '../../../core/model/model.ts'
import type { Client } from '../client.ts'
import type { Reply } from '../replies/reply.ts'
import { listLines } from '../wire/message.ts'
import { prefixOf } from '../wire/mode-letters.ts'
import type { Command, CommandContext } from './commands.ts'
import { findPerson } from './find-room.ts'
import { monitor } from './monitor.ts'
import { away, setname } from './own-profile.ts'
import { isBot, isOperator, statusOf } from './person-flags.ts'
import { who } from './who.ts'

/** Nicks of one USERHOST (Modern IRC). */
const MOST_USERHOST = 5

/** Nicks of one ISON. */
const MOST_ISON = 50

export const peopleCommands: Readonly<Record<string, Command>> = {
  WHO: { min: 0, when: 'session', run: who },
  WHOIS: { min: 0, when: 'session', run: whois },
  WHOWAS: { min: 0, when: 'session', run: whowas },
  USERHOST: { min: 1, when: 'session', run: userhost },
  ISON: { min: 1, when: 'session', run: ison },
  MONITOR: { min: 1, when: 'session', run: monitor },
  AWAY: { min: 0, when: 'always', run: away },
  SETNAME: { min: 1, when: 'after', run: setname },
}

async function whois({ client, params, reply }: CommandContext): Promise<void> {
  const nicks = params[1] ?? params[0]
  if (nicks === undefined || nicks === '') return reply.numeric('ERR_NONICKNAMEGIVEN')
  const [nick = ''] = nicks.split(',')
  const person = await findPerson(client.deps.chat, nick)
  if (!person) reply.numeric('ERR_NOSUCHNICK', nick)
  else await describe(client, person, reply)
  reply.numeric('RPL_ENDOFWHOIS', nicks)
}

async function describe(client: Client, person: Profile, reply: Reply): Promise<void> {
  const { username, name, role, status } = person
  const { host, deps } = client
  reply.numeric('RPL_WHOISUSER', username, username, host, '*', name)
  const shared = await channelsOf(client, person, reply)
  for (const line of listLines(shared, ' ')) reply.numeric('RPL_WHOISCHANNELS', username, line)
  reply.numeric('RPL_WHOISSERVER', username, host, deps.settings.network)
  if (isOperator(client, person)) reply.numeric('RPL_WHOISOPERATOR', username)
  if (isBot(client, person)) reply.numeric('RPL_WHOISBOT', username)
  if (role !== 'guest') reply.numeric('RPL_WHOISACCOUNT', username, username)
  if (isSecure(client, person)) reply.numeric('RPL_WHOISSECURE', username)
  const presence = statusOf(client, person)
  const usual =
    presence === 'away' ? deps.presences().awayReason(person) : client.wording.statusNames[presence]
  if (presence !== 'online') reply.numeric('RPL_AWAY', username, status || usual)
}

/** Whether all their IRC connections to this node are encrypted. */
function isSecure({ deps }: Client, { id }: Profile): boolean {
  const theirs = [...deps.clients].filter(({ person }) => person?.id === id)
  return theirs.length > 0 && theirs.every(({ socket }) => socket.isSecure)
}

/** The channels that both are in, with the person's prefixes. */
async function channelsOf(
  { deps, rooms, caps }: Client,
  person: Profile,
  reply: Reply,
): Promise<readonly string[]> {
  const theirs = await deps.chat.rooms.mine(person)
  reply.addCost(theirs.length)
  return theirs.flatMap(listing => {
    const room = listing.kind === 'direct' ? undefined : rooms.get(listing.id)
    if (!room) return []
    const signs = prefixOf({ person, role: listing.role ?? 'member' }, caps.has('multi-prefix'))
    return [signs + deps.channels.nameOf(room)]
  })
}

/** WHOWAS: accounts stay, so everybody who was is. */
async function whowas({ client, params, reply }: CommandContext): Promise<void> {
  const [nick] = params
  if (nick === undefined || nick === '') return reply.numeric('ERR_NONICKNAMEGIVEN')
  const person = await findPerson(client.deps.chat, nick)
  if (!person) reply.numeric('ERR_WASNOSUCHNICK', nick)
  else reply.numeric('RPL_WHOWASUSER', person.username, person.username, client.host, '*', person.name)
  reply.numeric('RPL_ENDOFWHOWAS', nick)
}

async function userhost({ client, params, reply }: CommandContext): Promise<void> {
  const found: string[] = []
  for (const person of await client.deps.chat.profiles.findAll(params.slice(0, MOST_USERHOST))) {
    if (!person) continue
    const status = statusOf(client, person)
    if (status === 'offline') continue
    const sign = status === 'away' ? '-' : '+'
    found.push(
      `${person.username}${isOperator(client, person) ? '*' : ''}=${sign}${person.username}@${client.host}`,
    )
  }
  reply.numeric('RPL_USERHOST', found.join(' '))
}

async function ison({ client, params, reply }: CommandContext): Promise<void> {
  const nicks = params.flatMap(param => param.split(' ')).filter(nick => nick !== '')
  const people = await client.deps.chat.profiles.findAll(nicks.slice(0, MOST_ISON))
  const online = people.filter(person => person && statusOf(client, person) !== 'offline')
  reply.numeric('RPL_ISON', online.map(person => person?.username).join(' '))
}
