// What a connection is, and what it wants to hear: its user modes.

import type { Client } from '../client.ts'
import { publishBot } from '../events/cluster-events.ts'
import type { Reply } from '../replies/reply.ts'
import { lineOf } from '../wire/message.ts'

/**
 * i: nobody is listed to who shares no channel; everybody shares one. B: a program (bot-mode). o: an operator. w:
 * hears WALLOPS.
 */
export const USER_MODES = 'Biow'

export function userModes(client: Client): string {
  const isBot = client.preferences.isBot || client.person?.role === 'bot'
  return `${isBot ? 'B' : ''}i${client.isOper ? 'o' : ''}${client.preferences.hearsWallops ? 'w' : ''}`
}

/**
 * w and B come and go as one likes, o only goes; the others are as they are, and so is B of an account that is a
 * bot's.
 */
export function changeUserModes(client: Client, changes: string, to: Reply): void {
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
    } else if (!USER_MODES.includes(sign)) to.numeric('ERR_UMODEUNKNOWNFLAG')
  }
  const said = `${done['+'] && `+${done['+']}`}${done['-'] && `-${done['-']}`}`
  if (said !== '') to.send(lineOf(client.source, 'MODE', [client.name, said]))
}
