// The user modes of a connection.

import type { Client } from '../client.ts'
import { publishBot } from '../events/cluster-events.ts'
import type { Reply } from '../replies/reply.ts'
import { lineOf } from '../wire/message.ts'

/** B: a bot (IRCv3 bot-mode). i: invisible, as everybody is. o: an operator. w: is sent WALLOPS. */
export const USER_MODES = 'Biow'

export function userModes(client: Client): string {
  const isBot = client.preferences.isBot || client.person?.role === 'bot'
  return `${isBot ? 'B' : ''}i${client.isOper ? 'o' : ''}${client.preferences.hearsWallops ? 'w' : ''}`
}

/** Changes user modes: w and B can be set and unset, o only unset; i never changes, nor does B of a bot's account. */
export function changeUserModes(client: Client, changes: string, reply: Reply): void {
  let on = true
  const done = { '+': '', '-': '' }
  for (const sign of changes) {
    if (sign === '+' || sign === '-') on = sign === '+'
    else if (sign === 'w' && client.preferences.hearsWallops !== on) {
      client.preferences.hearsWallops = on
      done[on ? '+' : '-'] += sign
    } else if (sign === 'B' && client.preferences.isBot !== on && client.person?.role !== 'bot') {
      client.preferences.isBot = on
      if (client.person) publishBot(client.deps, client.person)
      done[on ? '+' : '-'] += sign
    } else if (sign === 'o' && !on && client.isOper) {
      client.isOper = false
      done['-'] += sign
    } else if (!USER_MODES.includes(sign)) reply.numeric('ERR_UMODEUNKNOWNFLAG')
  }
  const changed = `${done['+'] && `+${done['+']}`}${done['-'] && `-${done['-']}`}`
  if (changed !== '') reply.send(lineOf(client.source, 'MODE', [client.name, changed]))
}
