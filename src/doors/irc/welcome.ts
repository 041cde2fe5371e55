// What a client hears first (modern.ircdocs.horse, Connection Registration and RPL_ISUPPORT).

import { MOST_MASKS } from '../../core/masks.ts'
import type { Datum } from '../../core/ports.ts'
import { sayOwn } from './about-metadata.ts'
import type { Client } from './client.ts'
import { CHANNEL_MODES, RANKS } from './letters.ts'
import type { Reply } from './reply.ts'
import type { IrcSettings } from './settings.ts'
import { USER_MODES } from './user-modes.ts'

/** Of one CHATHISTORY. */
export const MOST_HISTORY = 200
export const MOST_TARGETS = 4
/** Channels in one line. */
export const MOST_CHANNELS = 50
/** In code points. */
export const LONGEST_AWAY = 100
export const MOST_MONITORED = 200
const TOKENS_IN_LINE = 12

/** As 004 has them. */
const { lists, always, on: whenSet, flags } = CHANNEL_MODES
const LETTERS_WITH_PARAMETERS = sorted(lists + always + whenSet + RANKS.modes)
const CHANNEL_LETTERS = sorted(LETTERS_WITH_PARAMETERS + flags)

function sorted(letters: string): string {
  return [...letters].toSorted().join('')
}

export function isupport({
  network,
  longestNick,
}: Pick<IrcSettings, 'network' | 'longestNick'>): readonly string[] {
  const { lists, always, on, flags } = CHANNEL_MODES
  return [
    `AWAYLEN=${LONGEST_AWAY}`,
    'BOT=B',
    'CASEMAPPING=ascii',
    `CHANMODES=${lists},${always},${on},${flags}`,
    'CHANNELLEN=33',
    'CHANTYPES=#&',
    `CHATHISTORY=${MOST_HISTORY}`,
    'CLIENTTAGDENY=*,-draft/react,-draft/reply,-draft/unreact,-reply,-typing',
    'ELIST=MNU',
    'EXCEPTS=e',
    'EXTBAN=,am',
    'HOSTLEN=63',
    'INVEX=I',
    'KEYLEN=32',
    'KICKLEN=300',
    `MAXLIST=b:${MOST_MASKS},e:${MOST_MASKS},I:${MOST_MASKS}`,
    'MODES=4',
    `MONITOR=${MOST_MONITORED}`,
    'MSGREFTYPES=msgid,timestamp',
    'NAMELEN=64',
    `NETWORK=${network}`,
    `NICKLEN=${longestNick}`,
    `PREFIX=(${RANKS.modes})${RANKS.signs}`,
    'SAFELIST',
    `STATUSMSG=${RANKS.signs}`,
    `TARGMAX=JOIN:${MOST_CHANNELS},KICK:1,LIST:,NAMES:1,NOTICE:${MOST_TARGETS},PART:,PRIVMSG:${MOST_TARGETS},TAGMSG:1,WHOIS:1`,
    'TOPICLEN=300',
    'USERLEN=32',
    'UTF8ONLY',
    'WHOX',
  ]
}

/** @param own what it has said of itself for clients */
export function welcome(client: Client, to: Reply, own: readonly Datum[] = []): void {
  const { version, startedAt } = client.parts
  const { host, network } = client.parts.settings
  client.welcomedAs = client.name
  to.numeric('RPL_WELCOME', `Welcome to the ${network} Network, ${client.source}`)
  to.numeric('RPL_YOURHOST', `Your host is ${host}, running version tertulia-${version}`)
  to.numeric('RPL_CREATED', `This server was started ${new Date(startedAt).toUTCString()}`)
  to.numeric('RPL_MYINFO', host, `tertulia-${version}`, USER_MODES, CHANNEL_LETTERS, LETTERS_WITH_PARAMETERS)
  sayTokens(client, to)
  counts(client, to)
  sayOwn(client, own, to)
  motd(client, to)
  if (!client.session && !client.admitted) introduceServices(client, to)
}

export function sayTokens(client: Client, to: Reply): void {
  const tokens = isupport(client.parts.settings)
  for (let i = 0; i < tokens.length; i += TOKENS_IN_LINE)
    to.numeric('RPL_ISUPPORT', ...tokens.slice(i, i + TOKENS_IN_LINE))
}

export function counts(client: Client, to: Reply): void {
  const online = client.parts.chat.present?.length
  const clients = client.parts.clients.size
  const people = online ?? clients
  to.numeric('RPL_LUSERCLIENT', `There are ${people} users and 0 invisible on 1 servers`)
  to.numeric('RPL_LUSERME', `I have ${clients} clients and 0 servers`)
  to.numeric('RPL_LOCALUSERS', `${people}`, `${people}`, `Current local users ${people}, max ${people}`)
  to.numeric('RPL_GLOBALUSERS', `${people}`, `${people}`, `Current global users ${people}, max ${people}`)
}

export function motd(client: Client, to: Reply): void {
  const { host, network, motd: lines = [client.wording.irc.motd(network)] } = client.parts.settings
  to.numeric('RPL_MOTDSTART', `- ${host} Message of the day - `)
  for (const line of lines) to.numeric('RPL_MOTD', `- ${line}`)
  to.numeric('RPL_ENDOFMOTD')
}

/** For clients that know neither SASL nor PASS. */
function introduceServices(client: Client, to: Reply): void {
  for (const line of client.wording.irc.identify)
    to.say(`:NickServ!NickServ@${client.host} NOTICE ${client.name} :${line}`)
}
