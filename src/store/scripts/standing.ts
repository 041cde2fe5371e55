// What keeps a person from writing in a room, and whom a room keeps out.

import type { Instant, RoomId, UserId } from '../../core/model/model.ts'
import { isModerator } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import { type Standing, standingOf } from '../../core/model/standing.ts'
import type { Ban } from '../../core/ports/rooms.ts'
import { withSilencing } from './masks.ts'
import { type OpenRoom, participantsIn, readRoom } from './open-room.ts'
import { profile } from './person.ts'
import { instant, number, row, rows, type Script, sql, text, username } from './sql.ts'

export function* standing(reader: UserId, id: RoomId, at: Instant): Script<Standing> {
  const { room, who } = yield* memberIn(reader, id, at)
  const [judged = who] = yield* withSilencing(room, [who])
  return standingOf(judged, room, { at: room.at, hasBlocked: yield* hasBlockedAll(reader, room) })
}

/** Refuses 'not-a-member'. */
function* memberIn(reader: UserId, id: RoomId, at: Instant) {
  const room = yield* readRoom(id, at)
  const [who] = yield* participantsIn(id, [reader])
  return room && who ? { room, who } : refuse('not-a-member')
}

function* hasBlockedAll(reader: UserId, { kind, room }: OpenRoom): Script<boolean> {
  if (kind !== 'direct') return false
  const found = yield* row(
    found => ({ others: number(found, 'others'), blocked: number(found, 'blocked') }),
    sql`SELECT count(*) AS others, count(blocked_id) AS blocked FROM memberships
        LEFT JOIN blocks ON blocks.user_id = ${reader} AND blocked_id = memberships.user_id
        WHERE room_id = ${room} AND memberships.user_id <> ${reader}`,
  )
  return found !== undefined && found.others > 0 && found.others === found.blocked
}

export function* bans(reader: UserId, id: RoomId, at: Instant, limit: number): Script<Ban[]> {
  const { room, who } = yield* memberIn(reader, id, at)
  if (!isModerator(who, room)) refuse('forbidden')
  return yield* rows(
    found => ({
      person: profile(found),
      until: number(found, 'banned_until') as Instant,
      by: found.by_name === null ? undefined : username(found, 'by_name'),
      at: instant(found, 'banned_at'),
      reason: (found.detail === null ? '' : text(found, 'detail')).split('\n', 1)[0] ?? '',
    }),
    sql`SELECT users.*, banned_until, banned_at, by_whom.username AS by_name,
               (SELECT changes.detail FROM acts JOIN changes ON changes.id = change_id
                WHERE acts.room_id = ${id} AND acts.person_id = users.id AND acts.kind = 'removal'
                ORDER BY acts.id DESC LIMIT 1) AS detail
        FROM sanctions JOIN users ON users.id = sanctions.user_id LEFT JOIN users AS by_whom ON by_whom.id = banned_by
        WHERE room_id = ${id} AND banned_until > ${room.at} ORDER BY banned_at DESC, users.folded LIMIT ${limit}`,
  )
}
