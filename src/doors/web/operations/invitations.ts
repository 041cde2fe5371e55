// Operations on how others come in: the addresses, and codes for registering.

import type { Instant } from '../../../core/model/model.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { type Operation, withLogIn } from './operation.ts'

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

export const invitationOperations: readonly Operation[] = [
  withLogIn({
    method: 'GET',
    path: '/server/addresses',
    scope: 'admin',
    id: 'getAddresses',
    summary: 'Returns how others reach the server, and the code for a whole class (admins).',
    reply: closed({
      url: Type.String({ description: 'For browsers: what links begin with.' }),
      line: Type.String({ description: 'A command for a terminal.' }),
      irc: closed({ host: Type.String(), port: Type.Integer(), tls: Type.Boolean() }),
      isLocal: Type.Boolean({ description: 'Only programs on its own machine reach it.' }),
      registration: Type.Enum(['nothing', 'code', 'closed'], { description: 'What registering requires.' }),
      classCode: Type.Optional(Type.String()),
    }),
    async run({ chat, person, join }) {
      const classCode = await chat.administration.classCode(person.id)
      const registration = await chat.registration.requirement()
      return { body: { ...join(), registration, ...(classCode !== undefined && { classCode }) } }
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
  withLogIn({
    method: 'POST',
    path: '/invitations/:code/rooms',
    scope: 'write',
    id: 'redeemInvitation',
    summary:
      "Brings the caller into the rooms of a code, as if they registered with it; returns the rooms' numbers.",
    params: closed({ code: Type.String({ maxLength: 64 }) }),
    reply: closed({ rooms: Type.Array(Type.Integer()) }),
    async run({ chat, person, params, address }) {
      return { body: { rooms: await chat.registration.redeem(person.id, params.code, address) } }
    },
  }),
]
