// Moves many read marks at once. Every client reports what was read again and again, and two round trips for each would
// use up the writer's time.

import type { RoomId, Seq, UserId } from '../../core/model/model.ts'
import { seqIn } from '../scripts/open-room.ts'
import { number, type Row, sql } from '../scripts/sql.ts'
import type { Connection } from './connection.ts'
import type { Outcome } from './round.ts'
import { moveMarks } from './rows.ts'

/** The arguments of Log.markRead. */
export interface Mark {
  readonly person: UserId
  readonly room: RoomId
  readonly seq: Seq
}

/** `markRead` (log.ts) for many, in call order, within a transaction that has locked the rooms. */
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
