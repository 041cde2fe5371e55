// Operations on people: one's own profile and others'; codes for registering.

import type { Instant } from '../../../core/model/model.ts'
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
const Invitation = closed(
  {
    code: Type.String(),
    by: Type.Optional(
      Type.String({ description: "The username of its author; absent for the server operator's." }),
    ),
    left: Type.Integer({ description: 'How many more people may register with it.' }),
    until: Type.Integer({ description: 'When it expires: milliseconds since 1970, UTC.' }),
    rooms: Type.Array(Type.String(), { description: 'The rooms that it opens, by name.' }),
  },
  'Invitation',
)
const DAY_MS = 86_400_000

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
  withLogIn({
    method: 'GET',
    path: '/invitations',
    scope: 'admin',
    id: 'listInvitations',
    summary: 'Lists the invitation codes that are still valid (admins).',
    reply: closed({ invitations: Type.Array(Invitation) }),
    async run({ chat, person }) {
      return { body: { invitations: await chat.administration.invitations(person.id) } }
    },
  }),
  withLogIn({
    method: 'POST',
    path: '/invitations',
    scope: 'admin',
    id: 'invite',
    summary: 'Creates an invitation code for registration (admins).',
    body: closed({
      uses: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, default: 1 })),
      days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366, default: 7 })),
      rooms: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 100 })),
    }),
    status: 201,
    reply: closed({ code: Type.String(), until: Type.Integer() }),
    async run({ chat, person, body }) {
      const { uses = 1, days = 7, rooms = [] } = body
      const code = await chat.administration.invite(person.id, { uses, milliseconds: days * DAY_MS, rooms })
      return { status: 201, body: { code, until: (Date.now() + days * DAY_MS) as Instant } }
    },
  }),
  withLogIn({
    method: 'DELETE',
    path: '/invitations/:code',
    scope: 'admin',
    id: 'withdrawInvitation',
    summary: 'Revokes an invitation code (admins).',
    params: closed({ code: Type.String({ maxLength: 64 }) }),
    async run({ chat, person, params }) {
      await chat.administration.withdraw(person.id, params.code)
      return {}
    },
  }),
]
