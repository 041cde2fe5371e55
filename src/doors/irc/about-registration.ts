// Commands by which a client says who it is: CAP, NICK, USER, PASS, AUTHENTICATE, REGISTER.

import { Buffer } from 'node:buffer'
import { Refusal } from '../../core/refusals.ts'
import { isUsername } from '../../core/rules.ts'
import { isCap, offered } from './caps.ts'
import type { Client } from './client.ts'
import type { Asked, Command } from './commands.ts'
import { register as comeIn, enter } from './entering.ts'
import { lineOf } from './message.ts'
import { foldName } from './names.ts'
import type { Reply } from './reply.ts'

/** Base64 of one line (IRCv3 SASL), and of a whole response. */
const LONGEST_CHUNK = 400
const LONGEST_RESPONSE = 8192

export const aboutRegistration: Readonly<Record<string, Command>> = {
  CAP: { min: 1, when: 'always', run: cap },
  NICK: { min: 0, when: 'always', run: nick },
  USER: { min: 4, when: 'before', run: user },
  PASS: { min: 1, when: 'before', run: pass },
  AUTHENTICATE: { min: 1, when: 'always', run: authenticate },
  REGISTER: { min: 3, when: 'always', run: register },
  VERIFY: { min: 2, when: 'always', run: verify },
  WEBIRC: { min: 0, when: 'before', run: ({ client }) => client.close('WEBIRC is not accepted here') },
}

// --- capabilities ----------------------------------------------------------------------------------------

function cap({ client, params, to }: Asked): Promise<void> | undefined {
  const [subcommand = '', argument = ''] = params
  switch (subcommand.toUpperCase()) {
    case 'LS':
      return list(client, Number.parseInt(argument, 10) || 301, to)
    case 'LIST':
      sayCaps(client, { subcommand: 'LIST', version: client.capVersion }, client.caps.names.join(' '), to)
      return undefined
    case 'REQ':
      request(client, argument, to)
      return undefined
    case 'END':
      client.isNegotiating = false
      return comeIn(client, to)
    default:
      to.numeric('ERR_INVALIDCAPCMD', subcommand)
      return undefined
  }
}

/** Beyond that a line would be too long. */
const LONGEST_LIST = 400

function list(client: Client, version: number, to: Reply): undefined {
  if (!client.isRegistered) client.isNegotiating = true
  client.capVersion = Math.max(client.capVersion, version)
  if (client.capVersion >= 302) client.caps.set('cap-notify', true)
  sayCaps(client, { subcommand: 'LS', version }, offered(version), to)
  return undefined
}

/** In several lines to who speaks version 302; others are told what fits into one. */
function sayCaps(
  client: Client,
  { subcommand, version }: { subcommand: 'LS' | 'LIST'; version: number },
  all: string,
  to: Reply,
): void {
  const several = version >= 302
  let rest = all
  while (rest.length > LONGEST_LIST) {
    const cut = rest.lastIndexOf(' ', LONGEST_LIST)
    if (!several) {
      rest = rest.slice(0, cut)
      break
    }
    to.tell('CAP', client.name, subcommand, '*', rest.slice(0, cut))
    rest = rest.slice(cut + 1)
  }
  to.say(`${lineOf(client.host, 'CAP', [client.name, subcommand])} :${rest}`)
}

/** All of them, or none. */
function request(client: Client, wanted: string, to: Reply): void {
  if (!client.isRegistered) client.isNegotiating = true
  const names = wanted.split(' ').filter(name => name !== '')
  const changes = names.map(name => ({ name: name.replace(/^-/, ''), on: !name.startsWith('-') }))
  const allowed = changes.every(
    ({ name, on }) => isCap(name) && (on || name !== 'cap-notify' || client.capVersion < 302),
  )
  if (!allowed) return to.tell('CAP', client.name, 'NAK', wanted)
  for (const { name, on } of changes) if (isCap(name)) client.caps.set(name, on)
  to.tell('CAP', client.name, 'ACK', wanted)
  client.regroup()
}

// --- names -----------------------------------------------------------------------------------------------

function nick({ client, params, to }: Asked): Promise<void> | undefined {
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
  client.asked.nick = wanted
  if (client.isRegistered) {
    to.say(lineOf(`${before}!${before}@${client.host}`, 'NICK', [wanted]))
    return undefined
  }
  return comeIn(client, to)
}

function user({ client, params, to }: Asked): Promise<void> {
  const [name = '', , , realname = ''] = params
  client.asked.user = name
  client.asked.realname = realname
  return comeIn(client, to)
}

function pass({ client, params }: Asked): void {
  client.asked.pass = params[0] ?? ''
}

// --- accounts --------------------------------------------------------------------------------------------

function authenticate({ client, params, to }: Asked): Promise<void> | undefined {
  const [given = ''] = params
  if (!client.caps.has('sasl')) {
    to.numeric('ERR_SASLFAIL')
    return undefined
  }
  if (client.session || client.admitted) {
    to.numeric('ERR_SASLALREADY')
    return undefined
  }
  if (given === '*') {
    client.sasl = undefined
    to.numeric('ERR_SASLABORTED')
    return undefined
  }
  if (client.sasl === undefined) {
    if (given.toUpperCase() !== 'PLAIN') {
      to.numeric('RPL_SASLMECHS', 'PLAIN')
      to.numeric('ERR_SASLFAIL')
      return undefined
    }
    client.sasl = ''
    to.say('AUTHENTICATE +')
    return undefined
  }
  return respond(client, given, to)
}

function respond(client: Client, chunk: string, to: Reply): Promise<void> | undefined {
  const before = client.sasl ?? ''
  if (chunk.length > LONGEST_CHUNK || before.length + chunk.length > LONGEST_RESPONSE) {
    client.sasl = undefined
    to.numeric('ERR_SASLTOOLONG')
    return undefined
  }
  const response = chunk === '+' ? before : before + chunk
  client.sasl = response
  if (chunk.length === LONGEST_CHUNK) return undefined // there is more
  client.sasl = undefined
  const [authzid = '', authcid = '', password = ''] = Buffer.from(response, 'base64')
    .toString('utf8')
    .split('\0')
  return prove(client, { authzid, authcid, password }, to)
}

/** RFC 4616: nobody acts for another. */
async function prove(
  client: Client,
  { authzid, authcid, password }: { authzid: string; authcid: string; password: string },
  to: Reply,
): Promise<void> {
  const isOwn = authzid === '' || foldName(authzid) === foldName(authcid)
  const failed = isOwn ? await logIn(client, { username: authcid, password }, to) : 'wrong-credentials'
  if (failed === undefined) to.numeric('RPL_SASLSUCCESS')
  else to.numeric(failed === 'disabled' ? 'ERR_NICKLOCKED' : 'ERR_SASLFAIL')
  if (client.isRegistered && client.admitted && !client.session) await enter(client, client.admitted, to)
}

/** With what a client has shown: SASL, or NickServ. @returns why not */
export async function logIn(
  client: Client,
  { username, password }: { username: string; password: string },
  to: Reply,
): Promise<Refusal['code'] | undefined> {
  const { accounts } = client.parts.chat
  try {
    client.admitted = await accounts.logIn(username, password, client.link.address)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return error.code
  }
  sayLoggedIn(client, to)
  return undefined
}

export function sayLoggedIn(client: Client, to: Reply): void {
  const { username = '' } = client.admitted?.person ?? {}
  to.numeric('RPL_LOGGEDIN', client.source, username, `You are now logged in as ${username}`)
  if (client.isRegistered && client.caps.has('account-notify'))
    to.say(lineOf(client.source, 'ACCOUNT', [username]))
}

/** REGISTER <account> <code> <password>: there is no mail here, so a code that is asked for stands in its place. */
async function register({ client, params, to }: Asked): Promise<void> {
  const [wanted = '', code = '', password = ''] = params
  const account = wanted === '*' ? client.name : wanted
  if (client.session || client.admitted)
    return to.fail('REGISTER', 'ALREADY_AUTHENTICATED', account, 'You are logged in already')
  if (client.name === '*') return to.fail('REGISTER', 'NEED_NICK', '*', 'Say NICK before')
  await openAccount(client, { account, code: code === '*' ? '' : code, password }, to)
}

const CODES: Partial<Record<Refusal['code'], string>> = {
  'name-taken': 'ACCOUNT_EXISTS',
  'bad-username': 'BAD_ACCOUNT_NAME',
  'reserved-username': 'BAD_ACCOUNT_NAME',
  'bad-password': 'WEAK_PASSWORD',
  'wrong-code': 'UNACCEPTABLE_EMAIL',
  'registration-closed': 'TEMPORARILY_UNAVAILABLE',
  'too-many-attempts': 'TEMPORARILY_UNAVAILABLE',
  busy: 'TEMPORARILY_UNAVAILABLE',
}

export interface NewAccount {
  readonly account: string
  readonly code: string
  readonly password: string
}

export async function openAccount(
  client: Client,
  { account, code: invitation, password }: NewAccount,
  to: Reply,
): Promise<void> {
  const name = client.asked.realname?.trim() || account
  const { accounts } = client.parts.chat
  try {
    client.admitted = await accounts.register(
      { name, username: account, password, code: invitation },
      client.link.address,
    )
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const isLong = error.code === 'bad-password' && [...password].length >= client.parts.shortestPassword
    const code = isLong ? 'UNACCEPTABLE_PASSWORD' : (CODES[error.code] ?? 'BAD_ACCOUNT_NAME')
    return to.fail('REGISTER', code, account, client.refused(error))
  }
  to.tell('REGISTER', 'SUCCESS', account, client.wording.registered(name))
  sayLoggedIn(client, to)
  if (client.isRegistered) await enter(client, client.admitted, to)
}

function verify({ client, params, to }: Asked): void {
  const code = client.session || client.admitted ? 'ALREADY_AUTHENTICATED' : 'INVALID_CODE'
  to.fail('VERIFY', code, params[0] ?? '*', 'Nothing is to be verified here')
}
