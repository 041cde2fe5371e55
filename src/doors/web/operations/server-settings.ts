// Operations on the settings of the server.

import { closed, Type } from '../../../wire/json-schema.ts'
import { ServerSettings } from '../../../wire/server-settings.ts'
import { type Operation, withLogIn } from './operation.ts'

const { privateMessages, editHistory, teams } = ServerSettings.properties

export const serverSettingsOperations: readonly Operation[] = [
  withLogIn({
    method: 'GET',
    path: '/server/settings',
    scope: 'read',
    anyRoom: true,
    id: 'getServerSettings',
    summary: 'Returns what the admins of the server have decided.',
    reply: ServerSettings,
    async run({ chat }) {
      return { body: await chat.settings.read() }
    },
  }),
  withLogIn({
    method: 'PATCH',
    path: '/server/settings',
    scope: 'admin',
    id: 'changeServerSettings',
    summary: 'Changes settings of the server, and returns all of them (admins).',
    body: closed({
      privateMessages: Type.Optional(privateMessages),
      editHistory: Type.Optional(editHistory),
      teams: Type.Optional(teams),
    }),
    reply: ServerSettings,
    async run({ chat, person, body }) {
      await chat.settings.change(person.id, body)
      return { body: await chat.settings.read() }
    },
  }),
]
