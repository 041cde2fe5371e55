// Operations on reactions: who has reacted, adding and removing.

import type { Seq as SeqNumber } from '../../../core/model/model.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { Author, Seq } from '../../../wire/schemas.ts'
import { messagePath } from './messages.ts'
import { inRoom, type Operation } from './operation.ts'
import { Limit } from './paging.ts'
import { Problem } from './problems.ts'
import { Done, done, room } from './rooms.ts'

const emoji = Type.String({ maxLength: 64 })
const Name = Type.Optional(Type.String({ maxLength: 256 }))

export const reactionOperations: readonly Operation[] = [
  inRoom({
    method: 'GET',
    path: '/rooms/:room/messages/:seq/reactions',
    scope: 'read',
    id: 'listReactors',
    summary:
      'Lists who has reacted to a message, by emoji and username, or who has with one emoji. The next page begins after the last one of this (`after`, with its emoji in `afterEmoji`).',
    params: messagePath,
    query: closed({
      emoji: Type.Optional(emoji),
      after: Name,
      afterEmoji: Type.Optional(emoji),
      limit: Limit,
    }),
    reply: closed({
      reactions: Type.Array(closed({ emoji: Type.String(), person: Author }, 'Reactor')),
      more: Type.Boolean(),
    }),
    async run({ chat, person, room, params, query }) {
      const { emoji: only, after, afterEmoji = only, limit = 50 } = query
      if (after !== undefined && afterEmoji === undefined)
        throw new Problem('bad-request', { detail: 'query: after, without an emoji' })
      const last =
        after === undefined || afterEmoji === undefined ? undefined : { emoji: afterEmoji, username: after }
      const page = { emoji: only, after: last, limit }
      const reactions = await chat.messages.reactors(person, room, params.seq as SeqNumber, page)
      return { body: { reactions, more: reactions.length === limit } }
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/messages/:seq/reactions/:emoji',
    scope: 'write',
    id: 'react',
    summary: 'Adds an emoji reaction to a message.',
    params: closed({ room, seq: Seq, emoji }),
    reply: Done,
    async run({ chat, person, room, params }) {
      const reaction = { emoji: params.emoji, on: true }
      return done(await chat.messages.react(person, room, params.seq as SeqNumber, reaction))
    },
  }),
  inRoom({
    method: 'DELETE',
    path: '/rooms/:room/messages/:seq/reactions/:emoji',
    scope: 'write',
    id: 'unreact',
    summary: 'Removes an emoji reaction from a message.',
    params: closed({ room, seq: Seq, emoji }),
    reply: Done,
    async run({ chat, person, room, params }) {
      const reaction = { emoji: params.emoji, on: false }
      return done(await chat.messages.react(person, room, params.seq as SeqNumber, reaction))
    },
  }),
]
