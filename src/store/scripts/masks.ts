// A room's lists of masks: who is on them, and how they change.

import { isWild, MOST_MASKS, matchesMask } from '../../core/model/masks.ts'
import type { Instant, MaskList, RoomId } from '../../core/model/model.ts'
import { maySetModes } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { MaskEntry } from '../../core/ports/rooms.ts'
import type { ChangeContext, ChangeDetails, ChangeOf } from './change-context.ts'
import type { OpenRoom, StoredParticipant } from './open-room.ts'
import { instant, number, oneOf, type Row, row, rows, run, type Script, sql, text, username } from './sql.ts'

/** The bit of each list in rooms.mask_lists, which is set while the list has masks. */
const BITS: Readonly<Record<MaskList, number>> = { ban: 1, mute: 2, exception: 4, invitation: 8 }
export const lists: readonly MaskList[] = ['ban', 'mute', 'exception', 'invitation']
/** The lists that keep people from writing. */
const SILENCING = BITS.ban | BITS.mute

type Mask = Pick<MaskEntry, 'list' | 'mask'>

/** undefined for an unknown list. */
export function listOf(found: Row): MaskList | undefined {
  return oneOf(lists, found, 'list')
}

/** The participants with the lists that each is on. Runs no query for a room without masks. */
export function* withLists(
  { room, lists }: OpenRoom,
  participants: readonly StoredParticipant[],
): Script<readonly StoredParticipant[]> {
  if (lists === 0) return participants
  const masks = yield* masksOf(room)
  return participants.map(participant => ({ ...participant, listed: listsFor(participant.folded, masks) }))
}

/** Like `withLists` where only the lists matter that keep people from writing. */
export function* withSilencing(
  room: OpenRoom,
  participants: readonly StoredParticipant[],
): Script<readonly StoredParticipant[]> {
  return (room.lists & SILENCING) === 0 ? participants : yield* withLists(room, participants)
}

export function* masksOf(room: RoomId): Script<Mask[]> {
  return masksFrom(yield* rows(found => found, sql`SELECT list, mask FROM masks WHERE room_id = ${room}`))
}

/** Leaves out masks on unknown lists. */
export function masksFrom(found: readonly Row[]): Mask[] {
  return found.flatMap(each => {
    const list = listOf(each)
    return list === undefined ? [] : [{ list, mask: text(each, 'mask') }]
  })
}

export function listsFor(folded: string, masks: readonly Mask[]): MaskList[] {
  return lists.filter(list => masks.some(each => each.list === list && matchesMask(each.mask, folded)))
}

/** All masks, and banned people as masks of their names; by list, the oldest first. */
export function* shownMasks(room: RoomId, at: Instant): Script<MaskEntry[]> {
  const found = yield* rows(
    found => ({
      list: listOf(found),
      mask: text(found, 'mask'),
      by: found.by_name === null ? undefined : username(found, 'by_name'),
      at: instant(found, 'at'),
    }),
    sql`SELECT list, mask, username AS by_name, masks.created_at AS at
        FROM masks JOIN users ON users.id = user_id WHERE room_id = ${room}
        UNION ALL
        SELECT 'ban', users.folded, by_whom.username, banned_at
        FROM sanctions JOIN users ON users.id = sanctions.user_id LEFT JOIN users AS by_whom ON by_whom.id = banned_by
        WHERE room_id = ${room} AND banned_until > ${at}
          AND users.folded NOT IN (SELECT mask FROM masks WHERE room_id = ${room} AND list = 'ban')
        ORDER BY list, at, mask`,
  )
  return found.flatMap(({ list, ...shown }) => (list === undefined ? [] : [{ list, ...shown }]))
}

export function* setMask(context: ChangeContext, wanted: ChangeOf<'mask'>): Script<ChangeDetails> {
  const { room, actor } = context
  maySetModes(actor, room)
  const done = wanted.on ? yield* addMask(context, wanted) : yield* removeMask(room, wanted)
  if (!done) return undefined
  return { value: wanted.mask, detail: `${wanted.list} ${wanted.on ? 'on' : 'off'}` }
}

/** @returns false if the mask was there already. Refuses 'list-full'. */
function* addMask({ room, actor }: ChangeContext, { list, mask }: ChangeOf<'mask'>): Script<boolean> {
  const there = yield* row(
    found => ({ same: number(found, 'same'), all: number(found, 'all_there') }),
    sql`SELECT count(*) FILTER (WHERE mask = ${mask}) AS same, count(*) AS all_there
        FROM masks WHERE room_id = ${room.room} AND list = ${list}`,
  )
  if (there?.same === 1) return false
  if ((there?.all ?? 0) >= MOST_MASKS) refuse('list-full')
  yield* run(
    sql`INSERT INTO masks (room_id, list, mask, user_id, created_at)
        VALUES (${room.room}, ${list}, ${mask}, ${actor.id}, ${room.at})`,
  )
  yield* storeLists(room, room.lists | BITS[list])
  return true
}

/** @returns false if there was nothing to remove */
function* removeMask(room: OpenRoom, { list, mask }: ChangeOf<'mask'>): Script<boolean> {
  const gone = yield* rows(
    found => text(found, 'mask'),
    sql`DELETE FROM masks WHERE room_id = ${room.room} AND list = ${list} AND mask = ${mask} RETURNING mask`,
  )
  const left = yield* row(
    found => text(found, 'mask'),
    sql`SELECT mask FROM masks WHERE room_id = ${room.room} AND list = ${list} LIMIT 1`,
  )
  if (gone.length > 0 && left === undefined) yield* storeLists(room, room.lists & ~BITS[list])
  const pardoned = list === 'ban' && !isWild(mask) && (yield* unban(room, mask))
  return gone.length > 0 || pardoned
}

/** Lifts the ban of the person with this name. @returns whether there was one */
function* unban(room: OpenRoom, folded: string): Script<boolean> {
  const pardoned = yield* rows(
    found => number(found, 'user_id'),
    sql`UPDATE sanctions SET banned_until = 0
        WHERE room_id = ${room.room} AND banned_until > ${room.at}
          AND user_id = (SELECT id FROM users WHERE folded = ${folded}) RETURNING user_id`,
  )
  return pardoned.length > 0
}

function* storeLists({ room, lists }: OpenRoom, now: number): Script<void> {
  if (now !== lists) yield* run(sql`UPDATE rooms SET mask_lists = ${now} WHERE id = ${room}`)
}
