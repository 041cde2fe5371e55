// The settings of the server that its admins change while it runs.

import { closed, type Static, Type } from './json-schema.ts'

export const ServerSettings = closed(
  {
    privateMessages: Type.Enum(['everyone', 'staff', 'off'], {
      description:
        'Who may write in direct rooms: everyone, only those with an owner or admin of the server among them, or nobody. What was written stays readable.',
    }),
    teams: Type.Enum(['admins', 'moderators'], {
      description: 'Who makes and fills teams: admins of the server, or whoever moderates a room as well.',
    }),
    editHistory: Type.Enum(['off', 'on'], {
      description:
        'Whether the former texts of edited messages are kept. Switching it off deletes those that were kept.',
    }),
  },
  'ServerSettings',
)
export type ServerSettings = Static<typeof ServerSettings>
