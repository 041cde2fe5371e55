// Every change of a room besides posting: one script, which judges it by what is true in its transaction.

import type { Instant, LogEvent, RoomId, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { Change } from '../../core/ports/log.ts'
import { recordModeration } from './acts.ts'
import {
  type ChangeContext,
  type ChangeDetails,
  type ChangeOf,
  type ChangeRow,
  writeChange,
} from './change-context.ts'
import { firstRead, setTitle } from './conversations.ts'
import { withLists } from './masks.ts'
import { appoint, arrive, depart, mute, putMask } from './memberships.ts'
import { edit, pin, react, remove } from './message-changes.ts'
import { openRoom, participantIn } from './open-room.ts'
import { endPoll, vote } from './poll-changes.ts'
import { show, takeOff } from './previews.ts'
import {
  archive,
  rename,
  setCall,
  setFlag,
  setHours,
  setKey,
  setKind,
  setLimit,
  setTopic,
  silence,
  slow,
} from './room-settings.ts'
import { number, row, type Script, sql } from './sql.ts'

export function* change(by: UserId, room: RoomId, wanted: Change, at: Instant): Script<LogEvent | undefined> {
  const joining = wanted.kind === 'arrival' && wanted.person === by
  const found = yield* openRoom(room, at)
  const who = yield* participantIn(room, by)
  // To people outside a room a refusal must not even reveal whether it exists.
  if (!found || !who) refuse(joining ? 'no-such-room' : 'not-a-member')
  if (who.roomRole === undefined && !joining) refuse('not-a-member')
  const [actor = who] = yield* withLists(found, [who])
  return yield* apply({ room: found, actor }, wanted)
}

/** A change by the operator, judged as if by an owner of the room. */
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
  const who = owner === undefined ? undefined : yield* participantIn(found.room, owner)
  if (!who) refuse('no-such-person')
  return yield* apply({ room: found, actor: { ...who, roomRole: 'owner' } }, wanted)
}

/** For each kind of change, the kind of event that it becomes in the log, and the script that judges and applies it. */
const KINDS: {
  readonly [Kind in Change['kind']]: { readonly event: ChangeRow['kind']; readonly apply: Apply<Kind> }
} = {
  edit: { event: 'edit', apply: edit },
  deletion: { event: 'deletion', apply: remove },
  reaction: { event: 'reaction', apply: react },
  pin: { event: 'pin', apply: pin },
  preview: { event: 'preview', apply: show },
  vote: { event: 'poll', apply: vote },
  'poll-end': { event: 'poll', apply: endPoll },
  'preview-off': { event: 'preview', apply: takeOff },
  arrival: { event: 'arrival', apply: arrive },
  removal: { event: 'removal', apply: depart },
  appointment: { event: 'appointment', apply: appoint },
  muting: { event: 'muting', apply: mute },
  mask: { event: 'mask', apply: putMask },
  topic: { event: 'alteration', apply: setTopic },
  title: { event: 'alteration', apply: setTitle },
  name: { event: 'alteration', apply: rename },
  archived: { event: 'alteration', apply: archive },
  silenced: { event: 'alteration', apply: silence },
  slow: { event: 'alteration', apply: slow },
  hours: { event: 'alteration', apply: setHours },
  call: { event: 'alteration', apply: setCall },
  kind: { event: 'alteration', apply: setKind },
  key: { event: 'alteration', apply: setKey },
  limit: { event: 'alteration', apply: setLimit },
  flag: { event: 'alteration', apply: setFlag },
}

type Apply<Kind extends Change['kind']> = (
  context: ChangeContext,
  wanted: ChangeOf<Kind>,
) => Script<ChangeDetails>

/** @returns the event; undefined if nothing changes */
function* apply(context: ChangeContext, wanted: Change): Script<LogEvent | undefined> {
  const { room, actor } = context
  // Of what happened before they came, people of a conversation know nothing.
  if ('target' in wanted && wanted.target <= firstRead(room, actor)) refuse('no-such-message')
  const { event, apply } = KINDS[wanted.kind]
  const details = yield* (apply as Apply<typeof wanted.kind>)(context, wanted)
  if (!details) return undefined
  const { author, ...row } = details
  const written = yield* writeChange(context.room, { actor: context.actor.id, kind: event, ...row })
  yield* recordModeration(context.room, written, author)
  return written
}
