// Account names and passwords, as PASS, IDENTIFY and SASL bring them.

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

/** Refuses what `LogIns.logIn` does. */
export function logIn(
  { deps: { chat }, socket }: Client,
  { username, password }: Credentials,
): Promise<Admitted> {
  return chat.logIns.logIn(username, password, { address: socket.address })
}
