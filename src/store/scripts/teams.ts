// Teams. They share the namespace of usernames: nobody is called like a team, nor looks like one.

import type { Instant, Profile, UserId } from '../../core/model/model.ts'
import { GENERAL } from '../../core/model/model.ts'
import { mayAdminister } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import { MOST_TEAM_MEMBERS, MOST_TEAMS } from '../../core/model/rules.ts'
import type { Authority } from '../../core/ports/people.ts'
import type { NewTeam, Team, TeamChange } from '../../core/ports/teams.ts'
import { lockRooms } from './open-room.ts'
import { mustBeFree } from './people.ts'
import { authority, profile } from './person.ts'
import { readSettings } from './server-settings.ts'
import { lock, number, row, rows, run, type Script, sql, text, username } from './sql.ts'

export function* list(reader: UserId): Script<Team[]> {
  return yield* rows(
    found => ({
      name: username(found, 'name'),
      people: number(found, 'people'),
      mine: number(found, 'mine') > 0,
    }),
    sql`SELECT teams.name,
               (SELECT count(*) FROM team_members JOIN users ON users.id = user_id
                WHERE team_id = teams.id AND disabled = 0) AS people,
               (SELECT count(*) FROM team_members WHERE team_id = teams.id AND user_id = ${reader}) AS mine
        FROM teams ORDER BY folded LIMIT ${MOST_TEAMS}`,
  )
}

export function* members(folded: string, after: string, limit: number): Script<Profile[]> {
  const team = yield* teamNamed(folded)
  return yield* rows(
    profile,
    sql`SELECT users.* FROM team_members JOIN users ON users.id = user_id
        WHERE team_id = ${team} AND disabled = 0 AND folded > ${after} ORDER BY folded LIMIT ${limit}`,
  )
}

export function* create(by: Authority, team: NewTeam, at: Instant): Script<void> {
  yield* mayManage(by)
  yield* lockRooms([GENERAL]) // as registering does: of two equal names at once, one is taken
  yield* mustBeFree(team, undefined)
  const count = yield* row(found => number(found, 'count'), sql`SELECT count(*) AS count FROM teams`)
  if ((count ?? 0) >= MOST_TEAMS) refuse('too-many-teams')
  yield* run(
    sql`INSERT INTO teams (id, name, folded, skeleton, shown, created_at)
        SELECT COALESCE(max(id), 0) + 1, ${team.name}, ${team.folded}, ${team.skeleton}, ${team.shown}, ${at} FROM teams`,
  )
}

export function* change(by: Authority, folded: string, { add, remove }: TeamChange): Script<boolean> {
  yield* mayManage(by)
  const team = yield* teamNamed(folded)
  yield* lock(sql`SELECT id FROM teams WHERE id = ${team} FOR NO KEY UPDATE`)
  const gone = yield* rows(
    found => number(found, 'user_id'),
    sql`DELETE FROM team_members
        WHERE team_id = ${team} AND user_id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify(remove)}))
        RETURNING user_id`,
  )
  const come = yield* rows(
    found => number(found, 'user_id'),
    sql`INSERT INTO team_members (team_id, user_id)
        SELECT ${team}, id FROM users
        WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify(add)})) AND disabled = 0 AND guest = 0
        ON CONFLICT (team_id, user_id) DO NOTHING RETURNING user_id`,
  )
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM team_members WHERE team_id = ${team}`,
  )
  if (come.length > 0 && (count ?? 0) > MOST_TEAM_MEMBERS) refuse('team-full')
  return gone.length + come.length > 0
}

export function* remove(by: Authority, folded: string): Script<void> {
  yield* mayManage(by)
  const team = yield* teamNamed(folded)
  yield* run(sql`DELETE FROM team_members WHERE team_id = ${team}`)
  // A later team may get the same id.
  yield* run(sql`DELETE FROM mentions WHERE user_id = ${-team}`)
  yield* run(sql`DELETE FROM teams WHERE id = ${team}`)
}

export function* memberships(): Script<{ team: string; person: UserId }[]> {
  return yield* rows(
    found => ({ team: text(found, 'folded'), person: number(found, 'user_id') as UserId }),
    sql`SELECT folded, user_id FROM team_members JOIN teams ON teams.id = team_id`,
  )
}

/** Admins, and with the setting whoever moderates a room that is no conversation. Refuses 'forbidden'. */
function* mayManage(by: Authority): Script<void> {
  const role = yield* authority(by)
  const { teams } = yield* readSettings()
  if (by === undefined || teams === 'admins' || role === 'guest') return mayAdminister(role)
  const moderated = yield* row(
    found => number(found, 'room_id'),
    sql`SELECT room_id FROM memberships JOIN rooms ON rooms.id = room_id
        WHERE user_id = ${by} AND memberships.role IN ('owner', 'moderator') AND kind <> 'direct' LIMIT 1`,
  )
  if (moderated === undefined) mayAdminister(role)
}

function* teamNamed(folded: string): Script<number> {
  const team = yield* row(found => number(found, 'id'), sql`SELECT id FROM teams WHERE folded = ${folded}`)
  return team ?? refuse('no-such-team')
}
