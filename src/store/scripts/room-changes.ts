// What changes a room besides posting: one script, judged by what is true when it runs.

import type { Format, Instant, LogEvent, RoomId, RoomRole, Seq, UserId } from '../../core/model/model.ts'
import {
  isAdmin,
  mayAppoint,
  mayArrive,
  mayBan,
  mayDiscipline,
  mayErase,
  mayLeave,
  mayModerate,
  mayTakePart,
  mayWrite,
} from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import { MOST_BROUGHT, MOST_REACTIONS, MOST_ROOMS } from '../../core/model/rules.ts'
import type { Change } from '../../core/ports/log.ts'
import { isBlockedBy } from './blocks.ts'
import { formatOf } from './format.ts'
import { setMask, withLists } from './masks.ts'
import { noteMentions } from './mentions.ts'
import {
  currentEpoch,
  idOf,
  LAST_ROOM,
  lockPerson,
  madeFor,
  messageId,
  moveHead,
  type OpenRoom,
  openRoom,
  type Reader,
  readerIn,
} from './open-room.ts'
import { decline, hostOf, revoke } from './passes.ts'
import { eventAt } from './read-log.ts'
import {
  archive,
  rename,
  setFlag,
  setKey,
  setKind,
  setLimit,
  setTopic,
  silence,
  slow,
} from './room-settings.ts'
import { LAST_TIME, number, row, run, type Script, sql, text } from './sql.ts'
import { type Indexed, indexText, unindexText } from './text-index.ts'

/** What is written of it; undefined where it is so already. */
export type Entry =
  | { readonly target?: Seq; readonly person?: UserId; readonly value?: string; readonly detail?: string }
  | undefined

export interface Scene {
  readonly room: OpenRoom
  readonly actor: Reader
}

export type Of<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>

export function* change(by: UserId, room: RoomId, wanted: Change, at: Instant): Script<LogEvent | undefined> {
  const joining = wanted.kind === 'arrival' && wanted.person === by
  const found = yield* openRoom(room, at)
  const who = yield* readerIn(room, by)
  // Who is outside learns nothing of what is inside, not even whether there is such a room.
  if (!found || !who) refuse(joining ? 'no-such-room' : 'not-a-member')
  if (who.roomRole === undefined && !joining) refuse('not-a-member')
  const [actor = who] = yield* withLists(found, [who])
  const entry = yield* apply({ room: found, actor }, wanted)
  return entry && (yield* write(found, { actor: by, kind: eventKind(wanted), ...entry }))
}

/** Judged as by an owner of the room who is in it. */
export function* govern(folded: string, wanted: Change, at: Instant): Script<LogEvent | undefined> {
  const room = yield* row(
    found => number(found, 'id') as RoomId,
    sql`SELECT id FROM rooms WHERE folded = ${folded} AND kind <> 'direct'`,
  )
  const found = room === undefined ? undefined : yield* openRoom(room, at)
  if (!found) refuse('no-such-room')
  const owner = yield* row(
    found => number(found, 'id') as UserId,
    sql`SELECT id FROM users WHERE role = 'owner' AND disabled = 0 ORDER BY id LIMIT 1`,
  )
  const who = owner === undefined ? undefined : yield* readerIn(found.room, owner)
  if (!who) refuse('no-such-person')
  const entry = yield* apply({ room: found, actor: { ...who, roomRole: 'owner' } }, wanted)
  return entry && (yield* write(found, { actor: who.id, kind: eventKind(wanted), ...entry }))
}

const ALTERATIONS: readonly Change['kind'][] = [
  'topic',
  'name',
  'archived',
  'silenced',
  'slow',
  'kind',
  'key',
  'limit',
  'flag',
]

function eventKind({ kind }: Change): string {
  return ALTERATIONS.includes(kind) ? 'alteration' : kind
}

export interface Line {
  readonly actor: UserId
  readonly kind: string
  readonly target?: Seq
  readonly person?: UserId
  readonly value?: string
  readonly detail?: string
}

/** Under the room's next seq. */
export function* write({ room, last, at }: OpenRoom, line: Line): Script<LogEvent> {
  const seq = (last + 1) as Seq
  const epoch = yield* currentEpoch()
  yield* run(
    sql`INSERT INTO changes (id, user_id, kind, target_seq, person_id, value, detail, created_at, epoch_id)
        VALUES (${idOf(room, seq)}, ${line.actor}, ${line.kind}, ${line.target ?? null}, ${line.person ?? null},
                ${line.value ?? ''}, ${line.detail ?? ''}, ${at}, ${epoch})`,
  )
  yield* moveHead(room, seq, at)
  return yield* eventAt(room, seq)
}

function* apply(scene: Scene, wanted: Change): Script<Entry> {
  switch (wanted.kind) {
    case 'edit':
      return yield* edit(scene, wanted)
    case 'deletion':
      return yield* remove(scene, wanted)
    case 'reaction':
      return yield* react(scene, wanted)
    case 'pin':
      return yield* pin(scene, wanted)
    case 'arrival':
      return yield* arrive(scene, wanted)
    case 'removal':
      return yield* depart(scene, wanted)
    case 'appointment':
      return yield* appoint(scene, wanted)
    case 'muting':
      return yield* mute(scene, wanted)
    case 'mask':
      return yield* putMask(scene, wanted)
    case 'topic':
      return yield* setTopic(scene, wanted)
    case 'name':
      return yield* rename(scene, wanted)
    case 'archived':
      return yield* archive(scene, wanted)
    case 'silenced':
      return yield* silence(scene, wanted)
    case 'slow':
      return yield* slow(scene, wanted)
    case 'kind':
      return yield* setKind(scene, wanted)
    case 'key':
      return yield* setKey(scene, wanted)
    case 'limit':
      return yield* setLimit(scene, wanted)
    case 'flag':
      return yield* setFlag(scene, wanted)
  }
}

// --- messages --------------------------------------------------------------------------------------------

interface Original {
  readonly id: number
  readonly author: UserId
  readonly text: string
  readonly format: Format
}

/** Refuses 'no-such-message', also for one that was deleted. */
function* original(room: RoomId, seq: Seq): Script<Original> {
  const found = yield* row(
    found => ({
      id: number(found, 'id'),
      author: number(found, 'user_id') as UserId,
      text: text(found, 'message'),
      format: formatOf(found),
    }),
    sql`SELECT id, user_id, message, format FROM messages WHERE id = ${messageId(room, seq)} AND deleted_at IS NULL`,
  )
  return found ?? refuse('no-such-message')
}

function* edit({ room, actor }: Scene, { target, text, ...edited }: Of<'edit'>): Script<Entry> {
  mayWrite(actor, room, room.at)
  const { id, author, text: before, format: was } = yield* original(room.room, target)
  const { format = was } = edited
  if (author !== actor.id) refuse('not-yours')
  if (before === text && format === was) return undefined
  yield* unindex(room, { id, author, text: before, target })
  yield* run(
    sql`UPDATE messages SET message = ${text}, format = ${format}, styles = NULL, tags = NULL, edited_at = ${room.at}
        WHERE id = ${id}`,
  )
  yield* run(sql`DELETE FROM mentions WHERE message_id = ${id}`)
  yield* noteMentions(room, actor, { id, text, format })
  if (target <= room.indexed) yield* indexText(room.room, { id, author, text })
  return { target }
}

/** The text is gone from the row and the index; history blocks and the file are for others to clean. */
function* remove({ room, actor }: Scene, { target, reason = '' }: Of<'deletion'>): Script<Entry> {
  const { id, author, text: before } = yield* original(room.room, target)
  mayErase(actor, author === actor.id ? actor : yield* readerIn(room.room, author), room)
  yield* unindex(room, { id, author, text: before, target })
  yield* run(
    sql`UPDATE messages SET message = '', deleted_at = ${room.at}, styles = NULL, tags = NULL WHERE id = ${id}`,
  )
  yield* run(sql`DELETE FROM reactions WHERE message_id = ${id}`)
  yield* run(sql`DELETE FROM pins WHERE message_id = ${id}`)
  yield* run(sql`DELETE FROM mentions WHERE message_id = ${id}`)
  return { target, detail: reason }
}

function* unindex(
  { room, indexed }: OpenRoom,
  { target, ...removed }: Indexed & { target: Seq },
): Script<void> {
  if (target <= indexed) yield* unindexText(room, removed)
}

function* react({ room, actor }: Scene, { target, emoji, on }: Of<'reaction'>): Script<Entry> {
  mayTakePart(actor, room, room.at)
  const { id } = yield* original(room.room, target)
  const there = yield* row(
    found => found.user_id,
    sql`SELECT user_id FROM reactions WHERE message_id = ${id} AND emoji = ${emoji} AND user_id = ${actor.id}`,
  )
  if ((there !== undefined) === on) return undefined
  if (on) yield* mayReactOnceMore(id, actor.id)
  if (on)
    yield* run(sql`INSERT INTO reactions (message_id, emoji, user_id) VALUES (${id}, ${emoji}, ${actor.id})`)
  else
    yield* run(
      sql`DELETE FROM reactions WHERE message_id = ${id} AND emoji = ${emoji} AND user_id = ${actor.id}`,
    )
  return { target, value: emoji, detail: on ? 'on' : 'off' }
}

/** Refuses 'too-many-reactions'. */
function* mayReactOnceMore(message: number, person: UserId): Script<void> {
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM reactions WHERE message_id = ${message} AND user_id = ${person}`,
  )
  if ((count ?? 0) >= MOST_REACTIONS) refuse('too-many-reactions')
}

function* pin({ room, actor }: Scene, { target, on }: Of<'pin'>): Script<Entry> {
  mayModerate(actor, room)
  const { id } = yield* original(room.room, target)
  const there = yield* row(
    found => found.message_id,
    sql`SELECT message_id FROM pins WHERE message_id = ${id}`,
  )
  if ((there !== undefined) === on) return undefined
  if (on) yield* run(sql`INSERT INTO pins (message_id) VALUES (${id})`)
  else yield* run(sql`DELETE FROM pins WHERE message_id = ${id}`)
  return { target, detail: on ? 'on' : 'off' }
}

// --- people ----------------------------------------------------------------------------------------------

function* putMask(scene: Scene, wanted: Of<'mask'>): Script<Entry> {
  const entry = yield* setMask(scene, wanted)
  if (entry && wanted.on && wanted.list === 'ban') yield* revoke(scene.room, wanted.mask)
  return entry
}

/** Refuses 'no-such-person'. */
function* personIn(room: OpenRoom, person: UserId): Script<Reader> {
  const reader = (yield* readerIn(room.room, person)) ?? refuse('no-such-person')
  const [judged = reader] = yield* withLists(room, [reader])
  return judged
}

/** Like `personIn` for somebody who must be in the room. */
function* memberOf(room: OpenRoom, person: UserId): Script<Reader> {
  const reader = yield* personIn(room, person)
  return reader.roomRole === undefined ? refuse('no-such-person') : reader
}

function* arrive({ room, actor }: Scene, { person, key = '' }: Of<'arrival'>): Script<Entry> {
  const people = yield* peopleIn(room)
  const host = person === actor.id ? yield* hostOf(room.room, person) : undefined
  const isTheirs = madeFor(room).includes(person)
  mayArrive(actor, yield* personIn(room, person), { place: room, now: room.at, key, people, host, isTheirs })
  if (person !== actor.id) yield* mayPutIn(actor, person)
  else yield* mustHaveSpace(person, room.kind === 'direct' ? 'direct' : 'rooms')
  yield* run(sql`UPDATE sanctions SET banned_until = 0 WHERE room_id = ${room.room} AND user_id = ${person}`)
  yield* admit(room, { person, role: 'member', host: actor.id })
  return { person }
}

/** Counted only where that is limited. */
export function* peopleIn({ room, limit }: OpenRoom): Script<number> {
  if (limit === 0) return 0
  const people = yield* row(
    found => number(found, 'people'),
    sql`SELECT count(*) AS people FROM memberships WHERE room_id = ${room}`,
  )
  return people ?? 0
}

/**
 * Refuses 'too-many-rooms'. What others have put the person in uses up nothing of theirs; a conversation that they have
 * begun counts when they have left it, too, as long as somebody else is in it.
 */
export function* mustHaveSpace(person: UserId, among: Space): Script<void> {
  yield* lockPerson(person)
  const count = yield* COUNTED[among](person)
  if (count >= MOST_ROOMS) refuse('too-many-rooms')
}

/** new: for a room that they make. */
export type Space = 'rooms' | 'new' | 'direct'

const COUNTED: Readonly<Record<Space, (person: UserId) => Script<number>>> = {
  rooms: roomsOf,
  *new(person) {
    return (yield* roomsOf(person)) + (yield* emptiedRoomsOf(person))
  },
  direct: conversationsOf,
}

function* roomsOf(person: UserId): Script<number> {
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM memberships JOIN rooms ON rooms.id = room_id
        WHERE user_id = ${person} AND host_id IS NULL AND kind <> 'direct'`,
  )
  return count ?? 0
}

/**
 * That they have made, as the first row of each says, and in which nobody is any more: they stay, under their names, so
 * whoever makes and leaves them has a bound, too.
 */
function* emptiedRoomsOf(person: UserId): Script<number> {
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM rooms JOIN changes
          ON changes.id = CASE WHEN rooms.id <= ${LAST_ROOM} THEN rooms.id END * 4294967296 + 1
        WHERE rooms.kind <> 'direct' AND changes.user_id = ${person}
          AND NOT EXISTS (SELECT 1 FROM memberships WHERE room_id = rooms.id)`,
  )
  return count ?? 0
}

function* conversationsOf(person: UserId): Script<number> {
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(DISTINCT room_id) AS count FROM memberships JOIN rooms ON rooms.id = room_id
        WHERE (host_id = ${person} OR (user_id = ${person} AND host_id IS NULL)) AND kind = 'direct'`,
  )
  return count ?? 0
}

/**
 * Nobody floods another with rooms, who may leave them; and whom one has blocked brings one nowhere, unless they look
 * after the server. Refuses 'forbidden', 'too-many-brought'.
 */
function* mayPutIn({ id: host, role }: Reader, person: UserId): Script<void> {
  if (!isAdmin(role) && (yield* isBlockedBy(person, host))) refuse('forbidden')
  yield* lockPerson(person)
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM memberships JOIN rooms ON rooms.id = room_id
        WHERE user_id = ${person} AND host_id = ${host} AND kind <> 'direct'`,
  )
  if ((count ?? 0) >= MOST_BROUGHT) refuse('too-many-brought')
}

export interface Newcomer {
  readonly person: UserId
  readonly role: RoomRole
  /** Who has put them there: themselves, or somebody else. */
  readonly host: UserId
}

/** Who arrives has read what was said before, and their own arrival, which is what is written next; nobody asks them any more. */
export function* admit({ room, last }: OpenRoom, { person, role, host }: Newcomer): Script<void> {
  yield* run(
    sql`INSERT INTO memberships (room_id, user_id, last_read_seq, role, joined_seq, host_id)
        VALUES (${room}, ${person}, ${last + 1}, ${role}, ${last + 1}, ${host === person ? null : host})`,
  )
  yield* decline(person, room)
}

function* depart(scene: Scene, wanted: Of<'removal'>): Script<Entry> {
  const { room, actor } = scene
  const { how, reason, until } = wanted
  const person = how === 'left' ? actor.id : wanted.person
  if (how === 'left') yield* mayGo(scene)
  else yield* mayBeSentOut(scene, wanted)
  yield* run(sql`DELETE FROM memberships WHERE room_id = ${room.room} AND user_id = ${person}`)
  if (how === 'banned') {
    yield* decline(person, room.room)
    yield* run(
      sql`INSERT INTO sanctions (room_id, user_id, banned_until, banned_by, banned_at)
          VALUES (${room.room}, ${person}, ${until}, ${actor.id}, ${room.at})
          ON CONFLICT (room_id, user_id)
          DO UPDATE SET banned_until = ${until}, banned_by = ${actor.id}, banned_at = ${room.at}`,
    )
  }
  return { person, value: how, detail: how === 'banned' ? banDetail(reason, until) : reason }
}

/** A reason is one line: behind it stands when the ban ends, if it does. */
function banDetail(reason: string, until: Instant): string {
  return until > LAST_TIME ? reason : `${reason}\n${until}`
}

function* mayGo({ room, actor }: Scene): Script<void> {
  mayLeave(room, madeFor(room).length === 2)
  if (actor.roomRole === 'owner') yield* mustKeepOwner(room, actor.id)
}

/** Never an owner: nobody ranks above them. */
function* mayBeSentOut({ room, actor }: Scene, { person, how }: Of<'removal'>): Script<void> {
  const whom = yield* personIn(room, person)
  if (how === 'kicked' && whom.roomRole === undefined) refuse('no-such-person')
  if (room.everyones) refuse('everyones')
  if (how === 'banned') mayBan(actor, whom, room)
  else mayDiscipline(actor, whom, room)
}

/** Without this owner somebody must be left who may do everything, unless nobody is left. Refuses 'last-owner'. */
function* mustKeepOwner({ room, everyones }: OpenRoom, without: UserId): Script<void> {
  if (everyones) return
  const left = yield* row(
    found => ({ owners: number(found, 'owners'), people: number(found, 'people') }),
    sql`SELECT count(*) FILTER (WHERE memberships.role = 'owner') AS owners, count(*) AS people
        FROM memberships JOIN users ON users.id = user_id
        WHERE room_id = ${room} AND user_id <> ${without} AND disabled = 0`,
  )
  if (left?.owners === 0 && left.people > 0) refuse('last-owner')
}

function* appoint({ room, actor }: Scene, { person, role }: Of<'appointment'>): Script<Entry> {
  const whom = yield* memberOf(room, person)
  mayAppoint(actor, whom, { place: room, role })
  if (whom.roomRole === role) return undefined
  if (whom.roomRole === 'owner') yield* mustKeepOwner(room, person)
  yield* run(sql`UPDATE memberships SET role = ${role} WHERE room_id = ${room.room} AND user_id = ${person}`)
  return { person, value: role, detail: whom.roomRole ?? '' }
}

function* mute({ room, actor }: Scene, { person, until }: Of<'muting'>): Script<Entry> {
  const whom = yield* memberOf(room, person)
  mayDiscipline(actor, whom, room)
  if (whom.mutedUntil === until) return undefined
  yield* run(
    sql`INSERT INTO sanctions (room_id, user_id, muted_until) VALUES (${room.room}, ${person}, ${until})
        ON CONFLICT (room_id, user_id) DO UPDATE SET muted_until = ${until}`,
  )
  return { person, value: `${until}` }
}
