// Operations on the moderation log.

import { FoundActs } from '../../../wire/acts.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { inRoom, type Operation, withLogIn } from './operation.ts'
import { Limit } from './paging.ts'
import { room, username } from './rooms.ts'

const Query = closed({
  person: Type.Optional(username),
  before: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  limit: Limit,
})

export const actOperations: readonly Operation[] = [
  inRoom({
    method: 'GET',
    path: '/rooms/:room/acts',
    scope: 'read',
    id: 'listRoomActs',
    summary:
      "Lists what was done to keep the room in order, newest first, by or about one person if one is named: for its moderators and the server's admins. Deleted texts are not in it.",
    params: closed({ room }),
    query: Query,
    reply: FoundActs,
    async run({ chat, person, room, query: { person: username, ...page } }) {
      return { body: await chat.moderation.acts(person, { room, username, ...page }) }
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/acts',
    scope: 'admin',
    id: 'listActs',
    summary:
      'Lists what was done in all rooms and to accounts, newest first, by or about one person if one is named (admins).',
    query: Query,
    reply: FoundActs,
    async run({ chat, person, query: { person: username, ...page } }) {
      return { body: await chat.moderation.acts(person, { username, ...page }) }
    },
  }),
]
