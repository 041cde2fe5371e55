// Commands about people: who is there, and who they are.

import { GENERAL, type Profile } from '../../../core/model/model.ts'
import { isAdmin } from '../../../core/model/permissions.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import { isUsername } from '../../../core/model/rules.ts'
import type { Member } from '../../../core/ports/rooms.ts'
import { shortened } from '../../../wire/graphemes.ts'
import type { Client } from '../client.ts'
import { publishAway } from '../events/cluster-events.ts'
import { sourceOf } from '../events/tags.ts'
import { allMembers, onlineMembers } from '../replies/members.ts'
import { sendPeopleMetadata } from '../replies/metadata.ts'
import { LONGEST_AWAY, MOST_MONITORED } from '../replies/registration-burst.ts'
import type { Reply } from '../replies/reply.ts'
import { lineOf, listLines } from '../wire/message.ts'
import { prefixOf } from '../wire/mode-letters.ts'
import { foldName, isChannel, matches } from '../wire/names.ts'
import type { Command, CommandContext } from './commands.ts'
import { findPerson } from './find-room.ts'

const MOST_USERHOST = 5
/** Of one ISON. */
const MOST_ISON = 50
/** Of one WHO. */
const MOST_WHO = 1000

export const peopleCommands: Readonly<Record<string, Command>> = {
  WHO: { min: 0, when: 'within', run: who },
  WHOIS: { min: 0, when: 'within', run: whois },
  WHOWAS: { min: 0, when: 'within', run: whowas },
  USERHOST: { min: 1, when: 'within', run: userhost },
  ISON: { min: 1, when: 'within', run: ison },
  MONITOR: { min: 1, when: 'within', run: monitor },
  AWAY: { min: 0, when: 'always', run: away },
  SETNAME: { min: 1, when: 'after', run: setname },
}

/** Everybody is in the first room. */
async function everybody(client: Client): Promise<readonly Member[]> {
  return client.session && client.rooms.has(GENERAL) ? allMembers(client, GENERAL) : []
}

/** By their account, or because they have said OPER. */
function isOperator({ deps }: Client, { id, role }: Pick<Profile, 'id' | 'role'>): boolean {
  return isAdmin(role) || [...deps.clients].some(each => each.isOper && each.person?.id === id)
}

/** By its account, or because it says so. */
function isBot({ deps }: Client, { id, role }: Pick<Profile, 'id' | 'role'>): boolean {
  return role === 'bot' || deps.channels.isBot(id)
}

function statusOf(client: Client, { id }: Pick<Profile, 'id'>) {
  return client.deps.chat.statusOf(id)
}

// --- WHO -------------------------------------------------------------------------------------------------

type WhoEntry = Pick<Member, 'person' | 'role'>

async function who({ client, params, to }: CommandContext): Promise<void> {
  const [mask = '*', options = ''] = params
  const room = client.rooms.channelNamed(mask)
  const channel = room ? client.deps.channels.nameOf(room) : '*'
  const found = room
    ? await onlineMembers(client, room.id)
    : isChannel(mask)
      ? []
      : await findOnline(client, mask, to)
  const wanted = options.startsWith('o') ? found.filter(({ person }) => isOperator(client, person)) : found
  for (const member of wanted.slice(0, MOST_WHO)) {
    if (options.includes('%')) whox(client, { member, channel, options }, to)
    else plainWho(client, { member, channel }, to)
  }
  to.numeric('RPL_ENDOFWHO', mask)
}

/** Those who are online, by a nick, or a mask of nicks and full names. */
async function findOnline(client: Client, mask: string, to: Reply): Promise<readonly WhoEntry[]> {
  const isOnline = ({ person }: WhoEntry) => statusOf(client, person) !== 'offline'
  if (!/[*?]/.test(mask)) {
    const person = await findPerson(client.deps.chat, mask)
    return person ? [{ person, role: 'member' } as const].filter(isOnline) : []
  }
  const all = await everybody(client)
  to.addCost(all.length)
  return all
    .filter(isOnline)
    .filter(({ person }) => matches(mask, person.username) || matches(mask, person.name))
}

function flagsOf(client: Client, member: WhoEntry, channel: string): string {
  const { person } = member
  const here = statusOf(client, person) === 'away' ? 'G' : 'H'
  const prefix = channel === '*' ? '' : prefixOf(member, client.caps.has('multi-prefix'))
  return `${here}${isOperator(client, person) ? '*' : ''}${prefix}${isBot(client, person) ? 'B' : ''}`
}

function plainWho(
  client: Client,
  { member, channel }: { member: WhoEntry; channel: string },
  to: Reply,
): void {
  const { username, name } = member.person
  const { host } = client
  to.numeric(
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

/** WHOX's o: the higher, the more one may do. */
const OP_LEVELS: Readonly<Record<Member['role'], string>> = {
  owner: '5',
  moderator: '4',
  helper: '3',
  speaker: '2',
  member: '1',
}

/** WHOX: the fields that were asked for, in an order of their own. */
function whox(client: Client, { member, channel, options }: WhoxRequest, to: Reply): void {
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
  to.numeric('RPL_WHOSPCRPL', ...shown)
}

// --- WHOIS -----------------------------------------------------------------------------------------------

async function whois({ client, params, to }: CommandContext): Promise<void> {
  const nicks = params[1] ?? params[0]
  if (nicks === undefined || nicks === '') return to.numeric('ERR_NONICKNAMEGIVEN')
  const [nick = ''] = nicks.split(',')
  const person = await findPerson(client.deps.chat, nick)
  if (!person) to.numeric('ERR_NOSUCHNICK', nick)
  else await describe(client, person, to)
  to.numeric('RPL_ENDOFWHOIS', nicks)
}

async function describe(client: Client, person: Profile, to: Reply): Promise<void> {
  const { username, name, role, status } = person
  const { host, deps } = client
  to.numeric('RPL_WHOISUSER', username, username, host, '*', name)
  const shared = await channelsOf(client, person, to)
  for (const line of listLines(shared, ' ')) to.numeric('RPL_WHOISCHANNELS', username, line)
  to.numeric('RPL_WHOISSERVER', username, host, deps.settings.network)
  if (isOperator(client, person)) to.numeric('RPL_WHOISOPERATOR', username)
  if (isBot(client, person)) to.numeric('RPL_WHOISBOT', username)
  if (role !== 'guest') to.numeric('RPL_WHOISACCOUNT', username, username)
  if (isSecure(client, person)) to.numeric('RPL_WHOISSECURE', username)
  const there = statusOf(client, person)
  const usual = there === 'away' ? deps.presences().awayReason(person) : client.wording.statusNames[there]
  if (there !== 'online') to.numeric('RPL_AWAY', username, status || usual)
}

/** All that they are there with is encrypted, as far as this door knows. */
function isSecure({ deps }: Client, { id }: Profile): boolean {
  const theirs = [...deps.clients].filter(({ person }) => person?.id === id)
  return theirs.length > 0 && theirs.every(({ socket }) => socket.isSecure)
}

/** Those that both are in. */
async function channelsOf(
  { deps, rooms, caps }: Client,
  person: Profile,
  to: Reply,
): Promise<readonly string[]> {
  const theirs = await deps.chat.rooms.mine(person)
  to.addCost(theirs.length)
  return theirs.flatMap(listing => {
    const room = listing.kind === 'direct' ? undefined : rooms.get(listing.id)
    if (!room) return []
    const signs = prefixOf({ person, role: listing.role ?? 'member' }, caps.has('multi-prefix'))
    return [signs + deps.channels.nameOf(room)]
  })
}

/** Accounts stay: who was, is. */
async function whowas({ client, params, to }: CommandContext): Promise<void> {
  const [nick] = params
  if (nick === undefined || nick === '') return to.numeric('ERR_NONICKNAMEGIVEN')
  const person = await findPerson(client.deps.chat, nick)
  if (!person) to.numeric('ERR_WASNOSUCHNICK', nick)
  else to.numeric('RPL_WHOWASUSER', person.username, person.username, client.host, '*', person.name)
  to.numeric('RPL_ENDOFWHOWAS', nick)
}

async function userhost({ client, params, to }: CommandContext): Promise<void> {
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
  to.numeric('RPL_USERHOST', found.join(' '))
}

async function ison({ client, params, to }: CommandContext): Promise<void> {
  const nicks = params.flatMap(param => param.split(' ')).filter(nick => nick !== '')
  const people = await client.deps.chat.profiles.findAll(nicks.slice(0, MOST_ISON))
  const there = people.filter(person => person && statusOf(client, person) !== 'offline')
  to.numeric('RPL_ISON', there.map(person => person?.username).join(' '))
}

// --- MONITOR ---------------------------------------------------------------------------------------------

async function monitor({ client, params, to }: CommandContext): Promise<void> {
  const [how = '', targets = ''] = params
  const nicks = targets.split(',').filter(isUsername)
  const { monitored } = client.preferences
  switch (how.toUpperCase()) {
    case '+':
      return watch(client, nicks, to)
    case '-':
      for (const nick of nicks) monitored.delete(foldName(nick))
      return
    case 'C':
      monitored.clear()
      return
    case 'L':
      for (const line of listLines([...monitored.values()], ',')) to.numeric('RPL_MONLIST', line)
      return to.numeric('RPL_ENDOFMONLIST')
    case 'S':
      await sendStatuses(client, [...monitored.values()], to)
  }
}

async function watch(client: Client, nicks: readonly string[], to: Reply): Promise<void> {
  const { monitored } = client.preferences
  const once = new Map(nicks.map(nick => [foldName(nick), nick])).values()
  const fresh = [...once].filter(nick => !monitored.has(foldName(nick)))
  const room = Math.max(0, MOST_MONITORED - monitored.size)
  const added = fresh.slice(0, room)
  for (const nick of added) monitored.set(foldName(nick), nick)
  const people = await sendStatuses(client, added, to)
  if (fresh.length > room) to.numeric('ERR_MONLISTFULL', `${MOST_MONITORED}`, fresh.slice(room).join(','))
  await sendPeopleMetadata(client, people, to)
}

/** @returns those of them that there are */
async function sendStatuses(client: Client, nicks: readonly string[], to: Reply): Promise<Profile[]> {
  const [here, gone]: [string[], string[]] = [[], []]
  const people: Profile[] = []
  const found = await client.deps.chat.profiles.findAll(nicks)
  for (const [i, nick] of nicks.entries()) {
    const person = found[i]
    if (person) people.push(person)
    if (person && statusOf(client, person) !== 'offline') here.push(sourceOf(person, client.host))
    else gone.push(person?.username ?? nick)
  }
  for (const line of listLines(here, ',')) to.numeric('RPL_MONONLINE', line)
  for (const line of listLines(gone, ',')) to.numeric('RPL_MONOFFLINE', line)
  return people
}

// --- oneself ---------------------------------------------------------------------------------------------

/** Before it is in, only from who has asked for that (draft/pre-away); * is away without a reason. */
function away({ client, params, to }: CommandContext): void {
  const { session, deps, caps } = client
  const [text = ''] = params
  if (!client.registration.isComplete && !caps.has('draft/pre-away')) return to.numeric('ERR_NOTREGISTERED')
  const before = client.preferences.awayText
  client.preferences.awayText = shortened(text, LONGEST_AWAY)
  if (session) {
    if (client.preferences.awayText !== before) publishAway(deps, session.person)
    deps.chat.setAway(session, text !== '')
  }
  to.numeric(text === '' ? 'RPL_UNAWAY' : 'RPL_NOWAWAY')
}

/** Everybody is in the first room together: all who want to know are told. */
async function setname({ client, params, to }: CommandContext): Promise<void> {
  const { session, deps, caps } = client
  if (!session) {
    const [needed = ''] = client.wording.irc.identify
    return caps.has('setname') ? to.fail('SETNAME', 'CANNOT_CHANGE_REALNAME', needed) : undefined
  }
  try {
    const person = await deps.chat.profiles.amend(session.person, { name: params[0] ?? '' }, session.id)
    if (caps.has('setname'))
      to.send(deps.channels.actorTags(person, caps.visible) + lineOf(client.source, 'SETNAME', [person.name]))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const code = error.code === 'bad-name' ? 'INVALID_REALNAME' : 'CANNOT_CHANGE_REALNAME'
    if (caps.has('setname')) to.fail('SETNAME', code, client.refused(error))
  }
}
