// Decodes columns of `users`, and reads the actor's role.

import type { Profile, Role, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import { isZone } from '../../core/model/rules.ts'
import type { Authority } from '../../core/ports/people.ts'
import { line, number, oneOf, type Row, row, type Script, sql, text, username } from './sql.ts'

export const roles: readonly Role[] = ['owner', 'admin', 'member', 'guest', 'bot']

/** An unknown role counts as guest. */
export function roleOf(found: Row): Role {
  return oneOf(roles, found, 'role') ?? 'guest'
}

/** Decodes a row of `users`. */
export function profile(found: Row): Profile {
  const zone = text(found, 'zone')
  return {
    id: number(found, 'id') as UserId,
    username: username(found),
    name: line(found, 'name'),
    role: roleOf(found),
    status: line(found, 'status'),
    language: text(found, 'language'),
    zone: zone === '' || isZone(zone) ? zone : '',
  }
}

/** The actor's role; undefined for the operator. Refuses 'forbidden' for a disabled account. */
export function* authority(by: Authority): Script<Role | undefined> {
  if (by === undefined) return undefined
  return (
    (yield* row(roleOf, sql`SELECT role FROM users WHERE id = ${by} AND disabled = 0`)) ?? refuse('forbidden')
  )
}
