// What the writing scripts must know of a room and of a person before they write: read in the same transaction.

import {
  GENERAL,
  type Instant,
  type RoomFlag,
  type RoomId,
  type RoomKind,
  type RoomRole,
  type Seq,
  type UserId,
} from '../../core/model/model.ts'
import type { Participant, RoomRules } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import { SLOWEST } from '../../core/model/rules.ts'
import type { Head } from '../../core/ports/log.ts'
import { roleOf } from './person.ts'
import { LAST_TIME, lock, number, oneOf, type Row, row, rows, run, type Script, sql, text } from './sql.ts'

const ROOM = 2 ** 32
export const kinds: readonly RoomKind[] = ['open', 'closed', 'announcement', 'direct']
export const roomRoles: readonly RoomRole[] = ['owner', 'moderator', 'helper', 'speaker', 'member']

/**
 * The primary key of what happened there; (room, 0) lies before a room's first and behind the last of the room before.
 * A seq that no room has must not reach into another room: it throws.
 */
export function idOf(room: RoomId, seq: number): number {
  if (!(seq >= 0 && seq < ROOM && Number.isInteger(seq))) throw new RangeError(`no room has a seq ${seq}`)
  return room * ROOM + seq
}

export function roomOf(id: number): RoomId {
  return Math.floor(id / ROOM) as RoomId
}

export function seqOf(id: number): Seq {
  return (id % ROOM) as Seq
}

export const END = (ROOM - 1) as Seq

/** No room comes so far by itself: what lies behind it another program has put there. */
export const FARTHEST = 2 ** 31
/** Rows that another program puts farther behind a room's end are none of the room's. */
export const LEAP = 2 ** 16

/** The last place that may be a room's, by what its row gives as its end, which may be nonsense. */
export function reachOf(last: number): number {
  return last >= 0 && last <= FARTHEST - LEAP ? Math.trunc(last) + LEAP : FARTHEST
}
/** Behind it there is no telling messages apart by their ids. A room that another program has put there shows to nobody. */
export const LAST_ROOM = 2 ** 21 - 1

/** Of people, sessions and epochs: no counting comes so far, and the next one is still told from it. */
export const LAST_ID = 2 ** 52

export function isSeq(seq: number): boolean {
  return Number.isInteger(seq) && seq > 0 && seq <= END
}

/** Refuses 'no-such-message' for what is no seq of any room. */
export function messageId(room: RoomId, seq: Seq): number {
  return isSeq(seq) ? idOf(room, seq) : refuse('no-such-message')
}

/** A seq, or 0, in a column; 0 for what no room has. */
export function seqIn(found: Row, column: string): Seq {
  const seq = number(found, column)
  return (isSeq(seq) && seq < END ? seq : 0) as Seq
}

/** What is no kind shows to nobody outside. */
export function kindOf(found: Row): RoomKind {
  return oneOf(kinds, found, 'kind') ?? 'closed'
}

/** What is no role may do least. */
export function roomRoleOf(found: Row, column: string): RoomRole {
  return knownRoomRole(found, column) ?? 'member'
}

export function knownRoomRole(found: Row, column: string): RoomRole | undefined {
  return oneOf(roomRoles, found, column)
}

/** Each flag and the bit that stands for it in rooms.flags; what is kept keeps its meaning. */
const FLAGS: readonly (readonly [RoomFlag, bit: number])[] = [
  ['open-topic', 1],
  ['no-ctcp', 2],
  ['no-guests', 4],
  ['quiet-guests', 8],
]
/** As most rooms have: none. */
const NONE: readonly [] = []

export function flagsOf(found: Row): readonly RoomFlag[] {
  const bits = number(found, 'flags')
  return bits === 0 ? NONE : FLAGS.filter(([, bit]) => (bits & bit) !== 0).map(([flag]) => flag)
}

export function bitOf(flag: RoomFlag): number {
  return FLAGS.find(([each]) => each === flag)?.[1] ?? 0
}

/** A room in which something is being written. */
export interface OpenRoom extends RoomRules {
  readonly room: RoomId
  readonly name: string
  readonly topic: string
  readonly last: Seq
  readonly indexed: Seq
  /** The lists that have masks, as masks.ts counts them. */
  readonly lists: number
  /** Never before the last row's. */
  readonly at: Instant
}

/** Whom a direct room was made for, by its name (rooms.direct); it stays theirs when one of them leaves. */
export function directPeople({ kind, name }: Pick<OpenRoom, 'kind' | 'name'>): readonly UserId[] {
  return kind === 'direct'
    ? name
        .slice(1)
        .split('+')
        .map(id => Number(id) as UserId)
    : []
}

/** Nobody else writes in these rooms, or looks whether they may, before the transaction ends. */
export function* lockRooms(rooms: readonly RoomId[]): Script<void> {
  yield* lock(
    sql`SELECT id FROM rooms
        WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify(rooms.filter(Number.isSafeInteger))}))
        ORDER BY id FOR NO KEY UPDATE`,
  )
}

/** What is counted of them, and whether they are still allowed in, stays as it is before the transaction ends. */
export function* lockPeople(people: readonly UserId[]): Script<void> {
  yield* lock(
    sql`SELECT id FROM users
        WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify(people.filter(Number.isSafeInteger))}))
        ORDER BY id FOR NO KEY UPDATE`,
  )
}

export function* lockPerson(person: UserId): Script<void> {
  yield* lockPeople([person])
}

/** Held until the transaction ends; undefined where there is no such room. */
export function* openRoom(room: RoomId, at: Instant): Script<OpenRoom | undefined> {
  yield* lockRooms([room])
  return yield* readRoom(room, at)
}

/** As it is at the moment, for who only looks. undefined where there is no such room. */
export function* readRoom(room: RoomId, at: Instant): Script<OpenRoom | undefined> {
  if (room > LAST_ROOM) return undefined
  return yield* row(
    found => roomFrom(found, at),
    sql`SELECT id, name, kind, topic, archived, last_seq, searchable_seq, last_at, silenced_until, slow_seconds,
               join_key, most_people, flags, mask_lists,
               (SELECT max(id) FROM messages
                WHERE id > ${idOf(room, 0)} AND id <= ${idOf(room, 0)} + reach) AS last_message,
               (SELECT max(id) FROM changes
                WHERE id > ${idOf(room, 0)} AND id <= ${idOf(room, 0)} + reach) AS last_change
        FROM (SELECT rooms.*, CASE WHEN last_seq BETWEEN 0 AND ${FARTHEST - LEAP} THEN last_seq + ${LEAP}
                                   ELSE ${FARTHEST} END AS reach
              FROM rooms WHERE id = ${room}) AS reaching`,
  )
}

/** From the columns of a room, and the ids of its last rows. */
export function roomFrom(found: Row, at: Instant): OpenRoom {
  const room = number(found, 'id') as RoomId
  return {
    room,
    kind: kindOf(found),
    archived: number(found, 'archived') === 1,
    everyones: room === GENERAL,
    silencedUntil: number(found, 'silenced_until') as Instant,
    slow: pauseIn(found),
    key: text(found, 'join_key'),
    limit: number(found, 'most_people'),
    flags: flagsOf(found),
    lists: number(found, 'mask_lists'),
    name: text(found, 'name'),
    topic: text(found, 'topic'),
    last: lastOf(found),
    indexed: seqIn(found, 'searchable_seq'),
    at: Math.max(at, lastAtOf(found)) as Instant,
  }
}

/** The room's last seq, or that of its last row within reach, where another program has written one behind it. */
function lastOf(found: Row): Seq {
  const last = number(found, 'last_seq')
  const rows = lastIn(found, 'last_message', 'last_change')
  // Another program may have put anything there, or have deleted the rows: how far they were indexed bears witness, too.
  const witnessed = Math.max(rows, number(found, 'searchable_seq'))
  const isBelieved = isSeq(last) && last <= Math.min(FARTHEST, witnessed + LEAP)
  return Math.max(isBelieved ? last : 0, rows) as Seq
}

/** The last seq among the ids of these columns; 0 where there is none. */
function lastIn(found: Row, ...columns: readonly string[]): number {
  return Math.max(...columns.map(column => (found[column] === null ? 0 : seqOf(number(found, column)))))
}

/** What nobody could have asked for is none. */
function pauseIn(found: Row): number {
  const seconds = number(found, 'slow_seconds')
  return seconds <= SLOWEST ? Math.max(0, seconds) : 0
}

/** What no clock has shown holds nothing back. */
function lastAtOf(found: Row): number {
  const at = number(found, 'last_at')
  return at <= LAST_TIME ? at : 0
}

export interface StoredParticipant extends Participant {
  /** The folded username. */
  readonly folded: string
  /** The last seq they have read. */
  readonly mark: Seq
}

/** In no list, as it is before masks.ts has looked. undefined where there is no such person, or not any more. */
export function* participantIn(room: RoomId, user: UserId): Script<StoredParticipant | undefined> {
  return yield* row(
    participantFrom,
    sql`SELECT users.id, users.folded, users.role, memberships.role AS room_role, COALESCE(muted_until, 0) AS muted_until,
               COALESCE(last_read_seq, 0) AS last_read_seq, COALESCE(banned_until, 0) AS banned_until,
               COALESCE(spoke_at, 0) AS spoke_at
        FROM users
        LEFT JOIN memberships ON memberships.user_id = users.id AND memberships.room_id = ${room}
        LEFT JOIN sanctions ON sanctions.user_id = users.id AND sanctions.room_id = ${room}
        WHERE users.id = ${user} AND disabled = 0`,
  )
}

/** Those of them who are in the room, in one go: CROSS tells SQLite to begin with them, not with all who are there. */
export function* participantsIn(room: RoomId, users: readonly UserId[]): Script<StoredParticipant[]> {
  return yield* rows(
    participantFrom,
    sql`SELECT users.id, users.folded, users.role, memberships.role AS room_role, COALESCE(muted_until, 0) AS muted_until,
               last_read_seq, COALESCE(banned_until, 0) AS banned_until, COALESCE(spoke_at, 0) AS spoke_at
        FROM json_each(${JSON.stringify(users)}) AS wanted CROSS JOIN memberships
        JOIN users ON users.id = memberships.user_id AND disabled = 0
        LEFT JOIN sanctions ON sanctions.room_id = ${room} AND sanctions.user_id = users.id
        WHERE memberships.room_id = ${room} AND memberships.user_id = CAST(wanted.value AS BIGINT)`,
  )
}

/** From the columns that `participantsIn` selects. */
export function participantFrom(found: Row): StoredParticipant {
  return {
    id: number(found, 'id') as UserId,
    folded: text(found, 'folded'),
    role: roleOf(found),
    roomRole: found.room_role === null ? undefined : roomRoleOf(found, 'room_role'),
    mutedUntil: number(found, 'muted_until') as Instant,
    bannedUntil: number(found, 'banned_until') as Instant,
    spokeAt: number(found, 'spoke_at') as Instant,
    mark: seqIn(found, 'last_read_seq'),
    listed: NONE,
  }
}

/** For those who read. Refuses 'not-a-member'. */
export function* mustBeMember(room: RoomId, user: UserId): Script<StoredParticipant> {
  const participant = yield* participantIn(room, user)
  if (participant?.roomRole === undefined) refuse('not-a-member')
  return participant
}

/** What was begun last. */
export function* currentEpoch(): Script<number> {
  const epoch = yield* row(found => number(found, 'id'), sql`SELECT MAX(id) AS id FROM epochs`)
  if (epoch === undefined) throw new Error('no epoch has begun')
  return epoch
}

/** The last seq; undefined where there is no such room. */
export function* headOf(room: RoomId): Script<Seq | undefined> {
  return yield* row(found => seqIn(found, 'last_seq'), sql`SELECT last_seq FROM rooms WHERE id = ${room}`)
}

/** The same, looked for among the rows, too. */
export function* endOf(room: RoomId): Script<Head | undefined> {
  return yield* row(
    found => {
      const [head, last] = [lastOf(found), number(found, 'last_seq')]
      const lost = lastIn(found, 'lost_message', 'lost_change') as Seq
      return {
        room,
        head,
        ...(head > last && { strays: true }),
        ...(head < last && { misplaced: true }),
        ...(lost > 0 && { lost }),
      }
    },
    sql`SELECT last_seq, searchable_seq,
               (SELECT max(id) FROM messages
                WHERE id > ${idOf(room, 0)} AND id <= ${idOf(room, 0)} + reach) AS last_message,
               (SELECT max(id) FROM changes
                WHERE id > ${idOf(room, 0)} AND id <= ${idOf(room, 0)} + reach) AS last_change,
               (SELECT max(id) FROM messages
                WHERE id > ${idOf(room, 0)} + reach AND id <= ${idOf(room, END)}) AS lost_message,
               (SELECT max(id) FROM changes
                WHERE id > ${idOf(room, 0)} + reach AND id <= ${idOf(room, END)}) AS lost_change
        FROM (SELECT last_seq, searchable_seq,
                     CASE WHEN last_seq BETWEEN 0 AND ${FARTHEST - LEAP} THEN last_seq + ${LEAP}
                                    ELSE ${FARTHEST} END AS reach
              FROM rooms WHERE id = ${room}) AS reaching`,
  )
}

/** The room's log now ends at this seq. */
export function* moveHead(room: RoomId, last: number, at: Instant): Script<void> {
  yield* run(sql`UPDATE rooms SET last_seq = ${last}, last_at = ${at} WHERE id = ${room}`)
}
