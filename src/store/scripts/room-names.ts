// Names of rooms are distinct, also to the eye.

import type { RoomId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { Skeletons } from '../../core/ports/people.ts'
import type { NewRoom } from '../../core/ports/rooms.ts'
import { number, row, type Script, sql } from './sql.ts'

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
