// Account names and passwords, as PASS, IDENTIFY and SASL bring them.

import { Refusal } from '../../core/model/refusals.ts'
import type { Admitted } from '../../core/people/log-in.ts'
import type { Client } from './client.ts'
import { findPerson } from './commands/find-room.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
}

/**
 * Reads either an account with its password, or a password for the nick. Text with the separator is a password for the
 * nick if no account has the name before the separator, so that no password is tried on somebody else's account.
 */
export async function parseCredentials(
  client: Client,
  text: string,
  separator: RegExp,
): Promise<Credentials> {
  const { chat } = client.deps
  const forNick = { username: client.name, password: text }
  const { index = 0, 0: between = '' } = separator.exec(text) ?? {}
  if (index === 0) return forNick
  const named = { username: text.slice(0, index), password: text.slice(index + between.length) }
  if (await findPerson(chat, named.username)) return named
  return (await findPerson(chat, client.name)) ? forNick : named
}

/**
 * With a password or a one-time code, which is used up: a notice says then how to choose a password (start-session.ts).
 * Refuses what `LogIns.logIn` does.
 */
export async function logIn(client: Client, { username, password }: Credentials): Promise<Admitted> {
  const { chat } = client.deps
  const from = { address: client.socket.address }
  try {
    return await chat.logIns.logIn(username, password, from)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'new-password-needed') throw error
    const admitted = await chat.loginCodes.logIn({ username, code: password, password: undefined }, from)
    client.registration.hasNoPassword = true
    return admitted
  }
}
