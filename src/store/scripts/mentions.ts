// Stores whom a message mentions, for the counts of unread mentions.

import type { Format } from '../../core/model/model.ts'
import { MODERATOR, rankOf } from '../../core/model/permissions.ts'
import { EVERYONE, mentionsIn } from '../../core/text/mentions.ts'
import type { OpenRoom, StoredParticipant } from './open-room.ts'
import { run, type Script, sql } from './sql.ts'

/** Members can be mentioned; everyone at once by moderators, and in direct rooms. @returns whether everyone was */
export function* noteMentions(
  room: OpenRoom,
  author: StoredParticipant,
  { id, text, format }: { readonly id: number; readonly text: string; readonly format: Format },
): Script<boolean> {
  let everyone = false
  for (const name of mentionsIn(text, format)) {
    if (name !== EVERYONE) {
      yield* run(
        sql`INSERT INTO mentions (user_id, message_id)
            SELECT users.id, ${id} FROM users JOIN memberships ON memberships.user_id = users.id
            WHERE folded = ${name} AND room_id = ${room.room}`,
      )
    } else if (rankOf(author, room) >= MODERATOR || room.kind === 'direct') {
      yield* run(sql`INSERT INTO mentions (user_id, message_id) VALUES (0, ${id})`)
      everyone = true
    }
  }
  return everyone
}
