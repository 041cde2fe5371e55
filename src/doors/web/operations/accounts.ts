// Operations on other people's accounts, for admins.

import type { SessionId } from '../../../core/model/model.ts'
import { Account } from '../../../wire/accounts.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { Profile, Role } from '../../../wire/schemas.ts'
import { type Operation, withLogIn } from './operation.ts'
import { StoredSession } from './sessions.ts'

const username = Type.String({ maxLength: 128 })
const PAGE = 100
const { current: _, ...session } = StoredSession.properties
const OthersSession = closed(session, 'OthersSession')

export const accountOperations: readonly Operation[] = [
  withLogIn({
    method: 'GET',
    path: '/people',
    scope: 'admin',
    id: 'listPeople',
    summary: 'Lists the accounts by username, 100 per page (admins).',
    query: closed({
      after: Type.Optional(username),
      text: Type.Optional(
        Type.String({
          maxLength: 256,
          description:
            'Words that must all be in the username, the full name or the e-mail address, without regard to accents.',
        }),
      ),
      role: Type.Optional(Role),
      state: Type.Optional(Account.properties.state),
    }),
    reply: closed({ people: Type.Array(Account), more: Type.Boolean() }),
    async run({ chat, person, query }) {
      const { after = '', ...wanted } = query
      const people = await chat.administration.list(person.id, { after, limit: PAGE, ...wanted })
      return { body: { people, more: people.length === PAGE } }
    },
  }),
  withLogIn({
    method: 'PUT',
    path: '/people/:username/role',
    scope: 'admin',
    id: 'setRole',
    summary: "Changes a person's role on the server (admins).",
    params: closed({ username }),
    body: closed({ role: Role }),
    reply: Profile,
    async run({ chat, person, params, body }) {
      return { body: await chat.administration.setRole(person.id, params.username, body.role) }
    },
  }),
  withLogIn({
    method: 'PUT',
    path: '/people/:username/disabled',
    scope: 'admin',
    id: 'disable',
    summary: 'Disables an account and closes its connections at once, or enables it again (admins).',
    params: closed({ username }),
    body: closed({ disabled: Type.Boolean() }),
    reply: Profile,
    async run({ chat, person, params, body }) {
      return { body: await chat.administration.disable(person.id, params.username, body.disabled) }
    },
  }),
  withLogIn({
    method: 'POST',
    path: '/people/:username/code',
    scope: 'admin',
    id: 'makeLoginCode',
    summary:
      'Makes a one-time code with which a person of lower rank chooses a new password, and returns it, once. The old password works until the code is used (admins).',
    params: closed({ username }),
    body: closed({ days: Type.Optional(Type.Integer({ minimum: 1, maximum: 60, default: 7 })) }),
    status: 201,
    reply: closed({ code: Type.String(), until: Type.Integer() }),
    async run({ chat, person, params, body }) {
      const { code, until } = await chat.loginCodes.make(person.id, params.username, body.days)
      return { status: 201, body: { code, until } }
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/people/:username/sessions',
    scope: 'admin',
    id: 'listSessionsOf',
    summary: 'Lists the sessions and tokens of a person of lower rank (admins).',
    params: closed({ username }),
    reply: closed({ sessions: Type.Array(OthersSession) }),
    async run({ chat, person, params }) {
      return { body: { sessions: await chat.administration.sessions(person.id, params.username) } }
    },
  }),
  withLogIn({
    method: 'DELETE',
    path: '/people/:username/sessions',
    scope: 'admin',
    id: 'endSessionsOf',
    summary: 'Ends all sessions of a person of lower rank, and revokes their tokens (admins).',
    params: closed({ username }),
    async run({ chat, person, params }) {
      await chat.administration.endSessions(person.id, params.username)
      return {}
    },
  }),
  withLogIn({
    method: 'DELETE',
    path: '/people/:username/sessions/:session',
    scope: 'admin',
    id: 'endSessionOf',
    summary: 'Ends a session of a person of lower rank, or revokes their token (admins).',
    params: closed({ username, session: Type.Integer() }),
    async run({ chat, person, params }) {
      await chat.administration.endSessions(person.id, params.username, params.session as SessionId)
      return {}
    },
  }),
]
