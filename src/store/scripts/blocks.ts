// Blocking other people.

import type { Profile, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import { lockPerson } from './open-room.ts'
import { profile } from './person.ts'
import { number, row, rows, run, type Script, sql } from './sql.ts'

/** Bound on a person's block list, which every connection of theirs holds in memory. */
const MOST_BLOCKED = 1000

export function* block(person: UserId, whom: UserId, on: boolean): Script<boolean> {
  yield* lockPerson(person)
  const blockedIds = yield* idsBlockedBy(person)
  if (blockedIds.includes(whom) === on) return false
  if (on && blockedIds.length >= MOST_BLOCKED) refuse('too-many')
  if (on) yield* run(sql`INSERT INTO blocks (user_id, blocked_id) VALUES (${person}, ${whom})`)
  else yield* run(sql`DELETE FROM blocks WHERE user_id = ${person} AND blocked_id = ${whom}`)
  return true
}

export function* idsBlockedBy(person: UserId): Script<UserId[]> {
  return yield* rows(
    found => number(found, 'blocked_id') as UserId,
    sql`SELECT blocked_id FROM blocks WHERE user_id = ${person}`,
  )
}

export function* blocked(person: UserId): Script<Profile[]> {
  return yield* rows(
    profile,
    sql`SELECT users.* FROM blocks JOIN users ON users.id = blocked_id WHERE user_id = ${person} ORDER BY folded`,
  )
}

export function* isBlockedBy(person: UserId, by: UserId): Script<boolean> {
  const found = yield* row(
    found => number(found, 'blocked_id'),
    sql`SELECT blocked_id FROM blocks WHERE user_id = ${person} AND blocked_id = ${by}`,
  )
  return found !== undefined
}

/** Checks that none of these people has blocked whoever brings them together. Refuses 'forbidden'. */
export function* mustNotBeBlocked(host: UserId, people: readonly UserId[]): Script<void> {
  for (const person of people) if (yield* isBlockedBy(person, host)) refuse('forbidden')
}
