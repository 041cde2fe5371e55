// Sessions: who is logged in, through which door.

import type { DoorName, Instant, Profile, SessionId, UserId } from '../core/model.ts'
import type { Continuation, Entered, NewSession, StoredSession } from '../core/ports.ts'
import { refuse } from '../core/refusals.ts'
import { idsBlockedBy } from './people.ts'
import { profile } from './person.ts'
import { number, oneOf, row, rows, run, type Script, sql, text } from './sql.ts'

const doors: readonly DoorName[] = ['line', 'irc', 'web']

export function* begin(wanted: NewSession): Script<Entered> {
  const found = yield* row(
    found => ({ person: profile(found), password: text(found, 'password') }),
    sql`SELECT * FROM users WHERE id = ${wanted.person} AND disabled = 0`,
  )
  if (!found) refuse('disabled')
  if (found.password !== wanted.proof) refuse('wrong-credentials')
  return yield* entered(found.person, yield* insert(wanted))
}

export function* goOn({ session, person, door, address }: Continuation): Script<Entered> {
  const there = yield* row(
    found => number(found, 'id') as SessionId,
    sql`UPDATE sessions SET door = ${door}, address = ${address}
        WHERE id = ${session} AND user_id = ${person} RETURNING id`,
  )
  if (there === undefined) refuse('no-such-session')
  const found = yield* row(profile, sql`SELECT * FROM users WHERE id = ${person}`)
  return yield* entered(found ?? refuse('no-such-session'), there)
}

function* entered(person: Profile, session: SessionId): Script<Entered> {
  return { session, person, blocked: yield* idsBlockedBy(person.id) }
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
