// Creating and listing rooms, and their members.

import {
  GENERAL,
  type Instant,
  type Level,
  type Room,
  type RoomId,
  type RoomKind,
  type Seq,
  type UserId,
} from '../../core/model/model.ts'
import { isAdmin, mayDiscover } from '../../core/model/permissions.ts'
import type {
  Counting,
  DirectRoom,
  Listing,
  Member,
  Membership,
  NewRoom,
  SizedListing,
} from '../../core/ports/rooms.ts'
import { mustNotBeBlocked } from './blocks.ts'
import { writeChange } from './change-context.ts'
import { nameOfPeople } from './conversations.ts'
import { listsFor, masksOf } from './masks.ts'
import { admit } from './memberships.ts'
import { LAST_ROOM, mustBeMember, openRoom, roomRoleOf, seqIn } from './open-room.ts'
import { profile } from './person.ts'
import { room } from './room.ts'
import { isInvited } from './room-invitations.ts'
import { mustBeDistinct } from './room-names.ts'
import { mustBeAllowedToOpen } from './room-quota.ts'
import { listedRules } from './room-rules.ts'
import { mustBeAllowedToTalk } from './server-settings.ts'
import { dialect, number, oneOf, type Row, row, rows, type Script, sql, text, username } from './sql.ts'

export const levels: readonly Level[] = ['everything', 'mentions', 'nothing', 'invisible']

function levelOf(found: Row): Level {
  return oneOf(levels, found, 'level') ?? 'everything'
}

/** All kinds but direct. */
const lasting: readonly NewRoom['kind'][] = ['open', 'closed', 'announcement']

function listing(found: Row): Listing {
  const head = seqIn(found, 'last_seq')
  return {
    ...room(found),
    head,
    role: found.role === null ? undefined : roomRoleOf(found, 'role'),
    read: readOf(found, head),
    level: levelOf(found),
    unread: number(found, 'unread'),
    mentions: number(found, 'mentions'),
    ...listedRules(found),
  }
}

/** The last seq that somebody has read, at most the room's last. */
function readOf(found: Row, head: Seq): Seq {
  return Math.min(seqIn(found, 'last_read_seq'), head) as Seq
}

export function* create(by: UserId, wanted: NewRoom, at: Instant): Script<Room> {
  const { kind, name } = wanted
  yield* mustBeAllowedToOpen(by, 'new')
  yield* mustBeDistinct(wanted, undefined)
  const id = yield* insert(wanted)
  const created = yield* openRoom(id, at)
  if (!created) throw new Error('a room that was just made is not there')
  yield* admit(created, { person: by, role: 'owner', host: by })
  yield* writeChange(created, { actor: by, kind: 'arrival', person: by })
  return { id, kind, name, topic: '', archived: false }
}

/** By the people's ids, so that the same people have one room (conversations.ts). */
export function* direct(people: readonly UserId[], at: Instant): Script<DirectRoom> {
  const [first] = people
  const ids = [...new Set(people)].sort((a, b) => a - b)
  const name = nameOfPeople(ids)
  const there = yield* row(
    found => number(found, 'id') as RoomId,
    sql`SELECT id FROM rooms WHERE folded = ${name}`,
  )
  if (first === undefined) throw new Error('a direct room of nobody')
  if (there === undefined) {
    const role = yield* mustBeAllowedToOpen(first, 'direct')
    // In a conversation of two nobody is brought in: what a blocked person writes there is not shown.
    if (ids.length > 2 && !isAdmin(role)) yield* mustNotBeBlocked(first, ids)
    yield* mustBeAllowedToTalk(ids)
  }
  const id = there ?? (yield* insert({ kind: 'direct', name, folded: name, skeleton: name, shown: name }))
  if (there === undefined) {
    const created = yield* openRoom(id, at)
    if (!created) throw new Error('a room that was just made is not there')
    for (const person of ids)
      yield* admit({ ...created, last: (created.last - 1) as Seq }, { person, role: 'member', host: first })
  }
  const found = yield* row(
    found => ({ room: room(found), isIn: found.user_id !== null, isHidden: number(found, 'hidden') > 0 }),
    sql`SELECT id, kind, topic, archived, rooms.title, user_id, COALESCE(hidden_seq, 0) AS hidden,
               CASE WHEN ${ids.length} > 2 THEN 1 ELSE 0 END AS grouped
        FROM rooms LEFT JOIN memberships ON room_id = id AND user_id = ${first} WHERE id = ${id}`,
  )
  if (!found) throw new Error('a direct room that is not there')
  const title = found.room.name || (yield* namesOf(ids.filter(each => each !== first)))
  const { isIn: isMember, isHidden } = found
  return { room: { ...found.room, name: title }, isNew: there === undefined, isMember, isHidden }
}

function* namesOf(people: readonly UserId[]): Script<string> {
  const names = yield* rows(
    found => username(found),
    sql`SELECT username FROM json_each(${JSON.stringify(people)}) AS wanted CROSS JOIN users
        WHERE users.id = CAST(wanted.value AS BIGINT) ORDER BY folded`,
  )
  return names.join(', ')
}

interface NewRow {
  readonly kind: RoomKind
  readonly name: string
  readonly folded: string
  readonly skeleton: string
  readonly shown: string
}

function* insert(made: NewRow): Script<RoomId> {
  const id = (yield* dialect()) === 'postgres' ? yield* insertNext(made) : yield* insertAfterHighest(made)
  if (id === undefined) throw new Error('no row came back from an insert')
  return id
}

function* insertNext({ kind, name, folded, skeleton, shown }: NewRow): Script<RoomId | undefined> {
  return yield* row(
    found => number(found, 'id') as RoomId,
    sql`INSERT INTO rooms (name, folded, skeleton, shown, kind)
        VALUES (${name}, ${folded}, ${skeleton}, ${shown}, ${kind}) RETURNING id`,
  )
}

/** SQLite would continue after the highest id, which another program may have set beyond the last possible room. */
function* insertAfterHighest({ kind, name, folded, skeleton, shown }: NewRow): Script<RoomId | undefined> {
  return yield* row(
    found => number(found, 'id') as RoomId,
    sql`INSERT INTO rooms (id, name, folded, skeleton, shown, kind)
        SELECT COALESCE(max(id), 0) + 1, ${name}, ${folded}, ${skeleton}, ${shown}, ${kind}
        FROM rooms WHERE id < ${LAST_ROOM} RETURNING id`,
  )
}

/** Unread counts stop here; the web app's do as well (clients/web/model/room.ts). */
const MOST_COUNTED = 100

export function* mine(viewer: UserId, only?: RoomId, counting: Counting = 'counted'): Script<Listing[]> {
  const isCounted = counting === 'counted' ? 1 : 0
  return yield* rows(
    listing,
    sql`SELECT id, kind, title, grouped, topic, archived, last_seq, role, last_read_seq, level,
               CASE WHEN level = 'invisible' OR head = mark THEN 0 WHEN ${isCounted} = 0 THEN 1 ELSE (
                 SELECT count(*) FROM (
                   SELECT 1 FROM messages
                   WHERE messages.id > titled.id * 4294967296 + mark
                     AND messages.id <= titled.id * 4294967296 + head
                     AND messages.user_id <> ${viewer} AND deleted_at IS NULL AND thread_only = 0
                     AND (kind <> 'direct'
                          OR messages.user_id NOT IN (SELECT blocked_id FROM blocks WHERE user_id = ${viewer}))
                   LIMIT ${MOST_COUNTED}
               ) AS counted) END AS unread,
               CASE WHEN level = 'invisible' OR head = mark OR ${isCounted} = 0 THEN 0 ELSE (
                 SELECT count(*) FROM (
                   SELECT 1 FROM mentions JOIN messages ON messages.id = message_id
                   WHERE mentions.user_id IN (0, ${viewer}) AND message_id > titled.id * 4294967296 + mark
                     AND message_id <= titled.id * 4294967296 + head AND messages.user_id <> ${viewer}
                     AND thread_only = 0
                     AND messages.user_id NOT IN (SELECT blocked_id FROM blocks WHERE user_id = ${viewer})
                   LIMIT ${MOST_COUNTED}
               ) AS counted) END AS mentions, (SELECT hours FROM rooms WHERE rooms.id = titled.id) AS hours,
               (SELECT call FROM rooms WHERE rooms.id = titled.id) AS call,
               CASE WHEN kind = 'direct' THEN (
                 SELECT count(*) FROM memberships AS all_in JOIN users ON users.id = all_in.user_id
                 WHERE all_in.room_id = titled.id AND users.role IN ('owner', 'admin') AND disabled = 0
               ) ELSE 0 END AS staff
        FROM (
          SELECT *, CASE WHEN last_seq BETWEEN 0 AND 4294967295 THEN last_seq ELSE 0 END AS head,
                 CASE WHEN last_read_seq BETWEEN 0 AND 4294967295 THEN last_read_seq ELSE 0 END AS mark,
                 CASE WHEN hidden_seq BETWEEN 0 AND 4294967295 THEN hidden_seq ELSE 0 END AS hidden
          FROM titled WHERE viewer = ${viewer} AND id <= ${LAST_ROOM} AND (${only ?? 0} = 0 OR id = ${only ?? 0})
        ) AS titled WHERE (kind <> 'direct' OR ${only ?? 0} > 0 OR hidden_seq = 0 OR EXISTS (
          SELECT 1 FROM messages WHERE messages.id >= titled.id * 4294967296 + hidden
            AND messages.id <= titled.id * 4294967296 + head AND deleted_at IS NULL
            AND messages.user_id NOT IN (SELECT blocked_id FROM blocks WHERE user_id = ${viewer})))
          AND (kind <> 'direct' OR (grouped = 1 AND NOT EXISTS (
          SELECT 1 FROM memberships AS anyone WHERE anyone.room_id = titled.id AND anyone.user_id <> ${viewer}
          )) OR EXISTS (
          SELECT 1 FROM memberships AS others WHERE others.room_id = titled.id AND others.user_id <> ${viewer}
            AND others.user_id NOT IN (SELECT blocked_id FROM blocks WHERE user_id = ${viewer})))
        ORDER BY id <> ${GENERAL}, kind = 'direct', title`,
  )
}

export function* sizes(viewer: UserId): Script<{ room: RoomId; people: number }[]> {
  return yield* rows(
    found => ({ room: number(found, 'room_id') as RoomId, people: number(found, 'people') }),
    sql`SELECT mine.room_id, (SELECT count(*) FROM memberships WHERE room_id = mine.room_id) AS people
        FROM memberships AS mine WHERE mine.user_id = ${viewer}`,
  )
}

export function* others(viewer: UserId): Script<SizedListing[]> {
  return yield* rows(
    found => ({ ...listing(found), people: number(found, 'people') }),
    sql`SELECT rooms.id, kind, topic, archived, last_seq, NULL AS role, 0 AS last_read_seq, name AS title,
               (SELECT count(*) FROM memberships AS all_in WHERE all_in.room_id = rooms.id) AS people,
               'everything' AS level, 0 AS unread, 0 AS mentions, '' AS hours, '' AS call, 0 AS staff
        FROM rooms
        WHERE kind IN ('open', 'announcement') AND archived = 0 AND id <= ${LAST_ROOM}
          AND id NOT IN (SELECT room_id FROM memberships WHERE user_id = ${viewer})
        ORDER BY folded`,
  )
}

/** A closed room is found from outside by those who are on its invitation list, or were invited in person. */
export function* find(viewer: UserId, folded: string): Script<Room | undefined> {
  const found = yield* row(
    found => ({
      ...room(found),
      id: number(found, 'id') as RoomId,
      isIn: found.user_id !== null,
      viewer: text(found, 'viewer'),
      lists: number(found, 'mask_lists'),
    }),
    sql`SELECT rooms.id, kind, rooms.name AS title, topic, archived, mask_lists, memberships.user_id,
               viewer.folded AS viewer
        FROM rooms JOIN users AS viewer ON viewer.id = ${viewer}
        LEFT JOIN memberships ON room_id = rooms.id AND user_id = viewer.id
        WHERE rooms.folded = ${folded} AND kind <> 'direct' AND rooms.id <= ${LAST_ROOM}`,
  )
  if (!found) return undefined
  const { isIn, viewer: name, lists, ...there } = found
  if (isIn || there.kind !== 'closed') return there
  const listed = lists === 0 ? [] : listsFor(name, yield* masksOf(there.id))
  return mayDiscover({ listed }, there) || (yield* isInvited(there.id, viewer)) ? there : undefined
}

export function* all(): Script<(SizedListing & { kind: NewRoom['kind'] })[]> {
  return yield* rows(
    found => ({
      ...listing(found),
      kind: oneOf(lasting, found, 'kind') ?? 'closed',
      people: number(found, 'people'),
    }),
    sql`SELECT rooms.id, kind, topic, archived, last_seq, NULL AS role, 0 AS last_read_seq, name AS title,
               (SELECT count(*) FROM memberships AS all_in WHERE all_in.room_id = rooms.id) AS people,
               'everything' AS level, 0 AS unread, 0 AS mentions, '' AS hours, '' AS call, 0 AS staff
        FROM rooms WHERE kind <> 'direct' AND id <= ${LAST_ROOM} ORDER BY id <> ${GENERAL}, folded`,
  )
}

const member = (found: Row): Member => ({
  person: profile(found),
  role: roomRoleOf(found, 'room_role'),
  mutedUntil: number(found, 'muted_until') as Instant,
  disabled: number(found, 'disabled') === 1,
})

export function* members(viewer: UserId, id: RoomId, after: string, limit: number): Script<Member[]> {
  yield* mustBeMember(id, viewer)
  return yield* rows(
    member,
    sql`SELECT users.*, memberships.role AS room_role, COALESCE(muted_until, 0) AS muted_until
        FROM memberships JOIN users ON users.id = memberships.user_id
        LEFT JOIN sanctions ON sanctions.room_id = memberships.room_id AND sanctions.user_id = users.id
        WHERE memberships.room_id = ${id} AND folded > ${after} ORDER BY folded LIMIT ${limit}`,
  )
}

export function* notable(viewer: UserId, id: RoomId, at: Instant, limit: number): Script<Member[]> {
  yield* mustBeMember(id, viewer)
  return yield* rows(
    member,
    sql`SELECT users.*, memberships.role AS room_role, COALESCE(muted_until, 0) AS muted_until
        FROM memberships JOIN users ON users.id = memberships.user_id
        LEFT JOIN sanctions ON sanctions.room_id = memberships.room_id AND sanctions.user_id = users.id
        WHERE memberships.room_id = ${id} AND disabled = 0
          AND (memberships.role <> 'member' OR users.role IN ('owner', 'admin') OR muted_until > ${at})
        ORDER BY folded LIMIT ${limit}`,
  )
}

export function* among(viewer: UserId, id: RoomId, people: readonly UserId[]): Script<Member[]> {
  yield* mustBeMember(id, viewer)
  return yield* rows(
    member,
    sql`SELECT users.*, memberships.role AS room_role, COALESCE(muted_until, 0) AS muted_until
        FROM json_each(${JSON.stringify(people)}) AS wanted CROSS JOIN memberships
        JOIN users ON users.id = memberships.user_id
        LEFT JOIN sanctions ON sanctions.room_id = memberships.room_id AND sanctions.user_id = users.id
        WHERE memberships.user_id = CAST(wanted.value AS BIGINT) AND memberships.room_id = ${id}
        ORDER BY folded`,
  )
}

export function* setLevel(person: UserId, id: RoomId, level: Level): Script<boolean> {
  yield* mustBeMember(id, person)
  const changed = yield* row(
    found => number(found, 'room_id'),
    sql`UPDATE memberships SET level = ${level} WHERE room_id = ${id} AND user_id = ${person} AND level <> ${level}
        RETURNING room_id`,
  )
  return changed !== undefined
}

export function* memberships(person: UserId, only?: RoomId): Script<Membership[]> {
  return yield* rows(
    found => {
      const head = seqIn(found, 'last_seq')
      const [read, joined] = [readOf(found, head), seqIn(found, 'joined_seq')]
      return { room: room(found), head, read, joined, level: levelOf(found) }
    },
    sql`SELECT id, kind, title, grouped, topic, archived, last_seq, last_read_seq, joined_seq, level FROM titled
        WHERE viewer = ${person} AND id <= ${LAST_ROOM} AND (${only ?? 0} = 0 OR id = ${only ?? 0}) ORDER BY id`,
  )
}
