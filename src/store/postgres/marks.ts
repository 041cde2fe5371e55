// Readers' marks, many at once: what one has read is said by every client again and again, and two journeys for each
// would fill the writer's time.

import type { RoomId, Seq, UserId } from '../../core/model/model.ts'
import { seqIn } from '../scripts/open-room.ts'
import { number, type Row, sql } from '../scripts/sql.ts'
import type { Connection } from './connection.ts'
import type { Outcome } from './round.ts'
import { moveMarks } from './rows.ts'

/** The arguments of a call of Log.markRead. */
export interface Mark {
  readonly person: UserId
  readonly room: RoomId
  readonly seq: Seq
}

/** As log.ts has it for one, in call order. Within a transaction that holds the rooms. */
export async function markMany(connection: Connection, wanted: readonly Mark[]): Promise<Outcome[]> {
  const places = new Map((await currentMarks(connection, wanted)).map(row => [keyOf(row), row]))
  const outcomes: Outcome[] = []
  const moved = new Map<string, Mark & { mark: number }>()
  for (const each of wanted) {
    const place = `${each.room} ${each.person}`
    const row = places.get(place)
    if (!row) {
      outcomes.push({ refused: 'not-a-member' })
      continue
    }
    const before = moved.get(place)?.mark ?? seqIn(row, 'mark')
    const mark = Math.max(before, Math.min(each.seq, seqIn(row, 'head')))
    if (mark > before) moved.set(place, { ...each, mark })
    outcomes.push({ value: mark })
  }
  if (moved.size > 0) await connection.ask(moveMarks([...moved.values()]))
  return outcomes
}

async function currentMarks(connection: Connection, wanted: readonly Mark[]): Promise<readonly Row[]> {
  return await connection.ask(
    sql`SELECT wanted.room, wanted.person, last_seq AS head, last_read_seq AS mark
        FROM json_to_recordset(CAST(${JSON.stringify(wanted)} AS JSON)) AS wanted (room BIGINT, person BIGINT)
        JOIN rooms ON rooms.id = wanted.room
        JOIN memberships ON memberships.room_id = wanted.room AND memberships.user_id = wanted.person
        JOIN users ON users.id = wanted.person AND disabled = 0`,
  )
}

function keyOf(row: Row): string {
  return `${number(row, 'room')} ${number(row, 'person')}`
}
