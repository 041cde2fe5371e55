// Stored sessions: who is logged in, through which door, and the tokens that resume them.

import type {
  DoorName,
  Grant,
  Instant,
  Profile,
  RoomId,
  Scope,
  SessionId,
  UserId,
} from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import type {
  ClientName,
  LoginOrigin,
  NewSession,
  NewToken,
  NewTokenSession,
  ResumedSession,
  SessionStart,
  StoredSession,
  TokenUse,
  TransferredSession,
} from '../../core/ports/sessions.ts'
import { idsBlockedBy } from './blocks.ts'
import { lockPerson, mustBeMember } from './open-room.ts'
import { profile } from './person.ts'
import { instant, number, oneOf, type Row, row, rows, run, type Script, sql, text } from './sql.ts'

export const doors: readonly DoorName[] = ['line', 'irc', 'web']
export const scopes: readonly Scope[] = ['read', 'write', 'admin']
/** Bound on a person's tokens. Beyond it a log-in evicts the oldest unnamed one, and a named one is refused. */
const MOST_TOKENS = 100
/** A token's last use is stored this often. */
const NOTED_MS = 3_600_000

export function* begin(wanted: NewSession): Script<SessionStart> {
  yield* lockPerson(wanted.person)
  const found = yield* row(
    found => ({ person: profile(found), password: text(found, 'password') }),
    sql`SELECT * FROM users WHERE id = ${wanted.person} AND disabled = 0`,
  )
  if (!found) refuse('disabled')
  if (found.password !== wanted.proof) refuse('wrong-credentials')
  const pushedOut = wanted.token ? yield* evictOldest(wanted.person) : []
  yield* noteSeen(wanted.person, wanted.at)
  const session = yield* insert(wanted)
  const { token } = wanted
  const openSession = { session, grant: grantOf(token), until: token?.until }
  return { ...(yield* sessionStart(found.person, openSession)), pushedOut }
}

/** When they were last connected, for admins; while a token holds, its last use tells it, too. */
function* noteSeen(person: UserId, at: Instant): Script<void> {
  yield* run(sql`UPDATE users SET seen_at = ${at} WHERE id = ${person} AND seen_at < ${at}`)
}

export function* transfer({
  session,
  person,
  door,
  address,
  client,
  at,
  token,
}: TransferredSession): Script<SessionStart> {
  const there = yield* row(
    sessionFrom,
    sql`UPDATE sessions SET door = ${door}, address = ${address}, used_at = ${at}, hash = ${token?.hash ?? null},
               client = ${clientStored(client)}
        WHERE id = ${session} AND user_id = ${person} RETURNING *`,
  )
  if (!there) refuse('no-such-session')
  const found = yield* row(profile, sql`SELECT * FROM users WHERE id = ${person}`)
  return yield* sessionStart(found ?? refuse('no-such-session'), there)
}

export function* resume({ hash, at, idleSince }: TokenUse): Script<ResumedSession> {
  const found = yield* row(
    found => ({
      person: profile(found),
      ...sessionFrom({ ...found, id: found.session_id ?? null }),
      usedAt: number(found, 'used_at'),
    }),
    sql`SELECT users.*, sessions.id AS session_id, scope, room_id, used_at, until
        FROM sessions JOIN users ON users.id = user_id
        WHERE hash = ${hash} AND disabled = 0 AND used_at >= ${idleSince} AND (until IS NULL OR until > ${at})`,
  )
  if (!found) refuse('no-such-session')
  return { ...(yield* sessionStart(found.person, found)), isUnnoted: found.usedAt < at - NOTED_MS }
}

export function* noteUse(session: SessionId, at: Instant): Script<void> {
  yield* run(sql`UPDATE sessions SET used_at = ${at} WHERE id = ${session} AND used_at < ${at}`)
}

export function* issue({ by, token, ...wanted }: NewTokenSession): Script<SessionId> {
  yield* lockPerson(wanted.person)
  const holder = yield* row(
    found => number(found, 'id'),
    sql`SELECT id FROM sessions WHERE id = ${by} AND user_id = ${wanted.person}`,
  )
  if (holder === undefined) refuse('no-such-session')
  if (token.grant.room !== undefined) yield* mustBeMember(token.grant.room, wanted.person)
  if ((yield* tokensOf(wanted.person)) >= MOST_TOKENS) refuse('too-many')
  return yield* insert({ ...wanted, token })
}

function* tokensOf(person: UserId): Script<number> {
  const count = yield* row(
    found => number(found, 'tokens'),
    sql`SELECT count(*) AS tokens FROM sessions WHERE user_id = ${person} AND hash IS NOT NULL`,
  )
  return count ?? 0
}

/** Makes room for one more log-in. @returns the sessions that were evicted */
function* evictOldest(person: UserId): Script<SessionId[]> {
  if ((yield* tokensOf(person)) < MOST_TOKENS) return []
  return yield* rows(
    found => number(found, 'id') as SessionId,
    sql`DELETE FROM sessions WHERE id IN (
          SELECT id FROM sessions WHERE user_id = ${person} AND hash IS NOT NULL AND name = ''
          ORDER BY used_at, id LIMIT 1) RETURNING id`,
  )
}

/** A stored session that was just opened. */
type OpenSession = Pick<SessionStart, 'session' | 'grant' | 'until'>

function* sessionStart(person: Profile, { session, grant, until }: OpenSession): Script<SessionStart> {
  const epoch = yield* row(
    found => text(found, 'epoch'),
    sql`SELECT epoch FROM epochs ORDER BY id DESC LIMIT 1`,
  )
  const blocked = yield* idsBlockedBy(person.id)
  return { session, person, blocked, pushedOut: [], grant, until, epoch: epoch ?? '' }
}

/** Decodes a row of `sessions`. */
function sessionFrom(found: Row): OpenSession {
  return { session: number(found, 'id') as SessionId, grant: grant(found), until: untilOf(found) }
}

function untilOf(found: Row): Instant | undefined {
  return found.until === null ? undefined : (number(found, 'until') as Instant)
}

function* insert({ person, door, address, client, at, token }: Omit<NewSession, 'proof'>): Script<SessionId> {
  const { scope, room } = grantOf(token)
  const id = yield* row(
    found => number(found, 'id') as SessionId,
    sql`INSERT INTO sessions (user_id, door, address, client, created_at, used_at, hash, name, scope, room_id, until)
        VALUES (${person}, ${door}, ${address}, ${clientStored(client)}, ${at}, ${at}, ${token?.hash ?? null},
                ${token?.name ?? ''}, ${scope}, ${room ?? null}, ${token?.until ?? null})
        RETURNING id`,
  )
  if (id === undefined) throw new Error('no row came back from an insert')
  return id
}

/** A session without a token may do everything that the person may. */
function grantOf(token: NewToken | undefined): Grant {
  return token?.grant ?? { scope: 'admin' }
}

function grant(found: Row): Grant {
  const scope = oneOf(scopes, found, 'scope') ?? 'read'
  return found.room_id === null ? { scope } : { scope, room: number(found, 'room_id') as RoomId }
}

export function* end(person: UserId, session: SessionId, at: Instant): Script<void> {
  yield* noteSeen(person, at)
  yield* run(sql`DELETE FROM sessions WHERE id = ${session}`)
}

export function* list(person: UserId): Script<StoredSession[]> {
  return yield* rows(
    found => ({
      id: number(found, 'id') as SessionId,
      door: oneOf(doors, found, 'door') ?? 'web',
      address: text(found, 'address'),
      since: instant(found, 'created_at'),
      used: instant(found, 'used_at'),
      client: clientFrom(text(found, 'client')),
      token: found.hash === null ? undefined : tokenFrom(found),
    }),
    sql`SELECT * FROM sessions WHERE user_id = ${person} ORDER BY id`,
  )
}

function tokenFrom(found: Row): StoredSession['token'] {
  return { name: text(found, 'name'), grant: grant(found), until: untilOf(found) }
}

export function* revoke(person: UserId, session: SessionId): Script<void> {
  const gone = yield* row(
    found => number(found, 'id'),
    sql`DELETE FROM sessions WHERE id = ${session} AND user_id = ${person} RETURNING id`,
  )
  if (gone === undefined) refuse('no-such-session')
}

export function* revokeOthers(person: UserId, session: SessionId): Script<SessionId[]> {
  return yield* rows(
    found => number(found, 'id') as SessionId,
    sql`DELETE FROM sessions WHERE user_id = ${person} AND id <> ${session} AND name = '' RETURNING id`,
  )
}

/** Stored as Firefox/Linux; empty where nothing is known. */
function clientStored(client: ClientName | undefined): string {
  return client ? `${client.browser}/${client.system}` : ''
}

function clientFrom(stored: string): ClientName | undefined {
  const [browser = '', system = ''] = stored.split('/')
  return browser === '' && system === '' ? undefined : { browser, system }
}

export function* loginOrigins(since: Instant, most: number): Script<LoginOrigin[]> {
  return yield* rows(
    found => ({
      account: text(found, 'folded'),
      address: text(found, 'address'),
      hash: found.hash === null ? undefined : text(found, 'hash'),
      used: number(found, 'used_at') as Instant,
    }),
    sql`SELECT folded, address, hash, used_at FROM sessions JOIN users ON users.id = user_id
        WHERE used_at >= ${since} ORDER BY used_at DESC, sessions.id DESC LIMIT ${most}`,
  )
}
