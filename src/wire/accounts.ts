// Accounts as admins see them.

import { closed, type Static, Type } from './json-schema.ts'
import { Instant, Profile } from './schemas.ts'

export const Account = closed(
  {
    person: Profile,
    state: Type.Enum(['active', 'waiting', 'disabled'], {
      description: 'waiting: its person has not chosen a password yet.',
    }),
    disabled: Type.Boolean(),
    since: Instant,
    seen: Type.Optional(
      Type.Integer({ description: 'When they were last connected, to the hour; absent for never.' }),
    ),
    codeUntil: Type.Optional(
      Type.Integer({ description: 'When their one-time code ends, if they have one.' }),
    ),
    email: Type.String({ description: 'Empty for most.' }),
  },
  'Account',
)

export type Account = Static<typeof Account>
