// Invitations: codes by which new people come in, so many of them, until then, into these rooms.

import type { Instant, LogEvent, RoomId, UserId } from '../core/model.ts'
import { mayAdminister } from '../core/permissions.ts'
import type { Authority, Invitation, NewInvitation } from '../core/ports.ts'
import { refuse } from '../core/refusals.ts'
import { admit, write } from './changes.ts'
import { authority } from './people.ts'
import { openRoom, readerIn } from './place.ts'
import { number, row, rows, run, type Script, sql, text } from './sql.ts'

export function* create(by: Authority, wanted: NewInvitation): Script<void> {
  mayAdminister(yield* authority(by))
  yield* run(
    sql`INSERT INTO invitations (code, user_id, uses_left, until, created_at)
        VALUES (${wanted.code}, ${by ?? null}, ${wanted.uses}, ${wanted.until}, ${wanted.at})`,
  )
  for (const name of wanted.rooms) {
    const room = yield* row(
      found => number(found, 'id') as RoomId,
      sql`SELECT id FROM rooms WHERE folded = ${name} AND kind <> 'direct'`,
    )
    if (room === undefined) refuse('no-such-room')
    // Who is outside learns nothing of what is inside, not even whether there is such a room.
    if (by !== undefined && (yield* readerIn(room, by))?.roomRole === undefined) refuse('no-such-room')
    yield* run(sql`INSERT OR IGNORE INTO invitation_rooms (code, room_id) VALUES (${wanted.code}, ${room})`)
  }
}

export function* list(by: Authority, at: Instant): Script<Invitation[]> {
  mayAdminister(yield* authority(by))
  return yield* rows(
    found => ({
      code: text(found, 'code'),
      by: found.username === null ? undefined : text(found, 'username'),
      left: number(found, 'uses_left'),
      until: number(found, 'until') as Instant,
      rooms: text(found, 'rooms')
        .split(' ')
        .filter(name => name !== ''),
    }),
    sql`SELECT code, username, uses_left, until, COALESCE((
               SELECT group_concat(rooms.name, ' ' ORDER BY folded) FROM invitation_rooms
               JOIN rooms ON rooms.id = room_id WHERE invitation_rooms.code = invitations.code), '') AS rooms
        FROM invitations LEFT JOIN users ON users.id = user_id
        WHERE uses_left > 0 AND until > ${at} ORDER BY invitations.created_at, code`,
  )
}

export function* withdraw(by: Authority, code: string): Script<void> {
  mayAdminister(yield* authority(by))
  const gone = yield* row(
    found => text(found, 'code'),
    sql`DELETE FROM invitations WHERE code = ${code} RETURNING code`,
  )
  if (gone === undefined) refuse('wrong-code')
}

export function* admits(code: string, at: Instant): Script<boolean> {
  const found = yield* row(
    found => text(found, 'code'),
    sql`SELECT code FROM invitations WHERE code = ${code} AND uses_left > 0 AND until > ${at}`,
  )
  return found !== undefined
}

/** Takes one place of it. @returns the arrivals in its rooms. Refuses 'wrong-code'. */
export function* redeem(code: string, person: UserId, at: Instant): Script<LogEvent[]> {
  const taken = yield* row(
    found => ({ by: found.user_id as UserId | null }),
    sql`UPDATE invitations SET uses_left = uses_left - 1
        WHERE code = ${code} AND uses_left > 0 AND until > ${at} RETURNING user_id`,
  )
  if (!taken) refuse('wrong-code')
  const rooms = yield* rows(
    found => number(found, 'room_id') as RoomId,
    sql`SELECT room_id FROM invitation_rooms WHERE code = ${code} ORDER BY room_id`,
  )
  const arrivals: LogEvent[] = []
  for (const room of rooms) {
    const arrival = yield* arrive(room, { person, by: taken.by ?? person, at })
    if (arrival) arrivals.push(arrival)
  }
  return arrivals
}

/** Nobody comes into a room that has been archived since. */
function* arrive(
  room: RoomId,
  { person, by, at }: { person: UserId; by: UserId; at: Instant },
): Script<LogEvent | undefined> {
  const open = yield* openRoom(room, at)
  if (!open || open.archived || (yield* readerIn(room, person))?.roomRole !== undefined) return undefined
  yield* admit(open, person, 'member')
  return yield* write(open, { actor: by, kind: 'arrival', person })
}
