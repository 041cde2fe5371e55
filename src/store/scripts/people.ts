// Accounts.

import {
  GENERAL,
  type Instant,
  type LogEvent,
  type Profile,
  type Role,
  type SessionId,
  type UserId,
} from '../../core/model/model.ts'
import { isAdmin, mayActOn, mayAdminister, mayGrant } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import type {
  Authority,
  Credentials,
  Disabled,
  NewAccount,
  Registered,
  Skeletons,
  Verified,
} from '../../core/ports/people.ts'
import { recordAct } from './acts.ts'
import { removeAvatar } from './avatars.ts'
import { redeem, roomsOfCode } from './invitations.ts'
import { LAST_ID, lockPerson, lockRooms } from './open-room.ts'
import { authority, profile, roleOf } from './person.ts'
import { dialect, instant, lock, number, type Row, row, rows, run, type Script, sql, text } from './sql.ts'

export function isDisabled(found: Row): boolean {
  return number(found, 'disabled') !== 0
}

export function* find(folded: string): Script<Profile | undefined> {
  return yield* row(profile, sql`SELECT * FROM users WHERE folded = ${folded} AND disabled = 0`)
}

export function* byId(person: UserId): Script<Profile | undefined> {
  return yield* row(profile, sql`SELECT * FROM users WHERE id = ${person} AND disabled = 0`)
}

export function* findAll(folded: readonly string[]): Script<Profile[]> {
  // PostgreSQL refuses JSON with NUL or lone surrogates, and no name has them.
  const names = folded.filter(name => name.isWellFormed() && !name.includes('\0'))
  return yield* rows(
    profile,
    sql`SELECT users.* FROM json_each(${JSON.stringify(names)}) AS wanted
        CROSS JOIN users WHERE folded = wanted.value AND disabled = 0`,
  )
}

export function* credentials(folded: string): Script<Credentials | undefined> {
  return yield* row(
    found => ({
      person: profile(found),
      password: text(found, 'password'),
      verifier: text(found, 'verifier'),
      disabled: isDisabled(found),
      ...(found.hash !== null && { code: { hash: text(found, 'hash'), until: instant(found, 'until') } }),
    }),
    sql`SELECT users.*, hash, until FROM users LEFT JOIN login_codes ON user_id = users.id WHERE folded = ${folded}`,
  )
}

export function* hasOwner(): Script<boolean> {
  const owner = yield* row(
    found => number(found, 'id'),
    sql`SELECT id FROM users WHERE role = 'owner' AND disabled = 0 LIMIT 1`,
  )
  return owner !== undefined
}

export function* guestsAndBots(): Script<Pick<Profile, 'id' | 'role'>[]> {
  return yield* rows(
    found => ({ id: number(found, 'id') as UserId, role: roleOf(found) }),
    sql`SELECT id, role FROM users WHERE role IN ('guest', 'bot')`,
  )
}

// --- registration -----------------------------------------------------------------------------------------

export function* register(account: NewAccount): Script<Registered> {
  const { admission } = account
  yield* lockRooms([GENERAL, ...(typeof admission === 'object' ? yield* roomsOfCode(admission.code) : [])])
  yield* mustBeFree(account, account.guest)
  const owned = yield* hasOwner()
  if (admission === 'first' && owned) refuse('wrong-code')
  const mayOwn = admission === 'open' || admission === 'first'
  const role = mayOwn && !owned ? 'owner' : 'member'
  const person =
    account.guest === undefined ? yield* insert(account, role) : yield* upgradeGuest(account, role)
  const arrivals: LogEvent[] =
    typeof admission === 'object' ? yield* redeem(admission.code, person.id, account.at) : []
  return { person, arrivals }
}

/** No two people, and no teams, have confusable names. Refuses 'name-taken'. */
export function* mustBeFree(
  { folded, skeleton, written, shown }: Pick<NewAccount, 'folded' | keyof Skeletons>,
  but: UserId | undefined,
): Script<void> {
  const taken = yield* row(
    found => number(found, 'id'),
    sql`SELECT id FROM users
        WHERE (folded = ${folded} OR skeleton IN (${skeleton}, ${written}) OR shown = ${shown}) AND id <> ${but ?? 0}`,
  )
  if (taken !== undefined) refuse('name-taken')
  const team = yield* row(
    found => number(found, 'id'),
    sql`SELECT id FROM teams
        WHERE folded = ${folded} OR skeleton IN (${skeleton}, ${written}) OR shown = ${shown} LIMIT 1`,
  )
  if (team !== undefined) refuse('name-taken')
}

/** Turns a guest into a person with an account. */
function* upgradeGuest(account: NewAccount, role: Role): Script<Profile> {
  const settled = yield* row(
    profile,
    sql`UPDATE users SET name = ${account.name}, username = ${account.username}, password = ${account.password},
               folded = ${account.folded}, skeleton = ${account.skeleton}, shown = ${account.shown}, role = ${role},
               email = ${account.email}, guest = 0
        WHERE id = ${account.guest ?? 0} AND guest = 1 AND disabled = 0 RETURNING *`,
  )
  return settled ?? refuse('no-such-person')
}

type NewPerson = Omit<NewAccount, 'admission' | 'guest'>

export function* insert(account: NewPerson, role: Role): Script<Profile> {
  const isPostgres = (yield* dialect()) === 'postgres'
  const inserted = isPostgres ? yield* insertNext(account, role) : yield* insertAfterHighest(account, role)
  if (!inserted) throw new Error('no row came back from an insert')
  yield* run(sql`INSERT INTO memberships (room_id, user_id) VALUES (${GENERAL}, ${inserted.id})`)
  return inserted
}

function* insertNext(account: NewPerson, role: Role): Script<Profile | undefined> {
  return yield* row(
    profile,
    sql`INSERT INTO users (name, username, password, folded, skeleton, shown, role, created_at, email, guest)
        VALUES (${account.name}, ${account.username}, ${account.password}, ${account.folded}, ${account.skeleton},
                ${account.shown}, ${role}, ${account.at}, ${account.email}, ${role === 'guest' ? 1 : 0})
        RETURNING *`,
  )
}

/** SQLite would continue after the highest id, which another program may have set beyond the safe integers. */
function* insertAfterHighest(account: NewPerson, role: Role): Script<Profile | undefined> {
  return yield* row(
    profile,
    sql`INSERT INTO users (id, name, username, password, folded, skeleton, shown, role, created_at, email,
                           guest)
        SELECT COALESCE(max(id), 0) + 1, ${account.name}, ${account.username}, ${account.password},
               ${account.folded}, ${account.skeleton}, ${account.shown}, ${role}, ${account.at}, ${account.email},
               ${role === 'guest' ? 1 : 0}
        FROM users WHERE id BETWEEN 0 AND ${LAST_ID}
        RETURNING *`,
  )
}

// --- one's own account -----------------------------------------------------------------------------------

type Amendment = Partial<Pick<Profile, 'name' | 'status' | 'language' | 'zone'>>

export function* amend(person: UserId, { name, status, language, zone }: Amendment): Script<Profile> {
  const amended = yield* row(
    profile,
    sql`UPDATE users SET name = COALESCE(${name ?? null}, name), status = COALESCE(${status ?? null}, status),
               language = COALESCE(${language ?? null}, language), zone = COALESCE(${zone ?? null}, zone)
        WHERE id = ${person} RETURNING *`,
  )
  return amended ?? refuse('no-such-person')
}

export function* setPassword(person: UserId, password: string, by: Verified | Instant): Script<SessionId[]> {
  yield* lockPerson(person)
  if (typeof by === 'object') yield* mustStillMatch(person, by)
  else yield* recordAct(undefined, { kind: 'password', person, at: by })
  yield* run(sql`UPDATE users SET password = ${password}, verifier = '', guest = 0 WHERE id = ${person}`)
  yield* run(sql`DELETE FROM login_codes WHERE user_id = ${person}`)
  return yield* rows(
    found => number(found, 'id') as SessionId,
    sql`DELETE FROM sessions WHERE user_id = ${person} AND id <> ${typeof by === 'object' ? by.session : 0} RETURNING id`,
  )
}

export function* keepVerifier(person: UserId, password: string, verifier: string): Script<void> {
  yield* run(sql`UPDATE users SET verifier = ${verifier} WHERE id = ${person} AND password = ${password}`)
}

export function* secret(): Script<string> {
  const found = yield* row(found => text(found, 'value'), sql`SELECT value FROM secrets`)
  if (found === undefined) throw new Error('the chat has no secret')
  return found
}

/** The password and the session that were verified must still be the current ones. Refuses 'wrong-credentials'. */
function* mustStillMatch(person: UserId, { session, password }: Verified): Script<void> {
  const holds = yield* row(
    found => number(found, 'id'),
    sql`SELECT users.id FROM users JOIN sessions ON sessions.user_id = users.id
        WHERE users.id = ${person} AND sessions.id = ${session} AND password = ${password}`,
  )
  if (holds === undefined) refuse('wrong-credentials')
}

// --- administration --------------------------------------------------------------------------------

export function* setRole(by: Authority, folded: string, role: Role, at: Instant): Script<Profile> {
  yield* lockRanks(by, folded)
  const actor = yield* authority(by)
  const person = yield* targetOf({ id: by, role: actor }, folded)
  mayGrant(actor, role)
  if (role !== 'owner') yield* mustKeepOwner(person)
  if (role !== 'guest') yield* mustHaveAccount(person.id)
  yield* run(sql`UPDATE users SET role = ${role} WHERE id = ${person.id}`)
  if (!isAdmin(role)) yield* run(sql`DELETE FROM invitations WHERE user_id = ${person.id}`)
  if (role !== person.role)
    yield* recordAct(by, { kind: 'role', person: person.id, value: role, detail: person.role, at })
  return { ...person, role }
}

export function* disable(by: Authority, folded: string, on: boolean, at: Instant): Script<Disabled> {
  yield* lockRanks(by, folded)
  const person = yield* targetOf({ id: by, role: yield* authority(by) }, folded)
  if (on) yield* mustKeepOwner(person)
  const dismissed = on && (yield* dismissGuest(person.id))
  const changed = yield* row(
    found => number(found, 'id'),
    sql`UPDATE users SET disabled = ${on ? 1 : 0} WHERE id = ${person.id} AND disabled <> ${on ? 1 : 0} RETURNING id`,
  )
  if (changed !== undefined || dismissed)
    yield* recordAct(by, { kind: on ? 'disabled' : 'enabled', person: person.id, at })
  if (!on) return { person, ended: [] }
  yield* removeAvatar({ person: person.id })
  yield* run(sql`DELETE FROM login_codes WHERE user_id = ${person.id}`)
  const ended = yield* rows(
    found => number(found, 'id') as SessionId,
    sql`DELETE FROM sessions WHERE user_id = ${person.id} RETURNING id`,
  )
  yield* run(sql`DELETE FROM invitations WHERE user_id = ${person.id}`)
  return { person, ended }
}

/**
 * Frees a guest's name; nobody can choose the one that replaces it. Direct rooms stay, and show whom they were with.
 * @returns false for a person with an account
 */
export function* dismissGuest(person: UserId): Script<boolean> {
  const gone = yield* row(
    found => number(found, 'id'),
    sql`UPDATE users SET disabled = 1, folded = '~' || id, skeleton = '~' || id, shown = ''
        WHERE id = ${person} AND guest = 1 AND disabled = 0 RETURNING id`,
  )
  if (gone === undefined) return false
  yield* run(sql`DELETE FROM passes WHERE user_id = ${person}`)
  yield* run(
    sql`DELETE FROM memberships
        WHERE user_id = ${person} AND room_id IN (SELECT id FROM rooms WHERE kind <> 'direct')`,
  )
  return true
}

/** Locks the actor, the target and all owners, so that of two owners who step down at once one stays. */
export function* lockRanks(by: Authority, folded: string): Script<void> {
  yield* lock(
    sql`SELECT id FROM users WHERE folded = ${folded} OR id = ${by ?? 0} OR (role = 'owner' AND disabled = 0)
        ORDER BY id FOR NO KEY UPDATE`,
  )
}

/** The target. Refuses 'forbidden', before it reveals who exists; 'no-such-person'. */
export function* targetOf(
  by: { readonly id: Authority; readonly role: Role | undefined },
  folded: string,
): Script<Profile> {
  mayAdminister(by.role)
  const person =
    (yield* row(profile, sql`SELECT * FROM users WHERE folded = ${folded}`)) ?? refuse('no-such-person')
  if (person.id !== by.id) mayActOn(by.role, person.role)
  return person
}

/** Guests are gone when they disconnect, and what they may do would go with them. Refuses 'account-needed'. */
export function* mustHaveAccount(person: UserId): Script<void> {
  const guest = yield* row(
    found => number(found, 'id'),
    sql`SELECT id FROM users WHERE id = ${person} AND guest = 1`,
  )
  if (guest !== undefined) refuse('account-needed')
}

/** An enabled owner must be left. Refuses 'last-owner'. */
function* mustKeepOwner({ id, role }: Profile): Script<void> {
  if (role !== 'owner') return
  const other = yield* row(
    found => number(found, 'id'),
    sql`SELECT id FROM users WHERE role = 'owner' AND disabled = 0 AND id <> ${id} LIMIT 1`,
  )
  if (other === undefined) refuse('last-owner')
}
