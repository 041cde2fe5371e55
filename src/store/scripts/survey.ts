// Finds values that another program has written and that make no sense. Readers take them for the least that they could
// mean (sql.ts); this lists them for the operator.

import { MOST_OPTIONS } from '../../core/model/polls.ts'
import { LARGEST_FILE, SLOWEST } from '../../core/model/rules.ts'
import { SERVER_SETTINGS } from '../../core/model/server-settings.ts'
import type { Oddity, Surveyed } from '../../core/ports/upkeep.ts'
import { lists } from './masks.ts'
import { END, kinds, LAST_ROOM, roomRoles } from './open-room.ts'
import { roles } from './person.ts'
import { levels } from './rooms.ts'
import { doors, scopes } from './sessions.ts'
import { dialect, LAST_TIME, number, row, rows, type Script, type Statement, sql, text } from './sql.ts'

/** Bound on one survey. */
const MOST_ODDITIES = 100

/** The domain of a column, as an SQL condition that follows its name. */
const within = (least: number, most: number) => `BETWEEN ${least} AND ${most}`
const among = (words: readonly string[]) => `IN (${words.map(word => `'${word}'`).join()})`
const YES_OR_NO = within(0, 1)
const SEQ = within(0, END - 1)
const COUNT = within(0, Number.MAX_SAFE_INTEGER)
const SIZE = within(0, LARGEST_FILE)
const MOMENT = within(0, LAST_TIME)
/** An end, which may be beyond the last instant: for ever. */
const END_OF_IT = COUNT

const SETTINGS = Object.entries(SERVER_SETTINGS).flatMap(([name, values]) =>
  values.map(value => `${name} ${value}`),
)
/** Follows the name of its column. A name that this version does not know may be another's. */
const SETTING = `IS NOT NULL AND (name NOT ${among(Object.keys(SERVER_SETTINGS))} OR name || ' ' || value ${among(SETTINGS)})`

interface Domains {
  /** An SQL expression that names a row. */
  readonly key: string
  readonly columns: Readonly<Record<string, string>>
}

/** All tables but the log's, which is checked where it is read (core/log/watched-log.ts). */
const DOMAINS: Readonly<Record<string, Domains>> = {
  users: {
    key: 'id',
    columns: {
      ...{ role: among(roles), created_at: MOMENT, disabled: YES_OR_NO, guest: YES_OR_NO, seen_at: MOMENT },
      // Guests have none, nor have the rows that stand in for people who are gone.
      password: "<> '' OR guest = 1 OR folded = '~' || id",
    },
  },
  login_codes: { key: 'user_id', columns: { until: END_OF_IT } },
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
    columns: {
      role: among(roomRoles),
      level: among(levels),
      last_read_seq: SEQ,
      joined_seq: SEQ,
      hidden_seq: SEQ,
    },
  },
  sanctions: {
    key: "room_id || '/' || user_id",
    columns: { banned_until: END_OF_IT, muted_until: END_OF_IT, spoke_at: MOMENT, banned_at: MOMENT },
  },
  sessions: { key: 'id', columns: { scope: among(scopes), door: among(doors), created_at: MOMENT } },
  masks: { key: "room_id || '/' || mask", columns: { list: among(lists), created_at: MOMENT } },
  previews: {
    key: "message_id || '/' || url",
    columns: { position: COUNT, read_at: MOMENT, taken_off: YES_OR_NO },
  },
  polls: {
    key: 'message_id',
    columns: {
      ...{ multiple: YES_OR_NO, named: YES_OR_NO, untold: YES_OR_NO },
      ...{ ends_at: MOMENT, closed_at: MOMENT, told_at: MOMENT },
    },
  },
  versions: { key: "message_id || '/' || number", columns: { number: COUNT, written_at: MOMENT } },
  saved: { key: 'id', columns: { saved_at: MOMENT } },
  sections: { key: 'id', columns: { position: COUNT, folded: YES_OR_NO } },
  placements: { key: "user_id || '/' || room_id", columns: { favourite: YES_OR_NO, section_id: COUNT } },
  votes: { key: "message_id || '/' || user_id", columns: { option: within(1, MOST_OPTIONS) } },
  scheduled: {
    key: 'id',
    columns: { action: YES_OR_NO, reply_seq: SEQ, at: MOMENT, due_at: MOMENT },
  },
  reminders: { key: 'id', columns: { due_at: MOMENT, rung: YES_OR_NO } },
  files: { key: 'key', columns: { size: SIZE, animated: YES_OR_NO } },
  attachments: { key: 'id', columns: { size: SIZE, position: COUNT, created_at: MOMENT } },
  avatars: { key: "of_room || '/' || of_user", columns: { set_by: COUNT } },
  acts: { key: 'id', columns: { created_at: MOMENT } },
  followed_threads: {
    key: "user_id || '/' || root_id",
    columns: { following: YES_OR_NO, read_seq: SEQ },
  },
  teams: { key: 'id', columns: { created_at: MOMENT } },
  passes: { key: "room_id || '/' || user_id", columns: { created_at: MOMENT } },
  reports: { key: 'id', columns: { created_at: MOMENT, told: YES_OR_NO } },
  server_settings: { key: 'name', columns: { value: SETTING } },
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

/** Changes when another program has written to the file; undefined on PostgreSQL, which does not tell. */
function* versionOfOthers(): Script<number | undefined> {
  if ((yield* dialect()) === 'postgres') return undefined
  return yield* row(found => number(found, 'data_version'), sql`PRAGMA data_version`)
}
