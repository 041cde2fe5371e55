// AWAY and SETNAME.

import { Refusal } from '../../../core/model/refusals.ts'
import { shortened } from '../../../wire/graphemes.ts'
import { publishAway } from '../events/cluster-events.ts'
import { LONGEST_AWAY } from '../replies/registration-burst.ts'
import { lineOf } from '../wire/message.ts'
import type { CommandContext } from './commands.ts'

/** AWAY; before registration only with draft/pre-away. The text * means away without a reason. */
export function away({ client, params, reply }: CommandContext): void {
  const { session, deps, caps } = client
  const [text = ''] = params
  if (!client.registration.isComplete && !caps.has('draft/pre-away'))
    return reply.numeric('ERR_NOTREGISTERED')
  const before = client.preferences.awayText
  client.preferences.awayText = shortened(text, LONGEST_AWAY)
  if (session) {
    if (client.preferences.awayText !== before) publishAway(deps, session.person)
    deps.chat.setAway(session, text !== '')
  }
  reply.numeric(text === '' ? 'RPL_UNAWAY' : 'RPL_NOWAWAY')
}

/** SETNAME. All people share the first room, so every client with the capability is told. */
export async function setname({ client, params, reply }: CommandContext): Promise<void> {
  const { session, deps, caps } = client
  if (!session) {
    const [needed = ''] = client.wording.irc.identify
    return caps.has('setname') ? reply.fail('SETNAME', 'CANNOT_CHANGE_REALNAME', needed) : undefined
  }
  try {
    const person = await deps.chat.profiles.amend(session.person, { name: params[0] ?? '' }, session.id)
    if (caps.has('setname'))
      reply.send(
        deps.channels.actorTags(person, caps.visible) + lineOf(client.source, 'SETNAME', [person.name]),
      )
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const code = error.code === 'bad-name' ? 'INVALID_REALNAME' : 'CANNOT_CHANGE_REALNAME'
    if (caps.has('setname')) reply.fail('SETNAME', code, client.refused(error))
  }
}
