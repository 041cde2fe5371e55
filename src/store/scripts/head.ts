// The end of a room's log, as its row says it.

import type { Instant, RoomId } from '../../core/model/model.ts'
import { run, type Script, type Statement, sql } from './sql.ts'

/** Sets the end of the room's log. */
export function* moveHead(room: RoomId, last: number, at: Instant): Script<void> {
  yield* run(sql`UPDATE rooms SET last_seq = ${last}, last_at = ${at} WHERE id = ${room}`)
}

/** The beginning of the statement above, and of no other. */
const HEAD_MOVE = 'UPDATE rooms SET last_seq = '

/** What a statement of `moveHead` sets: the driver of chat.db remembers it. undefined for any other statement. */
export function movedHead({ template, values }: Statement): { room: RoomId; last: number } | undefined {
  if (template[0] !== HEAD_MOVE) return undefined
  return { room: Number(values[2]) as RoomId, last: Number(values[0]) }
}
