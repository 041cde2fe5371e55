// Reads what writing scripts must know of a room and a person, in the same transaction, and locks it.

import {
  type FileId,
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
import type { Head } from '../../core/ports/log.ts'
import { roleOf } from './person.ts'
import { callIn, hoursIn, pauseIn, privacyIn } from './room-rules.ts'
import { LAST_TIME, lock, number, oneOf, type Row, row, rows, type Script, sql, text } from './sql.ts'

const ROOM = 2 ** 32
export const kinds: readonly RoomKind[] = ['open', 'closed', 'announcement', 'direct']
export const roomRoles: readonly RoomRole[] = ['owner', 'moderator', 'helper', 'speaker', 'member']

/**
 * The primary key of an event: room · 2³² + seq. (room, 0) lies after the events of all lower rooms and before its own.
 * Throws for an invalid seq, which must not reach into another room.
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

/** No room gets this far by itself: rows beyond were written by another program. */
export const FARTHEST = 2 ** 31
/** Rows that another program has put farther than this beyond a room's end do not belong to the room. */
export const LEAP = 2 ** 16

/** The last seq that may belong to a room, whose row has `last` as its end, which may be invalid. */
export function reachOf(last: number): number {
  return last >= 0 && last <= FARTHEST - LEAP ? Math.trunc(last) + LEAP : FARTHEST
}
/** Beyond it message ids are no safe integers. A room that another program has put there is shown to nobody. */
export const LAST_ROOM = 2 ** 21 - 1

/** Bound on ids of people, sessions and epochs: never reached by counting, and its successor is still a safe integer. */
export const LAST_ID = 2 ** 52

export function isSeq(seq: number): boolean {
  return Number.isInteger(seq) && seq > 0 && seq <= END
}

/** The id of a message. Refuses 'no-such-message' for an invalid seq. */
export function messageId(room: RoomId, seq: Seq): number {
  return isSeq(seq) ? idOf(room, seq) : refuse('no-such-message')
}

/** Decodes a seq, or 0; 0 for an invalid one. */
export function seqIn(found: Row, column: string): Seq {
  const seq = number(found, column)
  return (isSeq(seq) && seq < END ? seq : 0) as Seq
}

/** An unknown kind counts as closed. */
export function kindOf(found: Row): RoomKind {
  return oneOf(kinds, found, 'kind') ?? 'closed'
}

/** An unknown role counts as the lowest. */
export function roomRoleOf(found: Row, column: string): RoomRole {
  return knownRoomRole(found, column) ?? 'member'
}

export function knownRoomRole(found: Row, column: string): RoomRole | undefined {
  return oneOf(roomRoles, found, column)
}

/** The bit of each flag in rooms.flags; a bit that was used once keeps its meaning. */
const FLAGS: readonly (readonly [RoomFlag, bit: number])[] = [
  ['open-topic', 1],
  ['no-ctcp', 2],
  ['no-guests', 4],
  ['quiet-guests', 8],
]
/** Shared by all rooms without flags, which are most. */
const NONE: readonly [] = []

export function flagsOf(found: Row): readonly RoomFlag[] {
  const bits = number(found, 'flags')
  return bits === 0 ? NONE : FLAGS.filter(([, bit]) => (bits & bit) !== 0).map(([flag]) => flag)
}

export function bitOf(flag: RoomFlag): number {
  return FLAGS.find(([each]) => each === flag)?.[1] ?? 0
}

/** A room as scripts see it before they write. */
export interface OpenRoom extends RoomRules {
  readonly room: RoomId
  readonly name: string
  readonly topic: string
  /** The address of its call; empty for none. */
  readonly call: string
  readonly last: Seq
  readonly indexed: Seq
  /** The bits of the lists that have masks (masks.ts). */
  readonly lists: number
  /** The time of what is written now, never before that of the last row. */
  readonly at: Instant
}

/** Locks rooms: until the transaction ends, nobody else writes in them, or checks whether they may. */
export function* lockRooms(rooms: readonly RoomId[]): Script<void> {
  yield* lock(
    sql`SELECT id FROM rooms
        WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify(rooms.filter(Number.isSafeInteger))}))
        ORDER BY id FOR NO KEY UPDATE`,
  )
}

/** Locks people: until the transaction ends, their counts, and whether their account is enabled, do not change. */
export function* lockPeople(people: readonly UserId[]): Script<void> {
  yield* lock(
    sql`SELECT id FROM users
        WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify(people.filter(Number.isSafeInteger))}))
        ORDER BY id FOR NO KEY UPDATE`,
  )
}

/** Locks uploads: until the transaction ends, nobody else finishes, attaches or deletes them. */
export function* lockUploads(uploads: readonly FileId[]): Script<void> {
  yield* lock(
    sql`SELECT id FROM attachments
        WHERE id IN (SELECT CAST(value AS TEXT) FROM json_each(${JSON.stringify(uploads)}) AS asked)
        ORDER BY id FOR UPDATE`,
  )
}

/** The key of an advisory lock: the letters 'File'. */
const SPACE = 0x46696c65

/** Locks the space that all people share: until the transaction ends, nobody else takes any of it. */
export function* lockSpace(): Script<void> {
  yield* lock(sql`SELECT pg_advisory_xact_lock(${SPACE})`)
}

export function* lockPerson(person: UserId): Script<void> {
  yield* lockPeople([person])
}

/** Locks a room until the transaction ends, and reads it. undefined if there is none. */
export function* openRoom(room: RoomId, at: Instant): Script<OpenRoom | undefined> {
  yield* lockRooms([room])
  return yield* readRoom(room, at)
}

/** Reads a room without a lock. undefined if there is none. */
export function* readRoom(room: RoomId, at: Instant): Script<OpenRoom | undefined> {
  if (room > LAST_ROOM) return undefined
  return yield* row(
    found => roomFrom(found, at),
    sql`SELECT id, name, kind, topic, archived, last_seq, searchable_seq, last_at, silenced_until, slow_seconds,
               join_key, most_people, flags, mask_lists, hours, call,
               CASE WHEN kind = 'direct' THEN (
                 SELECT value FROM server_settings WHERE name = 'privateMessages') END AS private_messages,
               CASE WHEN kind = 'direct' THEN (
                 SELECT count(*) FROM memberships JOIN users ON users.id = user_id
                 WHERE room_id = reaching.id AND users.role IN ('owner', 'admin') AND disabled = 0) END AS staff,
               (SELECT max(id) FROM messages
                WHERE id > ${idOf(room, 0)} AND id <= ${idOf(room, 0)} + reach) AS last_message,
               (SELECT max(id) FROM changes
                WHERE id > ${idOf(room, 0)} AND id <= ${idOf(room, 0)} + reach) AS last_change
        FROM (SELECT rooms.*, CASE WHEN last_seq BETWEEN 0 AND ${FARTHEST - LEAP} THEN last_seq + ${LEAP}
                                   ELSE ${FARTHEST} END AS reach
              FROM rooms WHERE id = ${room}) AS reaching`,
  )
}

/** Decodes the columns of a room, with the ids of its last rows. */
export function roomFrom(found: Row, at: Instant): OpenRoom {
  const room = number(found, 'id') as RoomId
  return {
    room,
    kind: kindOf(found),
    archived: number(found, 'archived') === 1,
    everyones: room === GENERAL,
    silencedUntil: number(found, 'silenced_until') as Instant,
    slow: pauseIn(found),
    hours: hoursIn(found),
    privacy: privacyIn(found),
    key: text(found, 'join_key'),
    limit: number(found, 'most_people'),
    flags: flagsOf(found),
    lists: number(found, 'mask_lists'),
    name: text(found, 'name'),
    topic: text(found, 'topic'),
    call: callIn(found),
    last: lastOf(found),
    indexed: seqIn(found, 'searchable_seq'),
    at: Math.max(at, lastAtOf(found)) as Instant,
  }
}

/** The room's last seq, or that of its last row within reach when another program has written beyond the end. */
function lastOf(found: Row): Seq {
  const last = number(found, 'last_seq')
  const rows = lastIn(found, 'last_message', 'last_change')
  // Another program may have changed last_seq, or have deleted rows: how far they were indexed is evidence, too.
  const witnessed = Math.max(rows, number(found, 'searchable_seq'))
  const isBelieved = isSeq(last) && last <= Math.min(FARTHEST, witnessed + LEAP)
  return Math.max(isBelieved ? last : 0, rows) as Seq
}

/** The highest seq among the ids in these columns; 0 if all are NULL. */
function lastIn(found: Row, ...columns: readonly string[]): number {
  return Math.max(...columns.map(column => (found[column] === null ? 0 : seqOf(number(found, column)))))
}

/** The time of the last row; 0 for one that no clock can show, which must not hold back later ones. */
function lastAtOf(found: Row): number {
  const at = number(found, 'last_at')
  return at <= LAST_TIME ? at : 0
}

export interface StoredParticipant extends Participant {
  /** The folded username. */
  readonly folded: string
  /** The last seq they have read. */
  readonly mark: Seq
  /** The seq of their arrival; 0 for those who are there from the start. */
  readonly joined: Seq
}

/** Somebody as the room sees them, without its lists (masks.ts). undefined for an unknown or disabled person. */
export function* participantIn(room: RoomId, user: UserId): Script<StoredParticipant | undefined> {
  return yield* row(
    participantFrom,
    sql`SELECT users.id, users.folded, users.role, memberships.role AS room_role, COALESCE(muted_until, 0) AS muted_until,
               COALESCE(last_read_seq, 0) AS last_read_seq, COALESCE(joined_seq, 0) AS joined_seq, COALESCE(banned_until, 0) AS banned_until,
               COALESCE(spoke_at, 0) AS spoke_at
        FROM users
        LEFT JOIN memberships ON memberships.user_id = users.id AND memberships.room_id = ${room}
        LEFT JOIN sanctions ON sanctions.user_id = users.id AND sanctions.room_id = ${room}
        WHERE users.id = ${user} AND disabled = 0`,
  )
}

/** Those of the people who are in the room. CROSS JOIN has SQLite start with them rather than with all members. */
export function* participantsIn(room: RoomId, users: readonly UserId[]): Script<StoredParticipant[]> {
  return yield* rows(
    participantFrom,
    sql`SELECT users.id, users.folded, users.role, memberships.role AS room_role, COALESCE(muted_until, 0) AS muted_until,
               last_read_seq, joined_seq, COALESCE(banned_until, 0) AS banned_until, COALESCE(spoke_at, 0) AS spoke_at
        FROM json_each(${JSON.stringify(users)}) AS wanted CROSS JOIN memberships
        JOIN users ON users.id = memberships.user_id AND disabled = 0
        LEFT JOIN sanctions ON sanctions.room_id = ${room} AND sanctions.user_id = users.id
        WHERE memberships.room_id = ${room} AND memberships.user_id = CAST(wanted.value AS BIGINT)`,
  )
}

/** Decodes the columns that `participantsIn` selects. */
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
    joined: seqIn(found, 'joined_seq'),
    listed: NONE,
  }
}

/** The member, for methods that only read. Refuses 'not-a-member'. */
export function* mustBeMember(room: RoomId, user: UserId): Script<StoredParticipant> {
  const participant = yield* participantIn(room, user)
  if (participant?.roomRole === undefined) refuse('not-a-member')
  return participant
}

/** The id of the latest epoch. */
export function* currentEpoch(): Script<number> {
  const epoch = yield* row(found => number(found, 'id'), sql`SELECT MAX(id) AS id FROM epochs`)
  if (epoch === undefined) throw new Error('no epoch has begun')
  return epoch
}

/** The room's last seq; undefined if there is no such room. */
export function* headOf(room: RoomId): Script<Seq | undefined> {
  return yield* row(found => seqIn(found, 'last_seq'), sql`SELECT last_seq FROM rooms WHERE id = ${room}`)
}

/** The room's last seq by its row and by the rows of its events, and whether the two agree. */
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
