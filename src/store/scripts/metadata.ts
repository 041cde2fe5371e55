// Metadata: key-value pairs of people and rooms, for programs.

import type { Instant, RoomId, UserId } from '../../core/model/model.ts'
import { maySetModes } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import { AVATAR_KEY } from '../../core/model/rules.ts'
import type { Bearer, Datum } from '../../core/ports/metadata.ts'
import { lockPerson, mustBeMember, openRoom } from './open-room.ts'
import { number, type Row, row, rows, run, type Script, sql, text } from './sql.ts'

/** Bound on the keys of one person or room. */
export const MOST_KEYS = 20

export function columnsOf(bearer: Bearer): { room: number; user: number } {
  return 'room' in bearer ? { room: bearer.room, user: 0 } : { room: 0, user: bearer.person }
}

function datum(found: Row): Datum {
  const room = number(found, 'of_room') as RoomId
  const person = number(found, 'of_user') as UserId
  return {
    bearer: room === 0 ? { person } : { room },
    key: text(found, 'key'),
    value: text(found, 'value'),
  }
}

export function* read(reader: UserId, bearers: readonly Bearer[]): Script<Datum[]> {
  const found: Datum[] = []
  for (const bearer of bearers) {
    if ('room' in bearer) yield* mustBeMember(bearer.room, reader)
    const { room, user } = columnsOf(bearer)
    found.push(
      ...(yield* rows(
        datum,
        sql`SELECT * FROM metadata WHERE of_room = ${room} AND of_user = ${user} ORDER BY key`,
      )),
    )
  }
  return found
}

export function* set(by: UserId, bearer: Bearer, key: string, value: string | undefined): Script<boolean> {
  yield* mustOwn(by, bearer)
  const { room, user } = columnsOf(bearer)
  if (value === undefined) {
    const gone = yield* row(
      found => text(found, 'key'),
      sql`DELETE FROM metadata WHERE of_room = ${room} AND of_user = ${user} AND key = ${key} RETURNING key`,
    )
    return gone !== undefined
  }
  if (key === AVATAR_KEY) yield* mustHaveNoPicture(bearer)
  const others = yield* row(
    found => number(found, 'others'),
    sql`SELECT count(*) AS others FROM metadata WHERE of_room = ${room} AND of_user = ${user} AND key <> ${key}`,
  )
  if ((others ?? 0) >= MOST_KEYS) refuse('too-many')
  yield* run(
    sql`INSERT INTO metadata (of_room, of_user, key, value) VALUES (${room}, ${user}, ${key}, ${value})
        ON CONFLICT (of_room, of_user, key) DO UPDATE SET value = ${value}`,
  )
  return true
}

/** Programs that set an address whenever they connect must not replace a picture. Refuses 'has-picture'. */
function* mustHaveNoPicture(bearer: Bearer): Script<void> {
  const { room, user } = columnsOf(bearer)
  const picture = yield* row(
    found => text(found, 'id'),
    sql`SELECT id FROM avatars WHERE of_room = ${room} AND of_user = ${user}`,
  )
  if (picture !== undefined) refuse('has-picture')
}

/** Allows one's own metadata, and that of a room that one moderates. Refuses 'not-a-member', 'forbidden'. */
export function* mustOwn(by: UserId, bearer: Bearer): Script<void> {
  if ('person' in bearer) {
    if (bearer.person !== by) refuse('forbidden')
    return yield* lockPerson(by)
  }
  const room = (yield* openRoom(bearer.room, 0 as Instant)) ?? refuse('not-a-member')
  maySetModes(yield* mustBeMember(bearer.room, by), room)
}
