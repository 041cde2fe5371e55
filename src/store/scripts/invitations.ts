// Invitation codes: each admits a number of new people, until a date, into some rooms.

import type { Instant, LogEvent, RoomId, UserId } from '../../core/model/model.ts'
import { mayActOn, mayAdminister, mayBring, mayIssueCode, mayJoin } from '../../core/model/permissions.ts'
import { refuse, refusedBy } from '../../core/model/refusals.ts'
import type { Invitation, NewInvitation, Redeemed } from '../../core/ports/invitations.ts'
import type { Authority } from '../../core/ports/people.ts'
import { recordAct } from './acts.ts'
import { writeChange } from './change-context.ts'
import { withLists } from './masks.ts'
import { admit, peopleIn } from './memberships.ts'
import {
  lockPerson,
  lockRooms,
  type OpenRoom,
  openRoom,
  participantIn,
  readRoom,
  type StoredParticipant,
} from './open-room.ts'
import { authority, roleOf } from './person.ts'
import { number, roomName, row, rows, run, type Script, sql, text, username } from './sql.ts'

export function* create(by: Authority, wanted: NewInvitation): Script<void> {
  if (by !== undefined) yield* lockPerson(by)
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
    if (by !== undefined) yield* mustInvite(by, room, wanted.at)
    yield* run(
      sql`INSERT INTO invitation_rooms (code, room_id) VALUES (${wanted.code}, ${room}) ON CONFLICT DO NOTHING`,
    )
  }
  const terms = { value: `${wanted.uses}`, detail: `${wanted.until}` }
  yield* recordAct(by, { kind: 'code-made', ...terms, at: wanted.at })
}

/** To people outside a closed room a refusal must not even reveal whether it exists. */
export function* mustInvite(by: UserId, room: RoomId, at: Instant): Script<void> {
  const [host, found] = [yield* participantIn(room, by), yield* readRoom(room, at)]
  if (!host || !found) refuse('no-such-room')
  mayIssueCode(host, found)
}

export function* list(by: Authority, at: Instant): Script<Invitation[]> {
  mayAdminister(yield* authority(by))
  const all = yield* rows(
    found => ({
      code: text(found, 'code'),
      by: found.username === null ? undefined : username(found),
      left: number(found, 'uses_left'),
      until: number(found, 'until') as Instant,
    }),
    sql`SELECT code, username, uses_left, until FROM invitations LEFT JOIN users ON users.id = user_id
        WHERE uses_left > 0 AND until > ${at} ORDER BY invitations.created_at, code`,
  )
  const listed: Invitation[] = []
  for (const each of all) listed.push({ ...each, rooms: yield* roomsOf(each.code, by) })
  return listed
}

/** The names of a code's rooms that the viewer may know of. */
function* roomsOf(code: string, viewer: Authority): Script<string[]> {
  return yield* rows(
    found => roomName(found, 'name'),
    sql`SELECT name FROM invitation_rooms JOIN rooms ON rooms.id = invitation_rooms.room_id
        WHERE code = ${code} AND (kind IN ('open', 'announcement') OR ${viewer ?? 0} = 0 OR EXISTS (
          SELECT 1 FROM memberships WHERE memberships.room_id = rooms.id AND user_id = ${viewer ?? 0}))
        ORDER BY folded`,
  )
}

export function* withdraw(by: Authority, code: string, at: Instant): Script<void> {
  const role = yield* authority(by)
  mayAdminister(role)
  const maker = yield* row(
    found => ({ id: found.user_id, role: found.role === null ? undefined : roleOf(found) }),
    sql`SELECT user_id, role FROM invitations LEFT JOIN users ON users.id = user_id WHERE code = ${code}`,
  )
  if (!maker) refuse('wrong-code')
  // A code of the operator's may be withdrawn by owners.
  if (maker.id !== by) mayActOn(role, maker.role ?? 'admin')
  yield* run(sql`DELETE FROM invitations WHERE code = ${code}`)
  yield* recordAct(by, { kind: 'code-withdrawn', at })
}

export function* admits(code: string, at: Instant): Script<boolean> {
  const found = yield* row(
    found => text(found, 'code'),
    sql`SELECT code FROM invitations WHERE code = ${code} AND uses_left > 0 AND until > ${at}`,
  )
  return found !== undefined
}

export function* redeemAs(person: UserId, code: string, at: Instant): Script<Redeemed> {
  const wanted = yield* roomsOfCode(code)
  yield* lockRooms(wanted)
  yield* lockPerson(person)
  const role = yield* authority(person)
  if (role === 'guest') refuse('account-needed')
  const before = yield* roomsAmong(person, code)
  if (before.length < wanted.length) {
    const arrivals = yield* redeem(code, person, at)
    return { rooms: yield* roomsAmong(person, code), arrivals }
  }
  return { rooms: before, arrivals: [] }
}

/** Those of the code's rooms that they are in. */
function* roomsAmong(person: UserId, code: string): Script<RoomId[]> {
  return yield* rows(
    found => number(found, 'room_id') as RoomId,
    sql`SELECT invitation_rooms.room_id FROM invitation_rooms
        JOIN memberships ON memberships.room_id = invitation_rooms.room_id AND user_id = ${person}
        WHERE code = ${code} ORDER BY invitation_rooms.room_id`,
  )
}

/** Uses the code once. @returns the arrivals in its rooms. Refuses 'wrong-code'. */
export function* redeem(code: string, person: UserId, at: Instant): Script<LogEvent[]> {
  const taken = yield* row(
    found => ({ by: found.user_id === null ? undefined : (number(found, 'user_id') as UserId) }),
    sql`UPDATE invitations SET uses_left = uses_left - 1
        WHERE code = ${code} AND uses_left > 0 AND until > ${at} RETURNING user_id`,
  )
  if (!taken) refuse('wrong-code')
  const arrivals: LogEvent[] = []
  for (const room of yield* roomsOfCode(code)) {
    const arrival = yield* arrive(room, { person, by: taken.by, at })
    if (arrival) arrivals.push(arrival)
  }
  return arrivals
}

/** The rooms that a code opens besides `general`. */
export function* roomsOfCode(code: string): Script<RoomId[]> {
  return yield* rows(
    found => number(found, 'room_id') as RoomId,
    sql`SELECT room_id FROM invitation_rooms WHERE code = ${code} ORDER BY room_id`,
  )
}

/** Judged by what is true now: undefined when the code's maker may no longer bring people into the room. */
export function* arrive(
  room: RoomId,
  { person, by, at }: { person: UserId; by: Authority; at: Instant },
): Script<LogEvent | undefined> {
  const open = yield* openRoom(room, at)
  const [guest, host] = [yield* participantIn(room, person), yield* participantIn(room, by ?? person)]
  if (!open || !guest || open.archived || guest.roomRole !== undefined) return undefined
  const isBrought = by === undefined || (host?.roomRole !== undefined && mayBring(host, open))
  if (!isBrought && !(yield* mayArriveAlone(open, guest))) return undefined
  yield* admit(open, { person, role: 'member', host: person })
  return yield* writeChange(open, { actor: isBrought ? (by ?? person) : person, kind: 'arrival', person })
}

/** Whether the newcomer may join without a host, as when the code's maker is not in the room. */
function* mayArriveAlone(open: OpenRoom, guest: StoredParticipant): Script<boolean> {
  const [judged = guest] = yield* withLists(open, [guest])
  const people = yield* peopleIn(open)
  return refusedBy(() => mayJoin(judged, judged, { room: open, now: open.at, key: '', people })) === undefined
}
