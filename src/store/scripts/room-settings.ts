// A room's settings: name, topic, who may join, who may write. Each is changed by a change of the room.

import type { Instant, RoomId, UserId } from '../../core/model/model.ts'
import { mayConfigure, maySetCall, maySetModes, maySetTopic } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { RoomSettings } from '../../core/ports/rooms.ts'
import { hoursText } from '../../core/text/hours.ts'
import type { ChangeContext, ChangeDetails, ChangeOf } from './change-context.ts'
import { shownMasks } from './masks.ts'
import { bitOf, mustBeMember, readRoom } from './open-room.ts'
import { mustBeDistinct } from './room-names.ts'
import { run, type Script, sql } from './sql.ts'

export function* setTopic(
  { room, actor }: ChangeContext,
  { text }: ChangeOf<'topic'>,
): Script<ChangeDetails> {
  maySetTopic(actor, room, room.at)
  if (text === room.topic) return undefined
  yield* run(sql`UPDATE rooms SET topic = ${text} WHERE id = ${room.room}`)
  return { value: text, detail: 'topic' }
}

/** The detail is `name`, followed by the reason if there is one. */
export function* rename({ room, actor }: ChangeContext, wanted: ChangeOf<'name'>): Script<ChangeDetails> {
  const { name, folded, skeleton, shown, reason = '' } = wanted
  mayConfigure(actor, room)
  if (room.everyones) refuse('everyones')
  yield* mustBeDistinct(wanted, room.room)
  if (name === room.name) return undefined
  yield* run(
    sql`UPDATE rooms SET name = ${name}, folded = ${folded}, skeleton = ${skeleton}, shown = ${shown}
        WHERE id = ${room.room}`,
  )
  return { value: name, detail: reason === '' ? 'name' : `name ${reason}` }
}

export function* archive(
  { room, actor }: ChangeContext,
  { on }: ChangeOf<'archived'>,
): Script<ChangeDetails> {
  mayConfigure(actor, room)
  if (room.everyones) refuse('everyones')
  if (room.archived === on) return undefined
  yield* run(sql`UPDATE rooms SET archived = ${on ? 1 : 0} WHERE id = ${room.room}`)
  return { value: on ? 'yes' : 'no', detail: 'archived' }
}

export function* silence(
  { room, actor }: ChangeContext,
  { until }: ChangeOf<'silenced'>,
): Script<ChangeDetails> {
  maySetModes(actor, room)
  if (room.silencedUntil === until) return undefined
  yield* run(sql`UPDATE rooms SET silenced_until = ${until} WHERE id = ${room.room}`)
  return { value: `${until}`, detail: 'silenced' }
}

export function* slow({ room, actor }: ChangeContext, { seconds }: ChangeOf<'slow'>): Script<ChangeDetails> {
  maySetModes(actor, room)
  if (room.slow === seconds) return undefined
  yield* run(sql`UPDATE rooms SET slow_seconds = ${seconds} WHERE id = ${room.room}`)
  return { value: `${seconds}`, detail: 'slow' }
}

export function* setHours(
  { room, actor }: ChangeContext,
  { hours }: ChangeOf<'hours'>,
): Script<ChangeDetails> {
  maySetModes(actor, room)
  if (hours === (room.hours ? hoursText(room.hours) : '')) return undefined
  yield* run(sql`UPDATE rooms SET hours = ${hours} WHERE id = ${room.room}`)
  return { value: hours, detail: 'hours' }
}

export function* setCall(
  { room, actor }: ChangeContext,
  { address }: ChangeOf<'call'>,
): Script<ChangeDetails> {
  maySetCall(actor, room, room.at)
  if (address === room.call) return undefined
  yield* run(sql`UPDATE rooms SET call = ${address} WHERE id = ${room.room}`)
  return { value: address, detail: 'call' }
}

export function* setKind({ room, actor }: ChangeContext, { to }: ChangeOf<'kind'>): Script<ChangeDetails> {
  mayConfigure(actor, room)
  if (room.everyones) refuse('everyones')
  if (room.kind === to) return undefined
  yield* run(sql`UPDATE rooms SET kind = ${to} WHERE id = ${room.room}`)
  return { value: to, detail: 'kind' }
}

export function* setKey({ room, actor }: ChangeContext, { key }: ChangeOf<'key'>): Script<ChangeDetails> {
  maySetModes(actor, room)
  if (room.everyones) refuse('everyones')
  if (room.key === key) return undefined
  yield* run(sql`UPDATE rooms SET join_key = ${key} WHERE id = ${room.room}`)
  return { value: key, detail: 'key' }
}

export function* setLimit(
  { room, actor }: ChangeContext,
  { people }: ChangeOf<'limit'>,
): Script<ChangeDetails> {
  maySetModes(actor, room)
  if (room.everyones) refuse('everyones')
  if (room.limit === people) return undefined
  yield* run(sql`UPDATE rooms SET most_people = ${people} WHERE id = ${room.room}`)
  return { value: `${people}`, detail: 'limit' }
}

export function* setFlag(
  { room, actor }: ChangeContext,
  { flag, on }: ChangeOf<'flag'>,
): Script<ChangeDetails> {
  maySetModes(actor, room)
  if (room.everyones && flag === 'no-guests') refuse('everyones')
  if (room.flags.includes(flag) === on) return undefined
  const bit = bitOf(flag)
  // The room is locked, and the flag known to be the other way round.
  yield* run(sql`UPDATE rooms SET flags = flags + ${on ? bit : -bit} WHERE id = ${room.room}`)
  return { value: on ? 'yes' : 'no', detail: flag }
}

export function* settings(viewer: UserId, id: RoomId, at: Instant): Script<RoomSettings> {
  yield* mustBeMember(id, viewer)
  const found = yield* readRoom(id, at)
  if (!found) refuse('not-a-member')
  const { kind, silencedUntil, slow, hours, call, key, limit, flags, lists } = found
  // Bans of people are on no list of masks, so they are always looked up.
  const masks = kind === 'direct' && lists === 0 ? [] : yield* shownMasks(id, found.at)
  return { kind, silencedUntil, slow, hours: hours ? hoursText(hours) : '', call, key, limit, flags, masks }
}
