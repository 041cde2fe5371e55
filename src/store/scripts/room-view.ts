// A room as one of its members may read it.

import type { LogEvent, RoomId, Seq, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { PageFilter } from '../../core/ports/pages.ts'
import { firstRead } from './conversations.ts'
import { kindOf, mustBeMember, reachOf, seqIn } from './open-room.ts'
import { row, type Script, sql } from './sql.ts'

export interface RoomView {
  readonly reader: UserId
  readonly room: RoomId
  /** 1 in a direct room, where messages of people whom the reader has blocked are hidden; otherwise 0. */
  readonly hiding: number
  /** They may read what comes after this seq (conversations.ts). */
  readonly since: Seq
  /** The last seq that may belong to the room (open-room.ts, reachOf). */
  readonly reach: number
  /** The room's last seq. */
  readonly last: Seq
  /** 1: without answers that stand in their thread alone; otherwise 0. */
  readonly apart: number
}

/** Refuses 'not-a-member'. */
export function* viewOf(
  reader: UserId,
  room: RoomId,
  { withoutThreadOnly }: PageFilter = {},
): Script<RoomView> {
  const member = yield* mustBeMember(room, reader)
  const found = yield* row(
    found => ({
      hiding: found.kind === 'direct' ? 1 : 0,
      since: firstRead({ kind: kindOf(found) }, member),
      reach: reachOf(Number(found.last_seq)),
      last: seqIn(found, 'last_seq'),
    }),
    sql`SELECT kind, last_seq FROM rooms WHERE id = ${room}`,
  )
  return { reader, room, apart: withoutThreadOnly ? 1 : 0, ...(found ?? refuse('not-a-member')) }
}

/** Whether an event is about a message before that seq, which somebody who came later knows nothing of. */
export function isAbout(event: LogEvent, since: Seq): boolean {
  return 'target' in event && event.target <= since
}
