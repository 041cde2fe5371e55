// The moderation log. docs/protocol.md shows it in use.

import { closed, type Static, Type } from './json-schema.ts'
import { LogEvent, RoomId } from './schemas.ts'

const ActPerson = closed(
  {
    id: Type.Integer(),
    username: Type.String(),
    gone: Type.Optional(
      Type.Literal(true, { description: 'The account is gone: somebody else may have the name now.' }),
    ),
  },
  'ActPerson',
)

const AccountAct = closed(
  {
    kind: Type.Enum([
      'role',
      'disabled',
      'enabled',
      'password',
      'sessions-ended',
      'login-code',
      'code-made',
      'code-withdrawn',
      'setting',
    ]),
    value: Type.String({
      description:
        'role: the new role. sessions-ended: how many. login-code: when it ends. code-made: how many it admits. setting: its name.',
    }),
    detail: Type.String({
      description: 'role: the role before. code-made: when it ends. setting: its new value.',
    }),
  },
  'AccountAct',
)

export const Act = closed(
  {
    id: Type.Integer({ description: 'Grows with time.' }),
    at: Type.Integer({ description: 'Milliseconds since 1970, UTC.' }),
    by: Type.Optional(ActPerson),
    person: Type.Optional(ActPerson),
    room: Type.Optional(closed({ id: RoomId, name: Type.String() })),
    event: Type.Optional(LogEvent),
    act: Type.Optional(AccountAct),
  },
  'Act',
)
export type Act = Static<typeof Act>

export const FoundActs = closed(
  {
    acts: Type.Array(Act, {
      description:
        'Newest first. Each has either the event of a room, or an act on an account or the server. `by` is absent for the server operator.',
    }),
    next: Type.Optional(
      Type.Integer({ description: 'For the next page: `before`. Absent on the last one.' }),
    ),
  },
  'FoundActs',
)
export type FoundActs = Static<typeof FoundActs>
