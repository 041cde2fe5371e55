// CAP, NICK, USER and PASS.

import { Buffer } from 'node:buffer'
import { isUsername } from '../../../core/model/rules.ts'
import type { Client } from '../client.ts'
import { completeRegistration } from '../complete-registration.ts'
import type { Reply } from '../replies/reply.ts'
import { type Caps, isCap, isOffered, offered } from '../wire/caps.ts'
import { LONGEST_LINE, lineOf, pieces } from '../wire/message.ts'
import type { Command, CommandContext } from './commands.ts'

export const registrationCommands: Readonly<Record<string, Command>> = {
  CAP: { min: 1, when: 'always', run: cap },
  NICK: { min: 0, when: 'always', run: nick },
  USER: { min: 4, when: 'before', run: user },
  PASS: { min: 1, when: 'before', run: pass },
  WEBIRC: { min: 0, when: 'before', run: ({ client }) => client.close('WEBIRC is not accepted here') },
}

// --- capabilities ----------------------------------------------------------------------------------------

function cap({ client, params, reply }: CommandContext): Promise<void> | undefined {
  const [subcommand = '', argument = ''] = params
  switch (subcommand.toUpperCase()) {
    case 'LS':
      return list(client, Number.parseInt(argument, 10) || 301, reply)
    case 'LIST':
      sendCaps(
        client,
        { subcommand: 'LIST', version: client.registration.capVersion, all: client.caps.names.join(' ') },
        reply,
      )
      return undefined
    case 'REQ':
      request(client, argument, reply)
      return undefined
    case 'END':
      client.registration.isNegotiating = false
      return completeRegistration(client, reply)
    default:
      reply.numeric('ERR_INVALIDCAPCMD', subcommand)
      return undefined
  }
}

/** The longest list of capabilities in one line, in characters. */
const LONGEST_LIST = 400

function list(client: Client, version: number, reply: Reply): undefined {
  if (!client.registration.isComplete) client.registration.isNegotiating = true
  client.registration.capVersion = Math.max(client.registration.capVersion, version)
  if (client.registration.capVersion >= 302) client.caps.set('cap-notify', true)
  sendCaps(client, { subcommand: 'LS', version, all: offered(version, client) }, reply)
  return undefined
}

/** Sends capabilities, in several lines from version 302 on; other clients are sent what fits into one. */
function sendCaps(
  client: Client,
  { subcommand, version, all }: { subcommand: 'LS' | 'LIST'; version: number; all: string },
  reply: Reply,
): void {
  const send = (some: string, ...more: string[]) =>
    reply.send(`${lineOf(client.host, 'CAP', [client.name, subcommand, ...more])} :${some}`)
  let rest = all
  while (rest.length > LONGEST_LIST) {
    const cut = rest.lastIndexOf(' ', LONGEST_LIST)
    if (version < 302) return send(rest.slice(0, cut))
    send(rest.slice(0, cut), '*')
    rest = rest.slice(cut + 1)
  }
  send(rest)
}

/** CAP REQ: all changes are accepted, or none. */
function request(client: Client, wanted: string, reply: Reply): void {
  if (!client.registration.isComplete) client.registration.isNegotiating = true
  const names = wanted.split(' ').filter(name => name !== '')
  const changes = names.map(name => ({ name: name.replace(/^-/, ''), on: !name.startsWith('-') }))
  const allowed = changes.every(
    ({ name, on }) =>
      isCap(name) &&
      isOffered(name, client.deps.settings) &&
      (on || name !== 'cap-notify' || client.registration.capVersion < 302),
  )
  if (!allowed) return answer(client, ['NAK', wanted], reply)
  const had = hasMetadata3(client.caps)
  for (const { name, on } of changes) if (isCap(name)) client.caps.set(name, on)
  if (had && !hasMetadata3(client.caps)) client.preferences.subscriptions.clear()
  answer(client, ['ACK', wanted], reply)
  client.regroup()
}

/** Repeats what was requested, in more than one line where it does not fit. */
function answer(
  { host, name }: Client,
  [subcommand, wanted]: readonly ['ACK' | 'NAK', string],
  reply: Reply,
): void {
  const most = LONGEST_LINE - 2 - Buffer.byteLength(lineOf(host, 'CAP', [name, subcommand, '']))
  for (const some of pieces(wanted, most)) reply.command('CAP', name, subcommand, some.trimEnd())
}

/** Whether metadata is sent by draft/metadata-3, where subscriptions end with the capability. */
function hasMetadata3(caps: Caps): boolean {
  return caps.has('draft/metadata-3') && caps.has('batch')
}

// --- names -----------------------------------------------------------------------------------------------

function nick({ client, params, reply }: CommandContext): Promise<void> | undefined {
  const [wanted = ''] = params
  if (wanted === '') {
    reply.numeric('ERR_NONICKNAMEGIVEN')
    return undefined
  }
  if (!isUsername(wanted)) {
    reply.numeric('ERR_ERRONEUSNICKNAME', wanted.replaceAll(' ', '_'))
    return undefined
  }
  // With a session the nick is the username and cannot change.
  if (client.session) {
    if (wanted !== client.name) reply.numeric('ERR_NICKLOCKED')
    return undefined
  }
  const before = client.name
  client.registration.nick = wanted
  if (client.registration.isComplete) {
    reply.send(lineOf(`${before}!${before}@${client.host}`, 'NICK', [wanted]))
    return undefined
  }
  return completeRegistration(client, reply)
}

function user({ client, params, reply }: CommandContext): Promise<void> {
  const [name = '', , , realname = ''] = params
  client.registration.user = name
  client.registration.realname = realname
  return completeRegistration(client, reply)
}

function pass({ client, params }: CommandContext): void {
  client.registration.pass = params[0] ?? ''
}
