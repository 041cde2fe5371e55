// Sessions: who is logged in, through which door.

import type { DoorName, Instant, SessionId, UserId } from '../core/model.ts'
import type { Entered, NewSession, StoredSession } from '../core/ports.ts'
import { refuse } from '../core/refusals.ts'
import { idsBlockedBy } from './people.ts'
import { profile } from './person.ts'
import { number, oneOf, row, rows, run, type Script, sql, text } from './sql.ts'

const doors: readonly DoorName[] = ['line', 'irc', 'web']

export function* begin(wanted: NewSession, continued: SessionId | undefined): Script<Entered> {
  const person = yield* row(profile, sql`SELECT * FROM users WHERE id = ${wanted.person} AND disabled = 0`)
  if (!person) refuse('disabled')
  const there = continued === undefined ? undefined : yield* move(wanted, continued)
  const session = there ?? (yield* insert(wanted))
  return { session, person, blocked: yield* idsBlockedBy(person.id) }
}

function* move({ person, door, address }: NewSession, session: SessionId): Script<SessionId | undefined> {
  return yield* row(
    found => number(found, 'id') as SessionId,
    sql`UPDATE sessions SET door = ${door}, address = ${address}
        WHERE id = ${session} AND user_id = ${person} RETURNING id`,
  )
}

function* insert({ person, door, address, at }: NewSession): Script<SessionId> {
  const id = yield* row(
    found => number(found, 'id') as SessionId,
    sql`INSERT INTO sessions (user_id, door, address, created_at) VALUES (${person}, ${door}, ${address}, ${at})
        RETURNING id`,
  )
  if (id === undefined) throw new Error('no row came back from an insert')
  return id
}

export function* end(session: SessionId): Script<void> {
  yield* run(sql`DELETE FROM sessions WHERE id = ${session}`)
}

export function* list(person: UserId): Script<StoredSession[]> {
  return yield* rows(
    found => ({
      id: number(found, 'id') as SessionId,
      door: oneOf(doors, found, 'door'),
      address: text(found, 'address'),
      since: number(found, 'created_at') as Instant,
    }),
    sql`SELECT id, door, address, created_at FROM sessions WHERE user_id = ${person} ORDER BY id`,
  )
}

export function* revoke(person: UserId, session: SessionId): Script<void> {
  const gone = yield* row(
    found => number(found, 'id'),
    sql`DELETE FROM sessions WHERE id = ${session} AND user_id = ${person} RETURNING id`,
  )
  if (gone === undefined) refuse('no-such-session')
}
