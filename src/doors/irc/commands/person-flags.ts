// What WHO, WHOIS and USERHOST tell of a person: operator, bot, online or away.

import type { Profile } from '../../../core/model/model.ts'
import { isAdmin } from '../../../core/model/permissions.ts'
import type { Client } from '../client.ts'

/** By their account, or because they have said OPER. */
export function isOperator({ deps }: Client, { id, role }: Pick<Profile, 'id' | 'role'>): boolean {
  return isAdmin(role) || [...deps.clients].some(each => each.isOper && each.person?.id === id)
}

/** By its account, or because it says so. */
export function isBot({ deps }: Client, { id, role }: Pick<Profile, 'id' | 'role'>): boolean {
  return role === 'bot' || deps.channels.isBot(id)
}

export function statusOf(client: Client, { id }: Pick<Profile, 'id'>) {
  return client.deps.chat.statusOf(id)
}
