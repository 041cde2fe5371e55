// Registering accounts: REGISTER, VERIFY (draft/account-registration), and NickServ's REGISTER.

import { Refusal } from '../../../core/model/refusals.ts'
import { checkEmail, checkPassword } from '../../../core/model/rules.ts'
import { isPair } from '../channels.ts'
import type { Client } from '../client.ts'
import { publish } from '../events/cluster-events.ts'
import { sourceOf } from '../events/tags.ts'
import type { Reply } from '../replies/reply.ts'
import { startSession } from '../start-session.ts'
import { lineOf } from '../wire/message.ts'
import type { Command, CommandContext } from './commands.ts'

export const accountCommands: Readonly<Record<string, Command>> = {
  REGISTER: { min: 3, when: 'always', run: register },
  VERIFY: { min: 2, when: 'always', run: verify },
}

/** The account that REGISTER asks for. */
export interface NewAccount {
  readonly account: string
  readonly code: string
  readonly email?: string
  readonly password: string
  /** Whether the code came with VERIFY. */
  readonly isVerified?: true
}

export function sendLoggedIn(client: Client, reply: Reply): void {
  const { username = '' } = client.registration.admitted?.person ?? client.account ?? {}
  reply.numeric('RPL_LOGGEDIN', client.source, username, `You are now logged in as ${username}`)
  if (client.registration.isComplete && client.caps.has('account-notify'))
    reply.send(lineOf(client.source, 'ACCOUNT', [username]))
}

// --- REGISTER --------------------------------------------------------------------------------------------

async function register({ client, params, reply }: CommandContext): Promise<void> {
  const [wanted = '', address = '', password = ''] = params
  const account = wanted === '*' ? client.name : wanted
  const why = whyNot(client)
  if (why === 'NEED_NICK') return reply.fail('REGISTER', why, '*', client.wording.irc.nickFirst)
  if (why === 'COMPLETE_CONNECTION_REQUIRED') return reply.fail('REGISTER', why, client.wording.irc.later)
  if (why !== undefined)
    return reply.fail('REGISTER', why, account, client.wording.irc.alreadyIn(client.name))
  const { email, register: when } = client.deps.settings
  const { refusals } = client.wording
  if (when === 'off')
    return reply.fail('REGISTER', 'TEMPORARILY_UNAVAILABLE', account, refusals['registration-closed'])
  const given = address === '*' ? '' : address
  // Where the server asks for no e-mail address, this parameter may be an invitation code.
  const newAccount =
    email === 'none' ? { account, password, code: given } : { account, password, code: '', email: given }
  if (email === 'required' && given === '')
    return reply.fail('REGISTER', 'INVALID_EMAIL', account, refusals['bad-email'])
  await registerOrVerify(client, newAccount, reply)
}

function whyNot(client: Client) {
  if (client.account || client.registration.admitted) return 'ALREADY_AUTHENTICATED'
  if (client.name === '*') return 'NEED_NICK'
  const early = !client.registration.isComplete && client.deps.settings.register === 'after'
  return early ? 'COMPLETE_CONNECTION_REQUIRED' : undefined
}

/** Asks for the code, if one is needed and was not given: without it nobody learns whether the account exists. */
async function registerOrVerify(client: Client, newAccount: NewAccount, reply: Reply): Promise<void> {
  const { registration } = client.deps.chat
  if (newAccount.code !== '' || (await registration.requirement()) !== 'code')
    return registerNow(client, newAccount, reply)
  try {
    check(client, newAccount)
  } catch (error) {
    return failed(client, { ...newAccount, error, command: 'REGISTER' }, reply)
  }
  client.registration.unverified = newAccount
  reply.command(
    'REGISTER',
    'VERIFICATION_REQUIRED',
    newAccount.account,
    client.wording.irc.needsCode(newAccount.account),
  )
}

function check({ deps }: Client, { account, password, email = '' }: NewAccount): void {
  deps.chat.registration.checkUsername(account)
  if ([...account].length > deps.settings.longestNick) throw new Refusal('bad-username')
  checkPassword(password, deps.shortestPassword)
  checkEmail(email)
}

async function verify({ client, params, reply }: CommandContext): Promise<void> {
  const [account = '', code = ''] = params
  const { unverified } = client.registration
  if (client.account || client.registration.admitted)
    return reply.fail('VERIFY', 'ALREADY_AUTHENTICATED', account, client.wording.irc.alreadyIn(client.name))
  if (unverified?.account !== account)
    return reply.fail('VERIFY', 'INVALID_CODE', account, client.wording.refusals['wrong-code'])
  await registerNow(client, { ...unverified, code, isVerified: true }, reply)
}

const CODES: Partial<Record<Refusal['code'], string>> = {
  'name-taken': 'ACCOUNT_EXISTS',
  'bad-username': 'BAD_ACCOUNT_NAME',
  'reserved-username': 'BAD_ACCOUNT_NAME',
  'bad-password': 'WEAK_PASSWORD',
  'garbled-password': 'UNACCEPTABLE_PASSWORD',
  'bad-email': 'INVALID_EMAIL',
  'wrong-code': 'UNACCEPTABLE_EMAIL',
  'registration-closed': 'TEMPORARILY_UNAVAILABLE',
  'too-many-accounts': 'TEMPORARILY_UNAVAILABLE',
  'too-many-attempts': 'TEMPORARILY_UNAVAILABLE',
  busy: 'TEMPORARILY_UNAVAILABLE',
}

interface Failed {
  readonly error: unknown
  readonly command: 'REGISTER' | 'VERIFY'
  readonly account: string
  readonly password: string
}

/** The FAIL code of a refusal. A bad password that is not too short is too long. */
function codeOf(
  { deps }: Client,
  { code }: Refusal,
  { command, password }: Pick<Failed, 'command' | 'password'>,
): string {
  if (code === 'wrong-code' && command === 'VERIFY') return 'INVALID_CODE'
  if (code === 'bad-password' && [...password].length >= deps.shortestPassword) return 'UNACCEPTABLE_PASSWORD'
  return CODES[code] ?? 'BAD_ACCOUNT_NAME'
}

function failed(client: Client, { error, command, account, password }: Failed, reply: Reply): void {
  if (!(error instanceof Refusal)) throw error
  reply.fail(command, codeOf(client, error, { command, password }), account, client.refused(error))
}

/** How the client is told the outcome. */
interface Outcome {
  registered(text: string): void
  refused(error: unknown): void
}

function registerNow(client: Client, newAccount: NewAccount, reply: Reply): Promise<void> {
  const { account, password, isVerified } = newAccount
  const command = isVerified ? 'VERIFY' : 'REGISTER'
  return registerAccount(client, newAccount, reply, {
    registered: text => reply.command(command, 'SUCCESS', account, text),
    refused: error => failed(client, { error, command, account, password }, reply),
  })
}

/** Registers an account. A guest's session goes on with it; a client without a session starts one. */
export async function registerAccount(
  client: Client,
  newAccount: NewAccount,
  reply: Reply,
  outcome: Outcome,
): Promise<void> {
  const { account, code, password, email = '' } = newAccount
  const name = client.registration.realname?.trim() || account
  const { registration } = client.deps.chat
  const guest = client.session?.person
  const before = client.name
  try {
    check(client, newAccount)
    client.registration.admitted = await registration.register(
      { name, username: account, password, code, email, ...(guest && { guest: guest.id }) },
      client.socket.address,
    )
  } catch (error) {
    return outcome.refused(error)
  }
  client.registration.unverified = undefined
  if (!guest) client.isNew = true
  if (guest) guestBecameAccount(client, before, reply)
  outcome.registered(client.wording.registered(name))
  sendLoggedIn(client, reply)
  const { admitted } = client.registration
  if (!guest && client.registration.isComplete && admitted) await startSession(client, { admitted }, reply)
}

/** Tells the client and everybody else that a guest is the same person with an account, maybe under another nick. */
function guestBecameAccount(client: Client, before: string, reply: Reply): void {
  const { person, session, rooms, deps } = client
  client.isGuest = false
  client.registration.admitted = undefined
  if (!person || !session) return
  if (client.name !== before)
    reply.send(lineOf(sourceOf({ username: before }, client.host), 'NICK', [client.name]))
  const { id, username, name, role } = person
  const pairs = [...rooms.values()].filter(isPair).map(room => room.id)
  publish(deps, { is: 'named', person: { id, username, name, role }, before, pairs, by: session.id })
}
