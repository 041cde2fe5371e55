// Accounts.

import { GENERAL, type Person, type Role, type UserId } from '../core/model.ts'
import type { Credentials, NewAccount } from '../core/ports.ts'
import { refuse } from '../core/refusals.ts'
import { number, oneOf, type Row, row, run, type Script, sql, text } from './sql.ts'

const roles: readonly Role[] = ['owner', 'admin', 'member']

export function roleOf(found: Row): Role {
  return oneOf(roles, found, 'role')
}

/** From the columns id, username, name and role of a user. */
export function person(found: Row): Person {
  return {
    id: number(found, 'id') as UserId,
    username: text(found, 'username'),
    name: text(found, 'name'),
    role: roleOf(found),
  }
}

export function* find(folded: string): Script<Person | undefined> {
  return yield* row(person, sql`SELECT id, username, name, role FROM users WHERE folded = ${folded}`)
}

export function* register(account: NewAccount): Script<Person> {
  const taken = yield* row(
    found => number(found, 'id'),
    sql`SELECT id FROM users WHERE folded = ${account.folded} OR skeleton = ${account.skeleton}`,
  )
  if (taken !== undefined) refuse('name-taken')
  const role: Role = (yield* hasAny()) ? 'member' : 'owner'
  const registered = yield* row(
    person,
    sql`INSERT INTO users (name, username, password, folded, skeleton, role, created_at)
        VALUES (${account.name}, ${account.username}, ${account.password}, ${account.folded}, ${account.skeleton},
                ${role}, ${account.at})
        RETURNING id, username, name, role`,
  )
  if (!registered) throw new Error('no row came back from an insert')
  yield* run(sql`INSERT INTO memberships (room_id, user_id) VALUES (${GENERAL}, ${registered.id})`)
  return registered
}

export function* credentials(folded: string): Script<Credentials | undefined> {
  return yield* row(
    found => ({ person: person(found), password: text(found, 'password') }),
    sql`SELECT id, username, name, role, password FROM users WHERE folded = ${folded}`,
  )
}

export function* hasAny(): Script<boolean> {
  const first = yield* row(found => number(found, 'id'), sql`SELECT id FROM users LIMIT 1`)
  return first !== undefined
}
