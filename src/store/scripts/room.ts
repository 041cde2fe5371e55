// Decodes columns of `rooms`, and checks that names are distinct.

import type { Room, RoomId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { Skeletons } from '../../core/ports/people.ts'
import type { NewRoom } from '../../core/ports/rooms.ts'
import { kindOf } from './open-room.ts'
import { line, number, type Row, roomName, row, type Script, sql, text } from './sql.ts'

/** Decodes a room from its columns and `title`, its name as the viewer knows it. */
export function room(found: Row): Room {
  const kind = kindOf(found)
  return {
    id: number(found, 'id') as RoomId,
    kind,
    name: kind === 'direct' ? line(found, 'title') : roomName(found, 'title'),
    topic: text(found, 'topic'),
    archived: number(found, 'archived') === 1,
  }
}

type DistinctName = Pick<NewRoom, 'folded' | keyof Skeletons>

/** No two rooms have confusable names. Refuses 'room-taken'. */
export function* mustBeDistinct(
  { folded, skeleton, written, shown }: DistinctName,
  but: RoomId | undefined,
): Script<void> {
  const taken = yield* row(
    found => number(found, 'id'),
    sql`SELECT id FROM rooms
        WHERE (folded = ${folded} OR skeleton IN (${skeleton}, ${written}) OR shown = ${shown}) AND id <> ${but ?? 0}`,
  )
  if (taken !== undefined) refuse('room-taken')
}
