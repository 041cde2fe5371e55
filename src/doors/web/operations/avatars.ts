// Operations on pictures of people and rooms. Reading one is in files/avatars.ts.

import type { FileId, RoomId as RoomNumber, UserId } from '../../../core/model/model.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { inRoom, type Operation, withLogIn } from './operation.ts'
import { Problem } from './problems.ts'
import { room } from './rooms.ts'

/** People, and rooms, that are asked for at a time. */
const MOST_ASKED = 200
const Upload = closed({
  upload: Type.String({ maxLength: 64, description: 'The id of a finished upload of a picture.' }),
})
const Avatar = Type.String({ description: 'Its place in addresses: /a/ID. Changes with each picture.' })
const SetAvatar = closed({ avatar: Avatar })
const Ids = Type.Optional(
  Type.String({ maxLength: 20 * MOST_ASKED, description: 'Up to 200 ids, separated by commas.' }),
)

export const avatarOperations: readonly Operation[] = [
  withLogIn({
    method: 'GET',
    path: '/avatars',
    scope: 'read',
    anyRoom: true,
    id: 'listAvatars',
    summary:
      'Returns the pictures of these people, and of those of these rooms that the caller is in or could find. Whoever has none is missing.',
    query: closed({ people: Ids, rooms: Ids }),
    reply: closed({
      people: Type.Array(closed({ person: Type.Integer(), avatar: Avatar })),
      rooms: Type.Array(closed({ room: Type.Integer(), avatar: Avatar })),
    }),
    async run({ chat, person: caller, tokenSession, query }) {
      const only = tokenSession.grant.room
      const rooms = idsIn(query.rooms) as RoomNumber[]
      const found = await chat.avatars.of(caller, {
        people: idsIn(query.people) as UserId[],
        rooms: rooms.filter(each => only === undefined || each === only),
      })
      return {
        body: {
          people: found.people.map(({ person, id }) => ({ person, avatar: id })),
          rooms: found.rooms.map(({ room, id }) => ({ room, avatar: id })),
        },
      }
    },
  }),
  withLogIn({
    method: 'PUT',
    path: '/me/avatar',
    scope: 'admin',
    id: 'setAvatar',
    summary: "Makes a finished upload the caller's picture, in place of the one before.",
    body: Upload,
    reply: SetAvatar,
    async run({ chat, person, body }) {
      return {
        body: { avatar: await chat.avatars.set(person, { person: person.id }, body.upload as FileId) },
      }
    },
  }),
  withLogIn({
    method: 'DELETE',
    path: '/me/avatar',
    scope: 'admin',
    id: 'removeAvatar',
    summary: "Removes the caller's picture.",
    async run({ chat, person }) {
      await chat.avatars.remove(person, { person: person.id })
      return {}
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/avatar',
    scope: 'write',
    id: 'setRoomAvatar',
    summary: 'Makes a finished upload the picture of a room (moderators).',
    params: closed({ room }),
    body: Upload,
    reply: SetAvatar,
    async run({ chat, person, room, body }) {
      return { body: { avatar: await chat.avatars.set(person, { room }, body.upload as FileId) } }
    },
  }),
  inRoom({
    method: 'DELETE',
    path: '/rooms/:room/avatar',
    scope: 'write',
    id: 'removeRoomAvatar',
    summary: 'Removes the picture of a room (moderators).',
    params: closed({ room }),
    async run({ chat, person, room }) {
      await chat.avatars.remove(person, { room })
      return {}
    },
  }),
]

/** @param list integers separated by commas */
function idsIn(list = ''): number[] {
  if (list === '') return []
  const ids = list.split(',')
  if (ids.length > MOST_ASKED || !ids.every(each => /^[1-9]\d{0,15}$/.test(each)))
    throw new Problem('bad-request', { detail: `query: up to ${MOST_ASKED} ids, separated by commas` })
  return ids.map(Number)
}
