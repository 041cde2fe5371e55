// The message that a change is about.

import type { Format, RoomId, Seq, Styled, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import { formatOf, stylesOf } from './format.ts'
import { messageId } from './open-room.ts'
import { number, row, type Script, sql, text } from './sql.ts'

interface Original {
  readonly id: number
  readonly author: UserId
  readonly text: string
  readonly format: Format
  readonly styles: readonly Styled[]
  readonly hasFiles: boolean
}

/** The message as it is now. Refuses 'no-such-message', also for a deleted one. */
export function* original(room: RoomId, seq: Seq): Script<Original> {
  const found = yield* row(
    found => ({
      id: number(found, 'id'),
      author: number(found, 'user_id') as UserId,
      text: text(found, 'message'),
      format: formatOf(found),
      styles: found.styles === null ? [] : stylesOf(found),
      hasFiles: number(found, 'attached') > 0,
    }),
    sql`SELECT id, user_id, message, format, styles, attached FROM messages
        WHERE id = ${messageId(room, seq)} AND deleted_at IS NULL`,
  )
  return found ?? refuse('no-such-message')
}
