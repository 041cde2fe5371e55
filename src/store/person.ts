// Decoding the columns of a user.

import type { Profile, Role, UserId } from '../core/model.ts'
import { isZone } from '../core/rules.ts'
import { line, number, oneOf, type Row, text, username } from './sql.ts'

export const roles: readonly Role[] = ['owner', 'admin', 'member', 'guest', 'bot']

/** What is no role may do least. */
export function roleOf(found: Row): Role {
  return oneOf(roles, found, 'role') ?? 'guest'
}

/** From the columns of a user. */
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
