// Decoding the columns of a user.

import type { Profile, Role, UserId } from '../core/model.ts'
import { number, oneOf, type Row, text } from './sql.ts'

const roles: readonly Role[] = ['owner', 'admin', 'member', 'guest', 'bot']

export function roleOf(found: Row): Role {
  return oneOf(roles, found, 'role')
}

/** From the columns of a user. */
export function profile(found: Row): Profile {
  return {
    id: number(found, 'id') as UserId,
    username: text(found, 'username'),
    name: text(found, 'name'),
    role: roleOf(found),
    status: text(found, 'status'),
    language: text(found, 'language'),
    zone: text(found, 'zone'),
  }
}
