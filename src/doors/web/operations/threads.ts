// Operations on threads.

import type { Seq as SeqNumber } from '../../../core/model/model.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { Message, RoomId, Seq } from '../../../wire/schemas.ts'
import { untagged } from '../socket/frames.ts'
import { messagePath } from './messages.ts'
import { inRoom, type Operation, withLogIn } from './operation.ts'
import { Limit } from './paging.ts'

const standing = {
  root: Type.Integer({ description: 'The seq of the first message of the thread.' }),
  following: Type.Boolean(),
  read: Type.Integer({ description: 'The caller has read its answers up to this seq.' }),
  unread: Type.Integer({
    description:
      'Answers by others that the caller has not read, if they follow the thread: those that stand in the thread alone, and the others after their mark in the room. Counting stops at 100.',
  }),
}
const Changed = closed({ changed: Type.Boolean() }, 'ThreadChange')

export const threadOperations: readonly Operation[] = [
  inRoom({
    method: 'GET',
    path: '/rooms/:room/messages/:seq/thread',
    scope: 'read',
    id: 'getThread',
    summary:
      'Returns the thread that a message is in: its first message, which may be deleted, and its latest replies, or those before one, oldest first.',
    params: messagePath,
    query: closed({ before: Type.Optional(Seq), limit: Limit }),
    reply: closed({ messages: Type.Array(Message), more: Type.Boolean(), ...standing }, 'Thread'),
    async run({ chat, person, room, params, query }) {
      const { before, limit = 200 } = query
      const seq = params.seq as SeqNumber
      const [messages, where] = await Promise.all([
        chat.threads.page(person, room, seq, { before: before as SeqNumber | undefined, limit }),
        chat.threads.standing(person, room, seq),
      ])
      const answers = messages.filter(each => each.seq !== where.root)
      return { body: { messages: messages.map(untagged), more: answers.length === limit, ...where } }
    },
  }),
  inRoom({
    method: 'GET',
    path: '/rooms/:room/messages/:seq/thread/standing',
    scope: 'read',
    id: 'getThreadStanding',
    summary: 'Returns whether the caller follows the thread that a message is in, and what of it is unread.',
    params: messagePath,
    reply: closed(standing, 'ThreadStanding'),
    async run({ chat, person, room, params }) {
      return { body: await chat.threads.standing(person, room, params.seq as SeqNumber) }
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/messages/:seq/thread/follower',
    scope: 'write',
    id: 'followThread',
    summary:
      'Follows the thread that a message is in. Whoever writes in one, or is mentioned there, follows it by that.',
    params: messagePath,
    reply: Changed,
    async run({ chat, person, room, params }) {
      const changed = await chat.threads.follow(person, room, params.seq as SeqNumber, true)
      return { body: { changed } }
    },
  }),
  inRoom({
    method: 'DELETE',
    path: '/rooms/:room/messages/:seq/thread/follower',
    scope: 'write',
    id: 'unfollowThread',
    summary: 'Ceases to follow a thread, until the caller writes in it again.',
    params: messagePath,
    reply: Changed,
    async run({ chat, person, room, params }) {
      const changed = await chat.threads.follow(person, room, params.seq as SeqNumber, false)
      return { body: { changed } }
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/messages/:seq/thread/read',
    scope: 'write',
    id: 'readThread',
    summary: 'Marks the answers of a followed thread as read up to a seq. The mark never goes back.',
    params: messagePath,
    body: closed({ seq: Seq }),
    reply: Changed,
    async run({ chat, person, room, params, body }) {
      const changed = await chat.threads.markRead(
        person,
        room,
        params.seq as SeqNumber,
        body.seq as SeqNumber,
      )
      return { body: { changed } }
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/me/threads',
    scope: 'read',
    id: 'listThreads',
    summary:
      'Lists the threads that the caller follows: those with unread answers first, then by their latest answer.',
    query: closed({
      skip: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, default: 0 })),
      limit: Limit,
    }),
    reply: closed({
      threads: Type.Array(
        closed(
          {
            room: RoomId,
            ...standing,
            message: Message,
            last: Type.Optional(Message),
          },
          'FollowedThread',
        ),
      ),
      more: Type.Boolean(),
    }),
    async run({ chat, person, query }) {
      const { skip = 0, limit = 50 } = query
      const threads = await chat.threads.followed(person, { skip, limit })
      const shown = threads.map(({ message, last, ...rest }) => ({
        ...rest,
        message: untagged(message),
        ...(last && { last: untagged(last) }),
      }))
      return { body: { threads: shown, more: threads.length === limit } }
    },
  }),
]
