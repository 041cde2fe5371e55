// REDACT: a message is deleted (draft/message-redaction).

import { Refusal } from '../../../core/model/refusals.ts'
import { seqOf } from '../events/tags.ts'
import { act } from '../replies/answers.ts'
import type { CommandContext } from './commands.ts'
import { seatNamed } from './conversations.ts'
import { shortReason } from './own-channel.ts'

export async function redact({ client, params, reply }: CommandContext): Promise<void> {
  const [target = '', id = '', reason = ''] = params
  const seat = seatNamed(client, target)
  const { session } = client
  if (!seat || !session) return reply.fail('REDACT', 'INVALID_TARGET', target, client.wording.irc.noTarget)
  const found = seqOf(id)
  if (found?.room !== seat.room)
    return reply.fail('REDACT', 'UNKNOWN_MSGID', target, id, client.refused({ code: 'no-such-message' }))
  try {
    const { messages } = client.deps.chat
    await act({ client, session, reply }, actor =>
      messages.erase(actor, seat.room, found.seq, shortReason(reason)),
    )
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const code = error.code === 'no-such-message' ? 'UNKNOWN_MSGID' : 'REDACT_FORBIDDEN'
    reply.fail('REDACT', code, target, id, client.refused(error))
  }
}
