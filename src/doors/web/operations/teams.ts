// Operations on teams: named groups of people.

import { closed, Type } from '../../../wire/json-schema.ts'
import { Profile } from '../../../wire/schemas.ts'
import { inRoom, type Operation, withLogIn } from './operation.ts'
import { room } from './rooms.ts'

/** People of one page, and of one change. */
const MOST_NAMED = 200
const Name = Type.String({ maxLength: 256, description: 'A username.' })
const Names = Type.Optional(Type.Array(Name, { maxItems: MOST_NAMED }))
const team = Type.String({ maxLength: 256, description: 'The name of a team.' })
const Team = closed(
  {
    name: Type.String({ description: '@name mentions those of its people who are in the room.' }),
    people: Type.Integer({ description: 'How many are in it.' }),
    mine: Type.Boolean({ description: 'The caller is one of them.' }),
  },
  'Team',
)

export const teamOperations: readonly Operation[] = [
  withLogIn({
    method: 'GET',
    path: '/teams',
    scope: 'read',
    anyRoom: true,
    id: 'listTeams',
    summary: 'Lists the teams: named groups of people, who can be mentioned together.',
    reply: closed({ teams: Type.Array(Team) }),
    async run({ chat, person }) {
      return { body: { teams: await chat.teams.list(person) } }
    },
  }),
  withLogIn({
    method: 'POST',
    path: '/teams',
    scope: 'admin',
    id: 'createTeam',
    summary: 'Creates a team, of these people (admins). Its name is none of a person’s, and looks like none.',
    body: closed({ name: team, people: Names }),
    async run({ chat, person, body }) {
      await chat.teams.create(person, body.name)
      if (body.people?.length) await chat.teams.change(person, body.name, { add: body.people })
      return {}
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/teams/:team/members',
    scope: 'read',
    id: 'listTeamMembers',
    summary: 'Lists the people of a team, by username.',
    params: closed({ team }),
    query: closed({
      after: Type.Optional(Name),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 200 })),
    }),
    reply: closed({ people: Type.Array(Profile), more: Type.Boolean() }),
    async run({ chat, params, query }) {
      const { after, limit = 200 } = query
      const people = await chat.teams.members(params.team, after, limit)
      return { body: { people, more: people.length === limit } }
    },
  }),
  withLogIn({
    method: 'PATCH',
    path: '/teams/:team/members',
    scope: 'admin',
    id: 'changeTeam',
    summary: 'Adds people to a team, and removes some (admins). Guests without an account are left out.',
    params: closed({ team }),
    body: closed({ add: Names, remove: Names }),
    reply: closed({ changed: Type.Boolean() }),
    async run({ chat, person, params, body }) {
      const { add = [], remove = [] } = body
      return { body: { changed: await chat.teams.change(person, params.team, { add, remove }) } }
    },
  }),
  withLogIn({
    method: 'DELETE',
    path: '/teams/:team',
    scope: 'admin',
    id: 'removeTeam',
    summary: 'Deletes a team (admins). What mentioned it stays text.',
    params: closed({ team }),
    async run({ chat, person, params }) {
      await chat.teams.remove(person, params.team)
      return {}
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/teams/:team',
    scope: 'write',
    id: 'bringTeam',
    summary:
      'Brings the people of a team into a room. Those who are there, or whom the room does not let in, are left out.',
    params: closed({ room, team }),
    reply: closed({ come: Type.Integer({ description: 'How many came.' }) }),
    async run({ chat, person, room, params }) {
      return { body: { come: await chat.teams.bring(person, room, params.team) } }
    },
  }),
]
