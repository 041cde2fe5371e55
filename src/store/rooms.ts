// Rooms: which there are, and who is in them.

import {
  GENERAL,
  type Instant,
  type Level,
  type Room,
  type RoomId,
  type RoomKind,
  type Seq,
  type UserId,
} from '../core/model.ts'
import { mayKnow, mayOpenRooms } from '../core/permissions.ts'
import type { Entrance, Listing, Looks, Member, NewRoom, Rules, Sized } from '../core/ports.ts'
import { refuse } from '../core/refusals.ts'
import { admit, mustHaveSpace, write } from './changes.ts'
import { listsFor, masksOf, shownMasks } from './masks.ts'
import { isAsked } from './passes.ts'
import { profile, roleOf } from './person.ts'
import { kindOf, mustBeIn, openRoom, roomRoleOf, roomSeen } from './place.ts'
import { number, oneOf, type Row, row, rows, type Script, sql, text } from './sql.ts'

/** From the columns of a room, and `title`: its name as the viewer knows it. */
export function room(found: Row): Room {
  return {
    id: number(found, 'id') as RoomId,
    kind: kindOf(found),
    name: text(found, 'title'),
    topic: text(found, 'topic'),
    archived: number(found, 'archived') === 1,
  }
}

const levels: readonly Level[] = ['everything', 'mentions', 'nothing', 'invisible']

function levelOf(found: Row): Level {
  return oneOf(levels, found, 'level')
}

/** All kinds but direct ones. */
const lasting: readonly NewRoom['kind'][] = ['open', 'closed', 'announcement']

function listing(found: Row): Listing {
  return {
    ...room(found),
    head: number(found, 'last_seq') as Seq,
    role: found.role === null ? undefined : roomRoleOf(found, 'role'),
    read: number(found, 'last_read_seq') as Seq,
    level: levelOf(found),
    unread: number(found, 'unread'),
    mentions: number(found, 'mentions'),
  }
}

export function* create(by: UserId, wanted: NewRoom, at: Instant): Script<Room> {
  const { kind, name } = wanted
  yield* mayOpenAnother(by, 'rooms')
  yield* mustBeUnlike(wanted, undefined)
  const id = yield* insert(wanted)
  const opened = yield* openRoom(id, at)
  if (!opened) throw new Error('a room that was just made is not there')
  yield* admit(opened, by, 'owner')
  yield* write(opened, { actor: by, kind: 'arrival', person: by })
  return { id, kind, name, topic: '', archived: false }
}

type Called = Pick<NewRoom, 'folded' | keyof Looks>

/** No two rooms look alike. Refuses 'room-taken'. */
export function* mustBeUnlike(
  { folded, skeleton, written, shown }: Called,
  but: RoomId | undefined,
): Script<void> {
  const taken = yield* row(
    found => number(found, 'id'),
    sql`SELECT id FROM rooms
        WHERE (folded = ${folded} OR skeleton IN (${skeleton}, ${written}) OR shown = ${shown}) AND id <> ${but ?? 0}`,
  )
  if (taken !== undefined) refuse('room-taken')
}

/** Refuses 'forbidden', 'account-needed', 'too-many-rooms'. */
function* mayOpenAnother(person: UserId, among: 'rooms' | 'direct'): Script<void> {
  const role = yield* row(roleOf, sql`SELECT role FROM users WHERE id = ${person} AND disabled = 0`)
  mayOpenRooms(role ?? refuse('forbidden'))
  yield* mustHaveSpace(person, among)
}

/** Its name is made of the ids in it, in order, so that there is one room for the same people. */
export function* direct(people: readonly UserId[], at: Instant): Script<{ room: Room; made: boolean }> {
  const [first] = people
  const ids = [...new Set(people)].sort((a, b) => a - b)
  const name = `@${ids.join('+')}`
  const there = yield* row(
    found => number(found, 'id') as RoomId,
    sql`SELECT id FROM rooms WHERE folded = ${name}`,
  )
  if (first === undefined) throw new Error('a direct room of nobody')
  if (there === undefined) yield* mayOpenAnother(first, 'direct')
  const id = there ?? (yield* insert({ kind: 'direct', name, folded: name, skeleton: name, shown: name }))
  if (there === undefined) {
    const opened = yield* openRoom(id, at)
    if (!opened) throw new Error('a room that was just made is not there')
    for (const each of ids) yield* admit({ ...opened, last: (opened.last - 1) as Seq }, each, 'member')
  }
  const found = yield* row(
    room,
    sql`SELECT id, kind, topic, archived, ${''} AS title FROM rooms WHERE id = ${id}`,
  )
  if (!found) throw new Error('a direct room that is not there')
  return { room: { ...found, name: yield* namesIn(id, first) }, made: there === undefined }
}

function* namesIn(id: RoomId, viewer: UserId): Script<string> {
  const names = yield* rows(
    found => text(found, 'username'),
    sql`SELECT username FROM memberships JOIN users ON users.id = user_id
        WHERE room_id = ${id} AND user_id <> ${viewer} ORDER BY folded`,
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

function* insert({ kind, name, folded, skeleton, shown }: NewRow): Script<RoomId> {
  const id = yield* row(
    found => number(found, 'id') as RoomId,
    sql`INSERT INTO rooms (name, folded, skeleton, shown, kind)
        VALUES (${name}, ${folded}, ${skeleton}, ${shown}, ${kind}) RETURNING id`,
  )
  if (id === undefined) throw new Error('no row came back from an insert')
  return id
}

const COUNTED = 100

export function* mine(viewer: UserId): Script<Listing[]> {
  return yield* rows(
    listing,
    sql`SELECT id, kind, title, topic, archived, last_seq, role, last_read_seq, level,
               CASE WHEN level = 'invisible' OR last_seq = last_read_seq THEN 0 ELSE (
                 SELECT count(*) FROM (
                   SELECT 1 FROM messages
                   WHERE messages.id > titled.id * 4294967296 + last_read_seq
                     AND messages.id <= titled.id * 4294967296 + last_seq
                     AND messages.user_id <> ${viewer} AND deleted_at IS NULL
                     AND (kind <> 'direct'
                          OR messages.user_id NOT IN (SELECT blocked_id FROM blocks WHERE user_id = ${viewer}))
                   LIMIT ${COUNTED}
               ) AS counted) END AS unread,
               CASE WHEN level = 'invisible' OR last_seq = last_read_seq THEN 0 ELSE (
                 SELECT count(*) FROM (
                   SELECT 1 FROM mentions JOIN messages ON messages.id = message_id
                   WHERE mentions.user_id IN (0, ${viewer}) AND message_id > titled.id * 4294967296 + last_read_seq
                     AND message_id <= titled.id * 4294967296 + last_seq AND messages.user_id <> ${viewer}
                     AND messages.user_id NOT IN (SELECT blocked_id FROM blocks WHERE user_id = ${viewer})
                   LIMIT ${COUNTED}
               ) AS counted) END AS mentions
        FROM titled WHERE viewer = ${viewer} AND (kind <> 'direct' OR EXISTS (
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

export function* others(viewer: UserId): Script<Sized[]> {
  return yield* rows(
    found => ({ ...listing(found), people: number(found, 'people') }),
    sql`SELECT rooms.id, kind, topic, archived, last_seq, NULL AS role, 0 AS last_read_seq, name AS title,
               (SELECT count(*) FROM memberships AS all_in WHERE all_in.room_id = rooms.id) AS people,
               'everything' AS level, 0 AS unread, 0 AS mentions
        FROM rooms
        WHERE kind IN ('open', 'announcement') AND archived = 0
          AND id NOT IN (SELECT room_id FROM memberships WHERE user_id = ${viewer})
        ORDER BY folded`,
  )
}

/** Of a closed room learns from outside who is on its list of invitations, or is asked to come. */
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
        WHERE rooms.folded = ${folded} AND kind <> 'direct'`,
  )
  if (!found) return undefined
  const { isIn, viewer: name, lists, ...there } = found
  if (isIn || there.kind !== 'closed') return there
  const listed = lists === 0 ? [] : listsFor(name, yield* masksOf(there.id))
  return mayKnow({ listed }, there) || (yield* isAsked(there.id, viewer)) ? there : undefined
}

export function* all(): Script<(Sized & { kind: NewRoom['kind'] })[]> {
  return yield* rows(
    found => ({ ...listing(found), kind: oneOf(lasting, found, 'kind'), people: number(found, 'people') }),
    sql`SELECT rooms.id, kind, topic, archived, last_seq, NULL AS role, 0 AS last_read_seq, name AS title,
               (SELECT count(*) FROM memberships AS all_in WHERE all_in.room_id = rooms.id) AS people,
               'everything' AS level, 0 AS unread, 0 AS mentions
        FROM rooms WHERE kind <> 'direct' ORDER BY id <> ${GENERAL}, folded`,
  )
}

const member = (found: Row): Member => ({
  person: profile(found),
  role: roomRoleOf(found, 'room_role'),
  mutedUntil: number(found, 'muted_until') as Instant,
  disabled: number(found, 'disabled') === 1,
})

export function* members(viewer: UserId, id: RoomId, after: string, limit: number): Script<Member[]> {
  yield* mustBeIn(id, viewer)
  return yield* rows(
    member,
    sql`SELECT users.*, memberships.role AS room_role, COALESCE(muted_until, 0) AS muted_until
        FROM memberships JOIN users ON users.id = memberships.user_id
        LEFT JOIN sanctions ON sanctions.room_id = memberships.room_id AND sanctions.user_id = users.id
        WHERE memberships.room_id = ${id} AND folded > ${after} ORDER BY folded LIMIT ${limit}`,
  )
}

export function* among(viewer: UserId, id: RoomId, people: readonly UserId[]): Script<Member[]> {
  yield* mustBeIn(id, viewer)
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

export function* rules(viewer: UserId, id: RoomId, at: Instant): Script<Rules> {
  yield* mustBeIn(id, viewer)
  const found = yield* roomSeen(id, at)
  if (!found) refuse('not-a-member')
  const { kind, silencedUntil, slow, key, limit, flags, lists } = found
  // Bans of people are in no list of masks: they are looked for in any case.
  const masks = kind === 'direct' && lists === 0 ? [] : yield* shownMasks(id, found.at)
  return { kind, silencedUntil, slow, key, limit, flags, masks }
}

export function* setLevel(person: UserId, id: RoomId, level: Level): Script<boolean> {
  yield* mustBeIn(id, person)
  const changed = yield* row(
    found => number(found, 'room_id'),
    sql`UPDATE memberships SET level = ${level} WHERE room_id = ${id} AND user_id = ${person} AND level <> ${level}
        RETURNING room_id`,
  )
  return changed !== undefined
}

export function* entrances(person: UserId, only?: RoomId): Script<Entrance[]> {
  return yield* rows(
    found => ({
      room: room(found),
      head: number(found, 'last_seq') as Seq,
      read: number(found, 'last_read_seq') as Seq,
      joined: number(found, 'joined_seq') as Seq,
      level: levelOf(found),
    }),
    sql`SELECT id, kind, title, topic, archived, last_seq, last_read_seq, joined_seq, level FROM titled
        WHERE viewer = ${person} AND (${only ?? 0} = 0 OR id = ${only ?? 0}) ORDER BY id`,
  )
}
