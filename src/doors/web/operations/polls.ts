// Operations on polls: asking, voting, closing, and who has chosen what.

import type { Instant, Seq as SeqNumber } from '../../../core/model/model.ts'
import { LEAST_OPTIONS, MOST_OPTIONS } from '../../../core/model/polls.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { Author, Message, Seq } from '../../../wire/schemas.ts'
import { keyOf } from './messages.ts'
import { inRoom, type Operation } from './operation.ts'
import { Problem } from './problems.ts'
import { Done, done, room } from './rooms.ts'

const pollPath = closed({ room, seq: Seq })
const yes = Type.Optional(Type.Literal(true))
/** Longer lists are refused in words. */
const MOST_SENT = 1000

export const pollOperations: readonly Operation[] = [
  inRoom({
    method: 'POST',
    path: '/rooms/:room/polls',
    scope: 'write',
    id: 'ask',
    summary:
      'Posts a poll: a message whose text is the question and its numbered options, each on a line. Takes an Idempotency-Key as a message does.',
    params: closed({ room }),
    body: closed({
      question: Type.String({ description: '1–300 code points on one line.' }),
      options: Type.Array(Type.String({ description: '1–100 code points on one line.' }), {
        maxItems: MOST_SENT,
        description: `${LEAST_OPTIONS}–${MOST_OPTIONS}, all different.`,
      }),
      multiple: yes,
      named: yes,
      until: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 8.64e15, description: 'When it ends by itself.' }),
      ),
    }),
    status: 201,
    reply: closed({ room: Type.Integer(), seq: Seq, at: Type.Integer() }, 'Asked'),
    async run({ chat, person, room, body, headers }) {
      const key = keyOf(headers)
      const { until, ...poll } = body
      const post = chat.polls.postFor({ ...poll, ...(until !== undefined && { until: until as Instant }) })
      const receipt = await chat.postAs(person, room, { ...post, ...(key !== undefined && { key }) })
      if ('refused' in receipt) throw new Problem(receipt.refused)
      return { status: 201, body: { room, seq: receipt.seq, at: receipt.at } }
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/polls/:seq/vote',
    scope: 'write',
    id: 'vote',
    summary:
      "Sets the caller's vote in a poll: the numbers of the options, from 1; none takes the vote back. Answers with the message as it is then.",
    params: pollPath,
    body: closed({ options: Type.Array(Type.Integer(), { maxItems: MOST_SENT }) }),
    reply: Message,
    async run({ chat, person, room, params, body }) {
      return { body: await chat.polls.vote(person, room, params.seq as SeqNumber, body.options) }
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/polls/:seq/closed',
    scope: 'write',
    id: 'closePoll',
    summary: "Closes a poll: one's own, or as a moderator anybody's. It takes no votes any more.",
    params: pollPath,
    reply: Done,
    async run({ chat, person, room, params }) {
      return done(await chat.polls.close(person, room, params.seq as SeqNumber))
    },
  }),
  inRoom({
    method: 'GET',
    path: '/rooms/:room/polls/:seq/ballots',
    scope: 'read',
    id: 'listBallots',
    summary: 'Lists who has chosen each option, up to 200 people an option, in a poll that shows names.',
    params: pollPath,
    reply: closed({
      ballots: Type.Array(closed({ option: Type.Integer(), people: Type.Array(Author) }, 'Ballot')),
    }),
    async run({ chat, person, room, params }) {
      return { body: { ballots: await chat.polls.ballots(person, room, params.seq as SeqNumber) } }
    },
  }),
]
