// People on a list who get accounts at once.

import { GENERAL, type Instant, type LogEvent, type RoomId, type UserId } from '../../core/model/model.ts'
import { mayAdminister } from '../../core/model/permissions.ts'
import { Refusal, refuse } from '../../core/model/refusals.ts'
import type { Accounts, Enrolled, KnownNames, NewMember } from '../../core/ports/accounts.ts'
import type { Authority } from '../../core/ports/people.ts'
import { keepCode } from './accounts.ts'
import { arrive, mustInvite } from './invitations.ts'
import { lockRooms } from './open-room.ts'
import { insert, isDisabled, mustBeFree } from './people.ts'
import { authority, profile } from './person.ts'
import { line, number, row, rows, type Script, sql, text, username } from './sql.ts'

type Wanted = Parameters<Accounts['known']>[1]

export function* known(by: Authority, { names, usernames }: Wanted): Script<KnownNames> {
  mayAdminister(yield* authority(by))
  const looks = usernames.flatMap(({ skeleton, written }) => [skeleton, written])
  return {
    skeletons: yield* rows(
      found => text(found, 'skeleton'),
      sql`SELECT skeleton FROM json_each(${list(looks)}) AS wanted CROSS JOIN users WHERE skeleton = wanted.value`,
    ),
    shown: yield* rows(
      found => text(found, 'shown'),
      sql`SELECT shown FROM json_each(${list(usernames.map(({ shown }) => shown))}) AS wanted
          CROSS JOIN users WHERE shown = wanted.value`,
    ),
    people: yield* rows(
      found => ({
        username: username(found),
        folded: text(found, 'folded'),
        name: line(found, 'name'),
        email: text(found, 'email'),
      }),
      sql`SELECT username, folded, name, email FROM users
          WHERE (name IN (SELECT value FROM json_each(${list(names)}))
                 OR folded IN (SELECT value FROM json_each(${list(usernames.map(({ folded }) => folded))})))
            AND folded <> '~' || id ORDER BY id`,
    ),
  }
}

/** PostgreSQL refuses JSON with NUL or lone surrogates, and no name has them. */
function list(texts: readonly string[]): string {
  return JSON.stringify([...new Set(texts)].filter(each => each.isWellFormed() && !each.includes('\0')))
}

export function* enroll(
  by: Authority,
  people: readonly NewMember[],
  { rooms, at }: { readonly rooms: readonly string[]; readonly at: Instant },
): Script<Enrolled[]> {
  mayAdminister(yield* authority(by))
  const into = yield* roomsNamed(by, rooms, at)
  yield* lockRooms([GENERAL, ...into])
  const enrolled: Enrolled[] = []
  for (const each of people) enrolled.push(yield* enrollOne(by, each, { into, at }))
  return enrolled
}

function* roomsNamed(by: Authority, names: readonly string[], at: Instant): Script<RoomId[]> {
  const found: RoomId[] = []
  for (const name of names) {
    const room = yield* row(
      each => number(each, 'id') as RoomId,
      sql`SELECT id FROM rooms WHERE folded = ${name} AND kind <> 'direct'`,
    )
    if (room === undefined) refuse('no-such-room')
    if (by !== undefined) yield* mustInvite(by, room, at)
    if (room !== GENERAL) found.push(room)
  }
  return found.sort((a, b) => a - b)
}

interface Enrollment {
  readonly into: readonly RoomId[]
  readonly at: Instant
}

function* enrollOne(by: Authority, member: NewMember, { into, at }: Enrollment): Script<Enrolled> {
  const there = yield* row(
    found => ({
      person: profile(found),
      isGone: isDisabled(found) || number(found, 'guest') !== 0,
      hash: found.hash === null ? undefined : text(found, 'hash'),
    }),
    sql`SELECT users.*, hash FROM users LEFT JOIN login_codes ON user_id = users.id
        WHERE folded = ${member.folded}`,
  )
  if (there?.isGone) return { is: 'refused', why: 'name-taken' }
  if (there) {
    const is = there.hash === member.code.hash ? 'again' : 'there'
    return { is, person: there.person, arrivals: yield* arriveIn(into, there.person.id, { by, at }) }
  }
  const why = yield* whyTaken(member)
  if (why) return { is: 'refused', why }
  const person = yield* insert({ ...member, at }, 'member')
  yield* keepCode(by, person.id, member.code, at)
  return { is: 'made', person, arrivals: yield* arriveIn(into, person.id, { by, at }) }
}

function* whyTaken(member: NewMember) {
  try {
    yield* mustBeFree(member, undefined)
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

function* arriveIn(
  rooms: readonly RoomId[],
  person: UserId,
  { by, at }: { by: Authority; at: Instant },
): Script<LogEvent[]> {
  const arrivals: LogEvent[] = []
  for (const room of rooms) {
    const arrival = yield* arrive(room, { person, by, at })
    if (arrival) arrivals.push(arrival)
  }
  return arrivals
}
