// Commands about polls.

import type { Instant, Message } from '../../../core/model/model.ts'
import { refuse } from '../../../core/model/refusals.ts'
import { ballotLines, choiceTyped, pollTyped } from '../../shared/polls.ts'
import { type Args, type CommandContext, misused, sayIfUnchanged } from './context.ts'
import { numberOf } from './words.ts'

/** Not through the seat, so that its author is shown it, with its number. */
export async function ask({ chat, person, room }: CommandContext, [typed = '']: Args): Promise<void> {
  const poll = pollTyped(typed, Date.now() as Instant) ?? misused()
  const receipt = await chat.postAs(person, room.id, chat.polls.postFor(poll))
  if ('refused' in receipt) refuse(receipt.refused)
}

/** Votes with the numbers of options; without any, shows how the poll stands. */
export async function vote(context: CommandContext, [target = '', typed = '']: Args): Promise<void> {
  const { chat, person, room } = context
  const seq = numberOf(target)
  const words = typed.split(/\s+/).filter(word => word !== '')
  if (words.length === 0) return show(context, await chat.messages.one(person, room.id, seq))
  const choice = choiceTyped(words) ?? misused()
  await show(context, await chat.polls.vote(person, room.id, seq, choice))
}

async function show(
  { chat, person, wording, say }: CommandContext,
  { room, seq, poll }: Message,
): Promise<void> {
  if (!poll) return refuse('not-a-poll')
  const ballots = poll.named ? await chat.polls.ballots(person, room, seq) : []
  const names = new Map(
    ballots.map(({ option, people }) => [option, people.map(({ username }) => username)] as const),
  )
  say(ballotLines({ seq, poll }, wording, names))
}

export async function close(context: CommandContext, [target = '']: Args): Promise<void> {
  const { chat, person, room } = context
  sayIfUnchanged(context, await chat.polls.close(person, room.id, numberOf(target)))
}
