// Operations on lists of people who get accounts at once, for admins.

import { MOST_ROSTER_ROWS } from '../../../core/people/roster-plan.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { type Operation, withLogIn } from './operation.ts'

/** Bytes: two thousand rows with long names and addresses. */
const LONGEST_ROSTER = 768 << 10
const text = Type.Optional(Type.String({ maxLength: 512 }))
const Rows = Type.Array(
  closed(
    {
      name: Type.Optional(
        Type.String({ maxLength: 512, description: 'The full name; else first and last.' }),
      ),
      first: text,
      last: text,
      username: Type.Optional(
        Type.String({ maxLength: 128, description: 'Exactly this one; without it one is made of the name.' }),
      ),
      email: text,
    },
    'RosterRow',
  ),
  { maxItems: MOST_ROSTER_ROWS },
)
const decided = {
  name: Type.String(),
  username: Type.String(),
  email: Type.String(),
  why: Type.Optional(Type.String({ description: 'The code of what is wrong, as in problem documents.' })),
  like: Type.Optional(
    Type.Integer({ description: 'The row that it repeats or looks like; 0 is the first one.' }),
  ),
  isEmailBad: Type.Optional(
    Type.Boolean({ description: 'Its e-mail address makes no sense, and is left out.' }),
  ),
}

export const rosterOperations: readonly Operation[] = [
  withLogIn({
    method: 'POST',
    path: '/rosters/check',
    scope: 'admin',
    id: 'checkRoster',
    summary:
      'Tells what would become of each row of a list of people, and which usernames they would get (admins).',
    longestBody: LONGEST_ROSTER,
    body: closed({ rows: Rows }),
    reply: closed({
      rows: Type.Array(
        closed({ is: Type.Enum(['new', 'there', 'repeated', 'refused']), ...decided }, 'PlannedRow'),
      ),
    }),
    async run({ chat, person, body }) {
      return { body: { rows: await chat.rosters.check(person.id, body.rows) } }
    },
  }),
  withLogIn({
    method: 'POST',
    path: '/rosters',
    scope: 'admin',
    id: 'enroll',
    summary:
      'Makes an account for everybody on a list who has none, and returns a one-time code for each, once; puts all of them into rooms (admins). Repeat it with the same key when no answer came: nothing is doubled, and the codes are the same.',
    longestBody: LONGEST_ROSTER,
    body: closed({
      rows: Rows,
      rooms: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 100 })),
      days: Type.Optional(Type.Integer({ minimum: 1, maximum: 60, default: 7 })),
      key: Type.String({ minLength: 16, maxLength: 64, description: 'Random, another one for each list.' }),
    }),
    status: 201,
    reply: closed({
      rows: Type.Array(
        closed(
          {
            is: Type.Enum(['made', 'there', 'repeated', 'refused']),
            ...decided,
            code: Type.Optional(Type.String({ description: 'To be typed in place of the password, once.' })),
            until: Type.Optional(Type.Integer({ description: 'When the code ends.' })),
          },
          'EnrolledRow',
        ),
      ),
    }),
    async run({ chat, person, body }) {
      const { rooms = [], ...roster } = body
      return { status: 201, body: { rows: await chat.rosters.enroll(person.id, { ...roster, rooms }) } }
    },
  }),
]
