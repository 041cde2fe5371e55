// What changes a room besides posting: one script, judged by what is true when it runs.

import type { Instant, LogEvent, RoomId, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { Change } from '../../core/ports/log.ts'
import { withLists } from './masks.ts'
import { appoint, arrive, depart, mute, putMask } from './memberships.ts'
import { edit, pin, react, remove } from './message-changes.ts'
import { openRoom, readerIn } from './open-room.ts'
import { type Entry, type Scene, write } from './room-change.ts'
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
import { number, row, type Script, sql } from './sql.ts'

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
