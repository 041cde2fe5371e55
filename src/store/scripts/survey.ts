// Which rows another program has left nonsense in. Nobody who reads them is told: there they are the least that they
// could mean (sql.ts). This says which they are, for whoever runs the server.

import { SLOWEST } from '../../core/model/rules.ts'
import type { Oddity, Surveyed } from '../../core/ports/upkeep.ts'
import { lists } from './masks.ts'
import { END, kinds, LAST_ROOM, roomRoles } from './open-room.ts'
import { roles } from './person.ts'
import { levels } from './rooms.ts'
import { doors, scopes } from './sessions.ts'
import { dialect, LAST_TIME, number, row, rows, type Script, type Statement, sql, text } from './sql.ts'

/** Of one look. */
const MOST_ODDITIES = 100

/** What a column may hold, as a condition behind its name. */
const within = (least: number, most: number) => `BETWEEN ${least} AND ${most}`
const among = (words: readonly string[]) => `IN (${words.map(word => `'${word}'`).join()})`
const YES_OR_NO = within(0, 1)
const SEQ = within(0, END - 1)
const COUNT = within(0, Number.MAX_SAFE_INTEGER)
const MOMENT = within(0, LAST_TIME)
/** Until when, which may be for ever. */
const END_OF_IT = COUNT

interface Domains {
  /** What names a row, in SQL. */
  readonly key: string
  readonly columns: Readonly<Record<string, string>>
}

/** Of all tables but those of the log, which is looked at where it is read (core/log/watched-log.ts). */
const DOMAINS: Readonly<Record<string, Domains>> = {
  users: { key: 'id', columns: { role: among(roles), created_at: MOMENT, disabled: YES_OR_NO } },
  rooms: {
    key: 'id',
    columns: {
      ...{
        id: within(1, LAST_ROOM),
        kind: among(kinds),
        archived: YES_OR_NO,
        last_seq: SEQ,
        searchable_seq: SEQ,
        last_at: MOMENT,
      },
      ...{ silenced_until: END_OF_IT, slow_seconds: within(0, SLOWEST), most_people: COUNT },
      ...{ flags: COUNT, mask_lists: COUNT },
    },
  },
  memberships: {
    key: "room_id || '/' || user_id",
    columns: { role: among(roomRoles), level: among(levels), last_read_seq: SEQ, joined_seq: SEQ },
  },
  sanctions: {
    key: "room_id || '/' || user_id",
    columns: { banned_until: END_OF_IT, muted_until: END_OF_IT, spoke_at: MOMENT, banned_at: MOMENT },
  },
  sessions: { key: 'id', columns: { scope: among(scopes), door: among(doors), created_at: MOMENT } },
  masks: { key: "room_id || '/' || mask", columns: { list: among(lists), created_at: MOMENT } },
  passes: { key: "room_id || '/' || user_id", columns: { created_at: MOMENT } },
  invitations: { key: 'code', columns: { uses_left: COUNT, until: END_OF_IT, created_at: MOMENT } },
}

const ODDITIES = statementOf(
  Object.entries(DOMAINS)
    .flatMap(([table, { key, columns }]) =>
      Object.entries(columns).map(
        ([column, domain]) =>
          `SELECT '${table}' AS of_table, '${column}' AS of_column, CAST(${key} AS TEXT) AS of_row
           FROM ${table} WHERE (${column} ${domain}) IS NOT TRUE`,
      ),
    )
    .join(' UNION ALL '),
)

function statementOf(question: string): Statement {
  const parts = [`${question} LIMIT ${MOST_ODDITIES}`]
  return { template: Object.assign(parts, { raw: parts }), values: [] }
}

export function* survey(seen: number | undefined): Script<Surveyed | undefined> {
  const version = yield* versionOfOthers()
  if (version !== undefined && version === seen) return undefined
  return { version, odd: yield* rows(oddity, ODDITIES) }
}

function oddity(found: Parameters<typeof text>[0]): Oddity {
  return { table: text(found, 'of_table'), column: text(found, 'of_column'), row: text(found, 'of_row') }
}

/** Another one when another program has written to the file; PostgreSQL does not tell. */
function* versionOfOthers(): Script<number | undefined> {
  if ((yield* dialect()) === 'postgres') return undefined
  return yield* row(found => number(found, 'data_version'), sql`PRAGMA data_version`)
}
