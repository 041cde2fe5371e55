// Operations on people: one's own profile and others'.

import { closed, Type } from '../../../wire/json-schema.ts'
import { Profile, Status } from '../../../wire/schemas.ts'
import { type Operation, withLogIn } from './operation.ts'

const username = Type.String({ maxLength: 128 })
const Person = closed(
  {
    ...Profile.properties,
    presence: Status,
    avatar: Type.Optional(Type.String({ description: 'The picture, at /a/ID.' })),
  },
  'Person',
)

export const peopleOperations: readonly Operation[] = [
  withLogIn({
    method: 'PATCH',
    path: '/me',
    scope: 'admin',
    id: 'amendProfile',
    summary: "Changes the caller's name, status, language or time zone.",
    body: closed({
      name: Type.Optional(Type.String({ maxLength: 256 })),
      status: Type.Optional(Type.String({ maxLength: 512 })),
      language: Type.Optional(Type.String({ maxLength: 8 })),
      zone: Type.Optional(Type.String({ maxLength: 64 })),
    }),
    reply: Profile,
    async run({ chat, person, body }) {
      return { body: await chat.profiles.amend(person, body) }
    },
  }),
  withLogIn({
    method: 'PUT',
    path: '/me/password',
    scope: 'admin',
    id: 'changePassword',
    summary: 'Changes the password. Ends all other sessions and revokes all tokens.',
    body: closed({ before: Type.String({ maxLength: 1024 }), after: Type.String({ maxLength: 1024 }) }),
    async run({ chat, tokenSession, body, address }) {
      await chat.profiles.changePassword(tokenSession, body, address)
      return {}
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/me/blocks',
    scope: 'admin',
    id: 'listBlocked',
    summary: 'Lists the people that the caller has blocked.',
    reply: closed({ people: Type.Array(Profile) }),
    async run({ chat, person }) {
      return { body: { people: await chat.profiles.blocked(person) } }
    },
  }),
  withLogIn({
    method: 'PUT',
    path: '/me/blocks/:username',
    scope: 'admin',
    id: 'block',
    summary: 'Blocks a person: their messages in direct rooms no longer reach the caller. They are not told.',
    params: closed({ username }),
    async run({ chat, person, params }) {
      await chat.profiles.block(person, params.username, true)
      return {}
    },
  }),
  withLogIn({
    method: 'DELETE',
    path: '/me/blocks/:username',
    scope: 'admin',
    id: 'unblock',
    summary: 'Unblocks a person.',
    params: closed({ username }),
    async run({ chat, person, params }) {
      await chat.profiles.block(person, params.username, false)
      return {}
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/people/:username',
    scope: 'read',
    id: 'getPerson',
    summary: "Returns a person's profile and presence.",
    params: closed({ username }),
    reply: Person,
    async run({ chat, person, params }) {
      const profile = await chat.profiles.find(params.username)
      const { people } = await chat.avatars.of(person, { people: [profile.id], rooms: [] })
      const [picture] = people
      const presence = chat.statusOf(profile.id)
      return { body: { ...profile, presence, ...(picture && { avatar: picture.id }) } }
    },
  }),
]
