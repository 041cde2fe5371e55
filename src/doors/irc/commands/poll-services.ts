// ChanServ's commands about polls. IRC users see no message numbers: a poll is the last one of its channel, or named by
// its msgid.

import type { Instant, Message, RoomId, Seq } from '../../../core/model/model.ts'
import { refuse } from '../../../core/model/refusals.ts'
import { ballotLines, choiceTyped, pollTyped } from '../../shared/polls.ts'
import { seqOf, unstarred } from '../events/tags.ts'
import { QUERY_COST } from '../replies/cost.ts'
import { refusing } from './file-services.ts'
import type { ServiceContext } from './services.ts'

type Run = (context: ServiceContext) => Promise<void>

export const pollServices: Readonly<Record<'POLL' | 'VOTE' | 'CLOSE', Run>> = {
  POLL: refusing(ask),
  VOTE: refusing(vote),
  CLOSE: refusing(close),
}

/** POLL #sala [-2h] question | option | option. */
async function ask({ client, words, rest, notice }: ServiceContext): Promise<void> {
  const { chat } = client.deps
  const [target = ''] = words
  const room = client.rooms.named(target) ?? refuse('no-such-room')
  const person = client.person ?? refuse('no-such-room')
  const poll = pollTyped(rest.slice(target.length), Date.now() as Instant)
  if (!poll) return notice(client.wording.irc.services.ChanServ.find(line => line.startsWith('POLL')) ?? '')
  const receipt = await chat.postAs(person, room.id, chat.polls.postFor(poll))
  if ('refused' in receipt) refuse(receipt.refused)
}

/** VOTE #sala 2, or VOTE msgid 2; without a number it shows how the poll stands. */
async function vote(context: ServiceContext): Promise<void> {
  const { client, words, notice, reply } = context
  const { chat } = client.deps
  const person = client.person ?? refuse('no-such-room')
  const { room, seq } = await placeOf(context)
  reply.addCost(QUERY_COST)
  const choice = words.length > 1 ? (choiceTyped(words.slice(1)) ?? refuse('no-such-option')) : undefined
  const message = choice
    ? await chat.polls.vote(person, room, seq, choice)
    : await chat.messages.one(person, room, seq)
  for (const line of await linesOf(context, message)) notice(unstarred(line))
}

async function linesOf({ client }: ServiceContext, message: Message): Promise<readonly string[]> {
  const { person, wording, deps } = client
  const { room, seq, poll } = message
  if (!poll || !person) refuse('not-a-poll')
  const ballots = poll.named ? await deps.chat.polls.ballots(person, room, seq) : []
  const names = new Map(
    ballots.map(({ option, people }) => [option, people.map(({ username }) => username)] as const),
  )
  return ballotLines({ seq, poll }, wording, names)
}

/** CLOSE #sala, or CLOSE msgid. */
async function close(context: ServiceContext): Promise<void> {
  const { client, notice } = context
  const person = client.person ?? refuse('no-such-room')
  const { room, seq } = await placeOf(context)
  if (!(await client.deps.chat.polls.close(person, room, seq))) notice(unstarred(client.wording.alreadySo))
}

/** The poll that the first word names. Refuses 'no-such-room', 'not-a-poll'. */
async function placeOf({ client, words }: ServiceContext): Promise<{ room: RoomId; seq: Seq }> {
  const { person, rooms, deps } = client
  const [typed = ''] = words
  const named = seqOf(typed)
  if (named) return named
  const room = rooms.named(typed)?.id
  if (room === undefined || !person) refuse('no-such-room')
  return { room, seq: (await deps.chat.polls.latest(person, room)) ?? refuse('not-a-poll') }
}
