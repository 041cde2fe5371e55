// The moderation log: what was done about people and rooms, in order.

import {
  ACCOUNT_ACTS,
  type AccountActKind,
  type Act,
  type ActPerson,
  MODERATION_KINDS,
  type ModerationEvent,
} from '../../core/model/acts.ts'
import { type Instant, type LogEvent, NOBODY, type RoomId, type UserId } from '../../core/model/model.ts'
import { isAdmin, isModerator } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { ActsPage, FoundActs } from '../../core/ports/acts.ts'
import type { Authority } from '../../core/ports/people.ts'
import { validChange } from './events.ts'
import { idOf, LAST_ID, type OpenRoom, participantIn, readRoom } from './open-room.ts'
import { authority } from './person.ts'
import {
  dialect,
  instant,
  number,
  oneOf,
  type Row,
  roomName,
  rows,
  run,
  type Script,
  sql,
  text,
  username,
} from './sql.ts'

interface AccountActRow {
  readonly kind: AccountActKind
  readonly person?: UserId
  readonly value?: string
  readonly detail?: string
  readonly at: Instant
}

/** Notes an act on an account or the server. */
export function* recordAct(by: Authority, act: AccountActRow): Script<void> {
  yield* insert({ ...act, by: by ?? 0, person: act.person ?? null, room: 0, change: null })
}

/** Notes what somebody did in a room, as far as it is moderation. @param whom the author of a deleted message */
export function* recordModeration({ kind: room }: OpenRoom, event: LogEvent, whom?: UserId): Script<void> {
  if (room === 'direct' || !isModeration(event, whom)) return
  const person = 'person' in event ? event.person.id : (whom ?? null)
  const change = idOf(event.room, event.seq)
  const { kind, author, at } = event
  yield* insert({ kind, by: author.id, person, room: event.room, change, at })
}

function isModeration(event: LogEvent, whom: UserId | undefined): event is ModerationEvent {
  if (event.kind === 'removal') return event.how !== 'left'
  if (event.kind === 'deletion') return whom !== undefined && whom !== event.author.id
  return MODERATION_KINDS.some(each => each === event.kind)
}

interface ActRow extends Omit<AccountActRow, 'kind' | 'person'> {
  readonly kind: string
  readonly by: number
  readonly person: number | null
  readonly room: number
  readonly change: number | null
}

function* insert({ at, by, person, room, change, kind, value = '', detail = '' }: ActRow): Script<void> {
  if ((yield* dialect()) === 'postgres')
    return yield* run(
      sql`INSERT INTO acts (created_at, user_id, person_id, room_id, change_id, kind, value, detail)
          VALUES (${at}, ${by}, ${person}, ${room}, ${change}, ${kind}, ${value}, ${detail})`,
    )
  // SQLite would continue after the highest id, which another program may have set beyond the safe integers.
  yield* run(
    sql`INSERT INTO acts (id, created_at, user_id, person_id, room_id, change_id, kind, value, detail)
        SELECT COALESCE(max(id), 0) + 1, ${at}, ${by}, ${person}, ${room}, ${change}, ${kind}, ${value}, ${detail}
        FROM acts WHERE id BETWEEN 0 AND ${LAST_ID}`,
  )
}

// --- reading ---------------------------------------------------------------------------------------------

export function* list(reader: UserId, page: ActsPage): Script<FoundActs> {
  yield* mustModerate(reader, page.room)
  const { person, before = LAST_ID, limit } = page
  const room = page.room ?? 0
  const found = yield* rows(
    raw => ({ id: number(raw, 'act_id'), act: act(raw) }),
    sql`SELECT acts.id AS act_id, acts.created_at AS acted_at, acts.kind AS act_kind, acts.value AS act_value,
               acts.detail AS act_detail, acts.user_id AS by_id, doer.username AS by_name, doer.folded AS by_folded,
               acts.person_id AS whom_id, whom.username AS whom_name, whom.folded AS whom_folded,
               acts.room_id, rooms.name AS room_name,
               changes.id, changes.user_id, doer.username, changes.kind, target_seq, changes.person_id,
               person.username AS person, changes.value, changes.detail, changes.created_at, NULL AS now, 'plain' AS format,
               NULL AS thread
        FROM acts
        LEFT JOIN users AS doer ON doer.id = acts.user_id LEFT JOIN users AS whom ON whom.id = acts.person_id
        LEFT JOIN rooms ON rooms.id = acts.room_id
        LEFT JOIN changes ON changes.id = change_id LEFT JOIN users AS person ON person.id = changes.person_id
        WHERE acts.id IN (
          SELECT id FROM (
            SELECT id FROM acts WHERE ${person ?? 0} = 0 AND (${room} = 0 OR room_id = ${room}) AND id < ${before}
            ORDER BY id DESC LIMIT ${limit + 1}) AS everybodys
          UNION SELECT id FROM (
            SELECT id FROM acts WHERE person_id = ${person ?? -1} AND (${room} = 0 OR room_id = ${room}) AND id < ${before}
            ORDER BY id DESC LIMIT ${limit + 1}) AS about_them
          UNION SELECT id FROM (
            SELECT id FROM acts WHERE acts.user_id = ${person ?? -1} AND (${room} = 0 OR room_id = ${room}) AND id < ${before}
            ORDER BY id DESC LIMIT ${limit + 1}) AS by_them
        )
        ORDER BY acts.id DESC LIMIT ${limit + 1}`,
  )
  const shown = found.slice(0, limit)
  return {
    acts: shown.flatMap(each => (each.act ? [each.act] : [])),
    next: found.length > limit ? shown.at(-1)?.id : undefined,
  }
}

function* mustModerate(reader: UserId, room: RoomId | undefined): Script<void> {
  const role = (yield* authority(reader)) ?? refuse('forbidden')
  if (isAdmin(role)) return
  if (room === undefined) refuse('forbidden')
  const [who, found] = [yield* participantIn(room, reader), yield* readRoom(room, 0 as Instant)]
  if (who?.roomRole === undefined || !found) refuse('not-a-member')
  if (!isModerator(who, found)) refuse('forbidden')
}

/** undefined for a row that makes no sense, or whose event another program has deleted. */
function act(found: Row): Act | undefined {
  const done = {
    id: number(found, 'act_id'),
    at: instant(found, 'acted_at'),
    by: personOf(found, 'by'),
    person: personOf(found, 'whom'),
  }
  const kind = oneOf(ACCOUNT_ACTS, found, 'act_kind')
  if (kind)
    return { ...done, act: { kind, value: text(found, 'act_value'), detail: text(found, 'act_detail') } }
  const event = found.id === null ? undefined : validChange(found)
  if (!event || !isShown(event)) return undefined
  const room = { id: number(found, 'room_id') as RoomId, name: roomName(found, 'room_name') }
  return { ...done, room, event: withoutKey(event) }
}

function isShown(event: LogEvent): event is ModerationEvent {
  return MODERATION_KINDS.some(each => each === event.kind)
}

/** Admins read it who are not in the room. */
function withoutKey(event: ModerationEvent): ModerationEvent {
  if (event.kind !== 'alteration' || event.what !== 'key' || event.value === '') return event
  return { ...event, value: '…' }
}

function personOf(found: Row, as: 'by' | 'whom'): ActPerson | undefined {
  const id = found[`${as}_id`] === null ? 0 : number(found, `${as}_id`)
  if (id === 0) return undefined
  if (found[`${as}_name`] === null) return { id: id as UserId, username: NOBODY.username, gone: true }
  const isGone = text(found, `${as}_folded`) === `~${id}`
  return { id: id as UserId, username: username(found, `${as}_name`), ...(isGone && { gone: true }) }
}
