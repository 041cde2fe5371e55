// The registration burst: 001 to 005, LUSERS and MOTD (modern.ircdocs.horse, Connection Registration, RPL_ISUPPORT).

import { MOST_MASKS } from '../../../core/model/masks.ts'
import type { UserId } from '../../../core/model/model.ts'
import { MOST_ROOMS } from '../../../core/model/rules.ts'
import type { Datum } from '../../../core/ports/metadata.ts'
import type { Client } from '../client.ts'
import { USER_MODES, userModes } from '../commands/user-modes.ts'
import type { IrcSettings } from '../settings.ts'
import { CHANNEL_MODES, RANKS } from '../wire/mode-letters.ts'
import { sendOwnMetadata } from './metadata.ts'
import type { Reply } from './reply.ts'

/** Messages of one CHATHISTORY. */
export const MOST_HISTORY = 200
export const MOST_TARGETS = 4
/** Changes with a parameter in one MODE. */
export const MOST_MODES = 4
/** Channels of one JOIN or PART. */
export const MOST_CHANNELS = 50
/** Names, masks and conditions of one LIST: each room is compared with all of them. */
export const MOST_LIST_CONDITIONS = 20
/** In code points. */
export const LONGEST_AWAY = 100
export const LONGEST_REASON = 300
export const MOST_MONITORED = 200
const TOKENS_IN_LINE = 12

/** The letters of channel modes in 004. */
const { lists, always, on: whenSet, flags } = CHANNEL_MODES
const LETTERS_WITH_PARAMETERS = sorted(lists + always + whenSet + RANKS.modes)
const CHANNEL_LETTERS = sorted(LETTERS_WITH_PARAMETERS + flags)

function sorted(letters: string): string {
  return [...letters].toSorted().join('')
}

/** Characters that must be escaped in a value of 005. */
const UNFIT = /[ \\=]/g

function escaped(text: string): string {
  return text.replace(UNFIT, sign => `\\x${sign.charCodeAt(0).toString(16)}`)
}

/** By the names that the two drafts have. */
const FILE_HOST_TOKENS = ['draft/FILEHOST', 'soju.im/FILEHOST']

/** @param webUrl the address by which others reach the web door */
export function isupport(
  { network, longestNick }: Pick<IrcSettings, 'network' | 'longestNick'>,
  webUrl: string,
): readonly string[] {
  const { lists, always, on, flags } = CHANNEL_MODES
  return [
    'ACCOUNTEXTBAN=a',
    `AWAYLEN=${LONGEST_AWAY}`,
    'BOT=B',
    'CASEMAPPING=ascii',
    `CHANLIMIT=#:${MOST_ROOMS}`,
    `CHANMODES=${lists},${always},${on},${flags}`,
    'CHANNELLEN=33',
    'CHANTYPES=#',
    `CHATHISTORY=${MOST_HISTORY}`,
    'ELIST=MNU',
    'EXCEPTS=e',
    'EXTBAN=,am',
    'HOSTLEN=63',
    'INVEX=I',
    'KEYLEN=32',
    `KICKLEN=${LONGEST_REASON}`,
    `MAXLIST=b:${MOST_MASKS},e:${MOST_MASKS},I:${MOST_MASKS}`,
    `MODES=${MOST_MODES}`,
    `MONITOR=${MOST_MONITORED}`,
    'MSGREFTYPES=msgid,timestamp',
    'NAMELEN=64',
    `NETWORK=${escaped(network)}`,
    `NICKLEN=${longestNick}`,
    `PREFIX=(${RANKS.modes})${RANKS.signs}`,
    'SAFELIST',
    `STATUSMSG=${RANKS.signs}`,
    `TARGMAX=JOIN:${MOST_CHANNELS},KICK:${MOST_TARGETS},LIST:${MOST_LIST_CONDITIONS},NAMES:1,NOTICE:${MOST_TARGETS},PART:${MOST_CHANNELS},PRIVMSG:${MOST_TARGETS},TAGMSG:1,WHOIS:1`,
    'TOPICLEN=300',
    'USERLEN=32',
    'UTF8ONLY',
    'WHOX',
    ...FILE_HOST_TOKENS.map(token => `${token}=${escaped(`${webUrl}/filehost`)}`),
  ]
}

/** Sends the registration burst. @param own the client's own metadata */
export function sendBurst(client: Client, reply: Reply, own: readonly Datum[] = []): void {
  const { version, startedAt } = client.deps
  const { host, network } = client.deps.settings
  client.registration.isWelcomed = true
  reply.numeric('RPL_WELCOME', `Welcome to the ${network} Network, ${client.name}`)
  reply.numeric('RPL_YOURHOST', `Your host is ${host}, running version tertulia-${version}`)
  reply.numeric('RPL_CREATED', `This server was started ${new Date(startedAt).toUTCString()}`)
  reply.numeric(
    'RPL_MYINFO',
    host,
    `tertulia-${version}`,
    USER_MODES,
    CHANNEL_LETTERS,
    LETTERS_WITH_PARAMETERS,
  )
  sendIsupport(client, reply)
  sendLusers(client, reply)
  sendOwnMetadata(client, own, reply)
  sendMotd(client, reply)
  reply.numeric('RPL_UMODEIS', `+${userModes(client)}`)
  if (!client.session && !client.registration.admitted) introduceServices(client, reply)
}

export function sendIsupport(client: Client, reply: Reply): void {
  const tokens = isupport(client.deps.settings, client.deps.webUrl())
  for (let i = 0; i < tokens.length; i += TOKENS_IN_LINE)
    reply.numeric('RPL_ISUPPORT', ...tokens.slice(i, i + TOKENS_IN_LINE))
}

/**
 * Sends the replies to LUSERS; those that would count nothing are left out. Everybody is invisible (user mode i), and a
 * person counts once, however many connections they have on whatever node.
 */
export function sendLusers({ deps }: Client, reply: Reply): void {
  const { chat, channels, clients, peaks } = deps
  const { unknown, strangers, local, operators } = countUsers(clients)
  const people = chat.presentCount + strangers
  peaks.local = Math.max(peaks.local, local)
  peaks.people = Math.max(peaks.people, people)
  reply.numeric('RPL_LUSERCLIENT', `There are 0 users and ${people} invisible on 1 servers`)
  if (operators > 0) reply.numeric('RPL_LUSEROP', `${operators}`)
  if (unknown > 0) reply.numeric('RPL_LUSERUNKNOWN', `${unknown}`)
  if (channels.formed > 0) reply.numeric('RPL_LUSERCHANNELS', `${channels.formed}`)
  reply.numeric('RPL_LUSERME', `I have ${clients.size} clients and 0 servers`)
  sendUserCount('RPL_LOCALUSERS', 'local', [local, peaks.local], reply)
  sendUserCount('RPL_GLOBALUSERS', 'global', [people, peaks.people], reply)
}

interface UserCounts {
  /** Connections that are not registered. */
  readonly unknown: number
  /** Registered connections without an account. */
  readonly strangers: number
  /** People on this node, each once however many connections they have, and strangers. */
  readonly local: number
  readonly operators: number
}

function countUsers(clients: Iterable<Client>): UserCounts {
  const [people, operators] = [new Set<UserId>(), new Set<UserId>()]
  let [unknown, strangers] = [0, 0]
  for (const { registration, isClosing, person, isPrivileged } of clients) {
    if (person) people.add(person.id)
    else if (!registration.isComplete) unknown++
    else if (registration.isWelcomed && !isClosing) strangers++
    if (person && isPrivileged) operators.add(person.id)
  }
  return { unknown, strangers, local: people.size + strangers, operators: operators.size }
}

function sendUserCount(
  numeric: 'RPL_LOCALUSERS' | 'RPL_GLOBALUSERS',
  where: 'local' | 'global',
  [now, most]: readonly [number, number],
  reply: Reply,
): void {
  reply.numeric(numeric, `${now}`, `${most}`, `Current ${where} users ${now}, max ${most}`)
}

export function sendMotd(client: Client, reply: Reply): void {
  const { host, network, motd: lines = [client.wording.irc.motd(network)] } = client.deps.settings
  reply.numeric('RPL_MOTDSTART', `- ${host} Message of the day - `)
  for (const line of lines) reply.numeric('RPL_MOTD', `- ${line}`)
  reply.numeric('RPL_ENDOFMOTD')
}

/** Tells a client that has not logged in how to: with SASL, PASS or NickServ. */
function introduceServices(client: Client, reply: Reply): void {
  for (const line of client.wording.irc.identify)
    reply.send(`:NickServ!NickServ@${client.host} NOTICE ${client.name} :${line}`)
}
