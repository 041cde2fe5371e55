// Which thread an answer belongs to.

import type { Message } from '../../../wire/schemas.ts'

export type Answer = Message & Required<Pick<Message, 'reply'>>

export function isAnswer(message: Message): message is Answer {
  return message.reply !== undefined
}

/** The seq of the first message of the answer's thread. */
export function rootOf({ reply }: Pick<Answer, 'reply'>): number {
  return reply.thread ?? reply.seq
}
