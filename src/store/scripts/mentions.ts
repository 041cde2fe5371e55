// Stores whom a message mentions, for the counts of unread mentions.

import type { Format } from '../../core/model/model.ts'
import { MODERATOR, rankOf } from '../../core/model/permissions.ts'
import { MOST_CALLED } from '../../core/model/rules.ts'
import { EVERYONE, mentionsIn } from '../../core/text/mentions.ts'
import type { OpenRoom, StoredParticipant } from './open-room.ts'
import { number, type Row, rows, run, type Script, type Statement, sql, text } from './sql.ts'

export interface Mentioned {
  /** Everyone in the room is. */
  readonly everyone: boolean
  /** The folded names of teams. */
  readonly teams: readonly string[]
}

/** A team that a text names. */
export interface NamedTeam {
  readonly id: number
  readonly folded: string
  /** How many are in it. */
  readonly people: number
}

const NOBODY: Mentioned = { everyone: false, teams: [] }

/** Everyone at once can be mentioned by moderators, and in direct rooms. So can a team of many people. */
export function mayCallAll(author: StoredParticipant, room: OpenRoom): boolean {
  return rankOf(author, room) >= MODERATOR || room.kind === 'direct'
}

/** @param mayAll as mayCallAll says of the author */
export function mayCallTeam({ people }: NamedTeam, mayAll: boolean): boolean {
  return mayAll || people <= MOST_CALLED
}

/** Members can be mentioned, each or by the names of their teams; everyone at once by some. */
export function* noteMentions(
  room: OpenRoom,
  author: StoredParticipant,
  message: { readonly id: number; readonly text: string; readonly format: Format },
): Script<Mentioned> {
  const { id } = message
  const names = mentionsIn(message.text, message.format)
  if (names.length === 0) return NOBODY
  const mayAll = mayCallAll(author, room)
  for (const name of names) {
    if (name !== EVERYONE)
      yield* run(
        sql`INSERT INTO mentions (user_id, message_id)
            SELECT users.id, ${id} FROM users JOIN memberships ON memberships.user_id = users.id
            WHERE folded = ${name} AND room_id = ${room.room}`,
      )
    else if (mayAll) yield* run(sql`INSERT INTO mentions (user_id, message_id) VALUES (0, ${id})`)
  }
  const teams = (yield* rows(namedTeam, teamsNamed(names))).filter(team => mayCallTeam(team, mayAll))
  for (const team of teams)
    for (const each of teamMentions([{ id, team: team.id, room: room.room }])) yield* run(each)
  return { everyone: mayAll && names.includes(EVERYONE), teams: teams.map(({ folded }) => folded) }
}

export function namedTeam(found: Row): NamedTeam {
  return { id: number(found, 'id'), folded: text(found, 'folded'), people: number(found, 'people') }
}

/** Those of the folded names that are teams'. */
export function teamsNamed(names: readonly string[]): Statement {
  // PostgreSQL refuses JSON with NUL or lone surrogates, and no name has them.
  const asked = names.filter(name => name.isWellFormed() && !name.includes('\0'))
  return sql`SELECT teams.id, folded, (SELECT count(*) FROM team_members JOIN users ON users.id = user_id
                                  WHERE team_id = teams.id AND disabled = 0) AS people
        FROM json_each(${JSON.stringify(asked)}) AS wanted CROSS JOIN teams WHERE folded = wanted.value
        ORDER BY folded`
}

/** The mentions of teams: of each of their members who is in the room, and of the teams themselves. */
export function teamMentions(
  mentions: readonly { readonly id: number; readonly team: number; readonly room: number }[],
): Statement[] {
  return mentions.flatMap(({ id, team, room }) => [
    sql`INSERT INTO mentions (user_id, message_id)
        SELECT team_members.user_id, ${id} FROM team_members
        JOIN memberships ON memberships.user_id = team_members.user_id AND memberships.room_id = ${room}
        WHERE team_id = ${team} ON CONFLICT (user_id, message_id) DO NOTHING`,
    sql`INSERT INTO mentions (user_id, message_id) VALUES (${-team}, ${id})
        ON CONFLICT (user_id, message_id) DO NOTHING`,
  ])
}
