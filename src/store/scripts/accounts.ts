// Accounts as admins see them: the list, sessions of others, one-time codes.

import { noPassword, type StoredLoginCode } from '../../core/model/login-codes.ts'
import type { Instant, SessionId, UserId } from '../../core/model/model.ts'
import { mayAdminister } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import { nameKey } from '../../core/people/name-key.ts'
import type { Account, AccountQuery, AccountState, CodeMade } from '../../core/ports/accounts.ts'
import type { Authority, Disabled } from '../../core/ports/people.ts'
import type { StoredSession } from '../../core/ports/sessions.ts'
import { recordAct } from './acts.ts'
import { lockPerson } from './open-room.ts'
import { isDisabled, lockRanks, mustHaveAccount, targetOf } from './people.ts'
import { authority, profile } from './person.ts'
import * as ownSessions from './sessions.ts'
import { instant, number, type Row, row, rows, run, type Script, sql, text } from './sql.ts'

/** Accounts that are read at a time while a text is looked for: there is no index of parts of names. */
const BLOCK = 1000

export function* list(by: Authority, query: AccountQuery): Script<Account[]> {
  mayAdminister(yield* authority(by))
  const words = nameKey(query.text ?? '')
    .split(' ')
    .filter(word => word !== '')
  const size = words.length === 0 ? query.limit : BLOCK
  const found: Account[] = []
  for (let { after } = query; ; ) {
    const block = yield* accountsAfter(after, size, query)
    found.push(...block.filter(({ account }) => has(account, words)).map(({ account }) => account))
    const last = block.at(-1)
    if (!last || block.length < size || found.length >= query.limit) return found.slice(0, query.limit)
    after = last.folded
  }
}

function has({ person, email }: Account, words: readonly string[]): boolean {
  const key = words.length === 0 ? '' : nameKey(`${person.username} ${person.name} ${email}`)
  return words.every(word => key.includes(word))
}

function* accountsAfter(after: string, limit: number, { role, state }: AccountQuery) {
  return yield* rows(
    found => ({ folded: text(found, 'folded'), account: account(found) }),
    sql`SELECT users.*, login_codes.until AS code_until,
               (SELECT max(used_at) FROM sessions WHERE user_id = users.id) AS used_at
        FROM users LEFT JOIN login_codes ON login_codes.user_id = users.id
        WHERE folded > ${after} AND folded <> '~' || users.id AND (${role ?? ''} = '' OR role = ${role ?? ''})
          AND ${state ?? ''} IN ('', CASE WHEN disabled <> 0 THEN 'disabled' WHEN password LIKE ${noPassword('%')} THEN 'waiting' ELSE 'active' END)
        ORDER BY folded LIMIT ${limit}`,
  )
}

function account(found: Row): Account {
  const used = found.used_at === null ? 0 : number(found, 'used_at')
  const seen = Math.max(instant(found, 'seen_at'), used) as Instant
  return {
    person: profile(found),
    state: stateOf(found),
    disabled: isDisabled(found),
    since: instant(found, 'created_at'),
    ...(seen > 0 && { seen }),
    ...(found.code_until !== null && { codeUntil: instant(found, 'code_until') }),
    email: text(found, 'email'),
  }
}

function stateOf(found: Row): AccountState {
  if (isDisabled(found)) return 'disabled'
  return text(found, 'password').startsWith(noPassword('')) ? 'waiting' : 'active'
}

// --- sessions of others ------------------------------------------------------------------------------------

export function* sessions(by: Authority, folded: string): Script<StoredSession[]> {
  const { id } = yield* targetOf({ id: by, role: yield* authority(by) }, folded)
  return yield* ownSessions.list(id)
}

export function* endSessions(
  by: Authority,
  folded: string,
  session: SessionId | undefined,
  at: Instant,
): Script<Disabled> {
  yield* lockRanks(by, folded)
  const person = yield* targetOf({ id: by, role: yield* authority(by) }, folded)
  const ended = yield* rows(
    found => number(found, 'id') as SessionId,
    sql`DELETE FROM sessions WHERE user_id = ${person.id} AND (${session ?? 0} = 0 OR id = ${session ?? 0}) RETURNING id`,
  )
  if (session !== undefined && ended.length === 0) refuse('no-such-session')
  if (ended.length > 0)
    yield* recordAct(by, { kind: 'sessions-ended', person: person.id, value: `${ended.length}`, at })
  return { person, ended }
}

// --- one-time codes ----------------------------------------------------------------------------------------

export function* makeCode(
  by: Authority,
  folded: string,
  code: StoredLoginCode,
  at: Instant,
): Script<CodeMade> {
  yield* lockRanks(by, folded)
  const person = yield* targetOf({ id: by, role: yield* authority(by) }, folded)
  if (person.id === by) refuse('oneself')
  yield* mustHaveAccount(person.id)
  yield* mustBeEnabled(person.id)
  yield* keepCode(by, person.id, code, at)
  return { person, until: code.until }
}

function* mustBeEnabled(person: UserId): Script<void> {
  const disabled = yield* row(isDisabled, sql`SELECT disabled FROM users WHERE id = ${person}`)
  if (disabled !== false) refuse('disabled')
}

/** In place of the one that they have. */
export function* keepCode(
  by: Authority,
  person: UserId,
  { hash, until }: StoredLoginCode,
  at: Instant,
): Script<void> {
  yield* run(
    sql`INSERT INTO login_codes (user_id, hash, until) VALUES (${person}, ${hash}, ${until})
        ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, until = excluded.until`,
  )
  yield* recordAct(by, { kind: 'login-code', person, value: `${until}`, at })
}

export function* spendCode(
  person: UserId,
  { hash, at }: { readonly hash: string; readonly at: Instant },
  password: string,
): Script<SessionId[]> {
  yield* lockPerson(person)
  const used = yield* row(
    found => number(found, 'user_id'),
    sql`DELETE FROM login_codes WHERE user_id = ${person} AND hash = ${hash} AND until > ${at} RETURNING user_id`,
  )
  if (used === undefined) refuse('wrong-credentials')
  yield* run(sql`UPDATE users SET password = ${password}, verifier = '' WHERE id = ${person}`)
  return yield* rows(
    found => number(found, 'id') as SessionId,
    sql`DELETE FROM sessions WHERE user_id = ${person} RETURNING id`,
  )
}
