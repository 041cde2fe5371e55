// Former texts of edited messages, where the server is set to keep them.

import type { Format, RoomId, Seq, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { Version } from '../../core/ports/pages.ts'
import { formatOf } from './format.ts'
import { idOf } from './open-room.ts'
import { messagesAmong } from './pages.ts'
import { readSettings } from './server-settings.ts'
import { instant, row, rows, run, type Script, sql, text } from './sql.ts'

/** Former texts of one message that are kept: beyond it the oldest but the first go. */
const MOST_VERSIONS = 50

/** Keeps the text of a message before an edit replaces it. */
export function* keepVersion(
  message: number,
  { text: written, format }: { readonly text: string; readonly format: Format },
): Script<void> {
  const { editHistory } = yield* readSettings()
  if (editHistory === 'off') return
  yield* run(
    sql`INSERT INTO versions (message_id, number, text, format, written_at)
        SELECT id, COALESCE((SELECT max(number) FROM versions WHERE message_id = messages.id), 0) + 1, ${written}, ${format},
               COALESCE(edited_at, created_at)
        FROM messages WHERE id = ${message}`,
  )
  yield* run(
    sql`DELETE FROM versions WHERE message_id = ${message} AND number > 1
          AND number <= (SELECT max(number) FROM versions WHERE message_id = ${message}) - ${MOST_VERSIONS} + 1`,
  )
}

export function* forgetVersions(message: number): Script<void> {
  yield* run(sql`DELETE FROM versions WHERE message_id = ${message}`)
}

export function* versions(reader: UserId, room: RoomId, seq: Seq): Script<Version[]> {
  const [message] = yield* messagesAmong(reader, room, [seq])
  if (!message) refuse('no-such-message')
  const before = yield* rows(
    found => ({ text: text(found, 'text'), format: formatOf(found), at: instant(found, 'written_at') }),
    sql`SELECT text, format, written_at FROM versions WHERE message_id = ${idOf(room, seq)} ORDER BY number`,
  )
  const at = yield* row(
    found => instant(found, 'at'),
    sql`SELECT COALESCE(edited_at, created_at) AS at FROM messages WHERE id = ${idOf(room, seq)}`,
  )
  return [...before, { text: message.text, format: message.format, at: at ?? message.at }]
}
