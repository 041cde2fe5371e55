// Flags of a person in WHO, WHOIS and USERHOST.

import type { Profile } from '../../../core/model/model.ts'
import { isAdmin } from '../../../core/model/permissions.ts'
import type { Client } from '../client.ts'

/** Whether somebody is an operator, by their account or by OPER on any connection to this node. */
export function isOperator({ deps }: Client, { id, role }: Pick<Profile, 'id' | 'role'>): boolean {
  return isAdmin(role) || [...deps.clients].some(each => each.isOper && each.person?.id === id)
}

/** Whether it is a bot, by its account or by user mode B. */
export function isBot({ deps }: Client, { id, role }: Pick<Profile, 'id' | 'role'>): boolean {
  return role === 'bot' || deps.channels.isBot(id)
}

export function statusOf(client: Client, { id }: Pick<Profile, 'id'>) {
  return client.deps.chat.statusOf(id)
}
