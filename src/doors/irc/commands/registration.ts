// Commands by which a client says what it is called and what it knows: CAP, NICK, USER, PASS.

import { isUsername } from '../../../core/model/rules.ts'
import type { Client } from '../client.ts'
import { completeRegistration as comeIn } from '../register.ts'
import type { Reply } from '../replies/reply.ts'
import { type Caps, isCap, isOffered, offered } from '../wire/caps.ts'
import { lineOf } from '../wire/message.ts'
import type { Command, CommandContext } from './commands.ts'

export const registrationCommands: Readonly<Record<string, Command>> = {
  CAP: { min: 1, when: 'always', run: cap },
  NICK: { min: 0, when: 'always', run: nick },
  USER: { min: 4, when: 'before', run: user },
  PASS: { min: 1, when: 'before', run: pass },
  WEBIRC: { min: 0, when: 'before', run: ({ client }) => client.close('WEBIRC is not accepted here') },
}

// --- capabilities ----------------------------------------------------------------------------------------

function cap({ client, params, to }: CommandContext): Promise<void> | undefined {
  const [subcommand = '', argument = ''] = params
  switch (subcommand.toUpperCase()) {
    case 'LS':
      return list(client, Number.parseInt(argument, 10) || 301, to)
    case 'LIST':
      sayCaps(
        client,
        { subcommand: 'LIST', version: client.registration.capVersion, all: client.caps.names.join(' ') },
        to,
      )
      return undefined
    case 'REQ':
      request(client, argument, to)
      return undefined
    case 'END':
      client.registration.isNegotiating = false
      return comeIn(client, to)
    default:
      to.numeric('ERR_INVALIDCAPCMD', subcommand)
      return undefined
  }
}

/** Beyond that a line would be too long. */
const LONGEST_LIST = 400

function list(client: Client, version: number, to: Reply): undefined {
  if (!client.registration.isComplete) client.registration.isNegotiating = true
  client.registration.capVersion = Math.max(client.registration.capVersion, version)
  if (client.registration.capVersion >= 302) client.caps.set('cap-notify', true)
  sayCaps(client, { subcommand: 'LS', version, all: offered(version, client) }, to)
  return undefined
}

/** In several lines to who speaks version 302; others are told what fits into one. */
function sayCaps(
  client: Client,
  { subcommand, version, all }: { subcommand: 'LS' | 'LIST'; version: number; all: string },
  to: Reply,
): void {
  const say = (some: string, ...more: string[]) =>
    to.send(`${lineOf(client.host, 'CAP', [client.name, subcommand, ...more])} :${some}`)
  let rest = all
  while (rest.length > LONGEST_LIST) {
    const cut = rest.lastIndexOf(' ', LONGEST_LIST)
    if (version < 302) return say(rest.slice(0, cut))
    say(rest.slice(0, cut), '*')
    rest = rest.slice(cut + 1)
  }
  say(rest)
}

/** All of them, or none. */
function request(client: Client, wanted: string, to: Reply): void {
  if (!client.registration.isComplete) client.registration.isNegotiating = true
  const names = wanted.split(' ').filter(name => name !== '')
  const changes = names.map(name => ({ name: name.replace(/^-/, ''), on: !name.startsWith('-') }))
  const allowed = changes.every(
    ({ name, on }) =>
      isCap(name) &&
      isOffered(name, client.deps.settings) &&
      (on || name !== 'cap-notify' || client.registration.capVersion < 302),
  )
  if (!allowed) return to.command('CAP', client.name, 'NAK', wanted)
  const heard = isTold(client.caps)
  for (const { name, on } of changes) if (isCap(name)) client.caps.set(name, on)
  if (heard && !isTold(client.caps)) client.preferences.subscriptions.clear()
  to.command('CAP', client.name, 'ACK', wanted)
  client.regroup()
}

/** Of metadata, by its third draft, which has those forget what they wanted to hear about who want no more of it. */
function isTold(caps: Caps): boolean {
  return caps.has('draft/metadata-3') && caps.has('batch')
}

// --- names -----------------------------------------------------------------------------------------------

function nick({ client, params, to }: CommandContext): Promise<void> | undefined {
  const [wanted = ''] = params
  if (wanted === '') {
    to.numeric('ERR_NONICKNAMEGIVEN')
    return undefined
  }
  if (!isUsername(wanted)) {
    to.numeric('ERR_ERRONEUSNICKNAME', wanted.replaceAll(' ', '_'))
    return undefined
  }
  // A person's nick is the username, whatever their client would like.
  if (client.session) {
    if (wanted !== client.name) to.numeric('ERR_NICKLOCKED')
    return undefined
  }
  const before = client.name
  client.registration.nick = wanted
  if (client.registration.isComplete) {
    to.send(lineOf(`${before}!${before}@${client.host}`, 'NICK', [wanted]))
    return undefined
  }
  return comeIn(client, to)
}

function user({ client, params, to }: CommandContext): Promise<void> {
  const [name = '', , , realname = ''] = params
  client.registration.user = name
  client.registration.realname = realname
  return comeIn(client, to)
}

function pass({ client, params }: CommandContext): void {
  client.registration.pass = params[0] ?? ''
}
