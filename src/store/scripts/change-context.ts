// What the changes of a room share: their context, what they write, and how.

import type { LogEvent, Seq, UserId } from '../../core/model/model.ts'
import type { Change } from '../../core/ports/log.ts'
import { eventAt } from './events.ts'
import { moveHead } from './head.ts'
import { currentEpoch, idOf, type OpenRoom, type StoredParticipant } from './open-room.ts'
import { run, type Script, sql } from './sql.ts'

/** What a change writes to its row of `changes`; undefined if nothing changes. */
export type ChangeDetails =
  | {
      readonly target?: Seq
      readonly person?: UserId
      readonly value?: string
      readonly detail?: string
      /** Of the message that is deleted: for the moderation log. */
      readonly author?: UserId
      /** In place of whoever makes the change, of whom nobody is to learn. */
      readonly actor?: UserId
    }
  | undefined

export interface ChangeContext {
  readonly room: OpenRoom
  readonly actor: StoredParticipant
}

export type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>

export interface ChangeRow {
  readonly actor: UserId
  readonly kind: Exclude<LogEvent['kind'], 'message'>
  readonly target?: Seq
  readonly person?: UserId
  readonly value?: string
  readonly detail?: string
}

/** Writes the event under the room's next seq. */
export function* writeChange({ room, last, at }: OpenRoom, change: ChangeRow): Script<LogEvent> {
  const seq = (last + 1) as Seq
  const epoch = yield* currentEpoch()
  yield* run(
    sql`INSERT INTO changes (id, user_id, kind, target_seq, person_id, value, detail, created_at, epoch_id)
        VALUES (${idOf(room, seq)}, ${change.actor}, ${change.kind}, ${change.target ?? null}, ${change.person ?? null},
                ${change.value ?? ''}, ${change.detail ?? ''}, ${at}, ${epoch})`,
  )
  yield* moveHead(room, seq, at)
  return yield* eventAt(room, seq)
}
