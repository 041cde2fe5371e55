// Completing registration: the server's password, an account's, or a guest's name.

import { hash, timingSafeEqual } from 'node:crypto'
import { Refusal, refuse } from '../../core/model/refusals.ts'
import { isName } from '../../core/model/rules.ts'
import type { Admitted } from '../../core/people/log-in.ts'
import type { Client } from './client.ts'
import { findPerson } from './commands/find-room.ts'
import { type Credentials, logIn, parseCredentials } from './credentials.ts'
import { sendBurst } from './replies/registration-burst.ts'
import type { Reply } from './replies/reply.ts'
import { startSession } from './start-session.ts'

/** Completes the registration as soon as NICK, USER and CAP END have come. */
export async function completeRegistration(client: Client, reply: Reply): Promise<void> {
  const { registration } = client
  const { nick, user, pass } = registration
  if (registration.isComplete || registration.isNegotiating || nick === undefined || user === undefined)
    return
  if (registration.sasl !== undefined) {
    registration.sasl = undefined
    reply.numeric('ERR_SASLABORTED')
  }
  if (!registration.admitted && !(await checkPass(client, pass, reply))) return
  if (!registration.admitted && client.deps.settings.guests && !(await admitGuest(client, nick, reply)))
    return
  client.registered()
  if (registration.admitted) await startFirstSession(client, registration.admitted, reply)
  else sendBurst(client, reply)
}

/** Checks PASS: the server's password, or an account's. @returns whether the client may go on */
async function checkPass(client: Client, pass: string | undefined, reply: Reply): Promise<boolean> {
  const { password } = client.deps.settings
  if (pass !== undefined) return admitByPass(client, { pass, password }, reply)
  if (password === undefined) return true
  reply.numericWithText('ERR_PASSWDMISMATCH', [], client.wording.irc.passWanted)
  client.close(client.wording.irc.passWanted)
  return false
}

/** Compares in constant time. Refuses 'wrong-credentials'. */
function mustBeSame(given: string, wanted: string): void {
  const [a, b] = [given, wanted].map(each => hash('sha256', each, 'buffer'))
  if (!(a && b && timingSafeEqual(a, b))) refuse('wrong-credentials')
}

/**
 * Admits a guest, unless the nick is taken or not allowed: then another NICK is awaited. @returns whether it may go on
 */
async function admitGuest(client: Client, nick: string, reply: Reply): Promise<boolean> {
  const { deps, registration, socket } = client
  const name = isName(registration.realname) ? registration.realname : nick
  try {
    if ([...nick].length > deps.settings.longestNick) throw new Refusal('bad-username')
    registration.admitted = await deps.chat.guests.enter({ username: nick, name }, socket.address)
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    registration.nick = undefined
    if (error.code === 'too-many-attempts') client.close(client.refused(error))
    else
      reply.refused(error, [nick], error.code === 'name-taken' ? 'ERR_NICKNAMEINUSE' : 'ERR_ERRONEUSNICKNAME')
    return false
  }
}

interface PassAttempt {
  readonly pass: string
  /** The server's password, if it has one. */
  readonly password: string | undefined
}

/** Tries PASS as user:password, as the password of the nick, and as the server's. */
async function admitByPass(client: Client, { pass, password }: PassAttempt, reply: Reply): Promise<boolean> {
  const { chat } = client.deps
  return orClose(client, reply, async () => {
    const credentials = await parseCredentials(client, pass, /:/)
    const isSomebodys = password === undefined || (await findPerson(chat, credentials.username)) !== undefined
    const admitted = isSomebodys && (await logInOr(client, credentials, password === undefined))
    if (admitted) client.registration.admitted = admitted
    else await chat.guard.shared(client.socket.address, async () => mustBeSame(pass, password ?? ''))
  })
}

/** @param isAll whether a wrong password is refused; else it gives undefined, and something else is tried */
async function logInOr(
  client: Client,
  credentials: Credentials,
  isAll: boolean,
): Promise<Admitted | undefined> {
  try {
    return await logIn(client, credentials)
  } catch (error) {
    const isWrong = error instanceof Refusal && error.code === 'wrong-credentials'
    if (isAll || !isWrong) throw error
    return undefined
  }
}

/** Starts the first session; closes the connection if the account was disabled or its password changed meanwhile. */
function startFirstSession(client: Client, admitted: Admitted, reply: Reply): Promise<boolean> {
  return orClose(client, reply, () => startSession(client, { admitted }, reply))
}

/** Runs a step; closes the connection if it is refused or fails. @returns whether it was done */
async function orClose(client: Client, reply: Reply, step: () => Promise<void>): Promise<boolean> {
  try {
    await step()
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) {
      client.deps.onError(error)
      client.close(client.wording.internalError)
      return false
    }
    if (error.code === 'wrong-credentials') reply.refused(error, [], 'ERR_PASSWDMISMATCH') // a full disk is no wrong password
    client.close(client.refused(error))
    return false
  }
}
