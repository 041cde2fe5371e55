// Conversations: which is that of a set of people, what a group of more than two is called, who has hidden one.
//
// A conversation that nobody has left or been added to is found by its people: its row's name is made of their ids, @1+2+3.
// A group that somebody leaves, or that somebody is added to, is itself alone from then on: @~7, by its own number, which no
// set of people finds.

import type { RoomId, Seq, UserId } from '../../core/model/model.ts'
import { mayTakePart } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import { MOST_DIRECT } from '../../core/model/rules.ts'
import type { ChangeContext, ChangeDetails, ChangeOf } from './change-context.ts'
import { mustBeMember, type OpenRoom, type StoredParticipant } from './open-room.ts'
import { number, row, run, type Script, sql } from './sql.ts'

/** The name of the row of the conversation that these people have, and nobody has left. */
export function nameOfPeople(people: readonly UserId[]): string {
  return `@${[...people].sort((a, b) => a - b).join('+')}`
}

/** The people who find the conversation by themselves; empty for a group that is itself alone, and for other rooms. */
function peopleInName({ kind, name }: Pick<OpenRoom, 'kind' | 'name'>): readonly UserId[] {
  return kind === 'direct' && /^@\d+(?:\+\d+)*$/.test(name)
    ? name
        .slice(1)
        .split('+')
        .map(id => Number(id) as UserId)
    : []
}

/** The two people of a conversation of two, who keep it for ever; empty for other rooms. */
export function pairIn(room: Pick<OpenRoom, 'kind' | 'name'>): readonly UserId[] {
  const people = peopleInName(room)
  return people.length <= 2 ? people : []
}

/** Whether it is a conversation that one may leave, name, and add people to. */
export function isGroup(room: Pick<OpenRoom, 'kind' | 'name'>): boolean {
  return room.kind === 'direct' && pairIn(room).length === 0
}

/** No set of people finds the conversation any more. */
export function* setApart(room: RoomId): Script<void> {
  const name = `@~${room}`
  yield* run(
    sql`UPDATE rooms SET name = ${name}, folded = ${name}, skeleton = ${name}, shown = ${name} WHERE id = ${room}`,
  )
}

/** Refuses 'too-many'. */
export function* mustHavePlace({ room }: OpenRoom): Script<void> {
  const people = yield* row(
    found => number(found, 'people'),
    sql`SELECT count(*) AS people FROM memberships WHERE room_id = ${room}`,
  )
  if ((people ?? 0) >= MOST_DIRECT) refuse('too-many')
}

/** The detail is `title`. */
export function* setTitle(
  { room, actor }: ChangeContext,
  { text }: ChangeOf<'title'>,
): Script<ChangeDetails> {
  mayTakePart(actor, room, room.at)
  if (!isGroup(room)) refuse('forbidden')
  const set = yield* row(
    found => number(found, 'id'),
    sql`UPDATE rooms SET title = ${text} WHERE id = ${room.room} AND title <> ${text} RETURNING id`,
  )
  return set === undefined ? undefined : { value: text, detail: 'title' }
}

/** Until something new is said in it, or no longer. @returns false when it was so already */
export function* hide(person: UserId, id: RoomId, on: boolean): Script<boolean> {
  yield* mustBeMember(id, person)
  const changed = yield* row(
    found => number(found, 'room_id'),
    sql`UPDATE memberships SET hidden_seq = CASE WHEN ${on ? 1 : 0} = 1 THEN (SELECT last_seq + 1 FROM rooms WHERE id = ${id}) ELSE 0 END
        WHERE room_id = ${id} AND user_id = ${person}
          AND EXISTS (SELECT 1 FROM rooms WHERE id = ${id} AND kind = 'direct')
          AND (${on ? 1 : 0} = 1 OR hidden_seq <> 0)
        RETURNING room_id`,
  )
  return changed !== undefined
}

/**
 * The seq from which on somebody may read: of a conversation, that of their arrival, from the start for those who began
 * it; of another room, from the start. What happened before is as if it were not there for them.
 */
export function firstRead(
  { kind }: Pick<OpenRoom, 'kind'>,
  { joined }: Pick<StoredParticipant, 'joined'>,
): Seq {
  return kind === 'direct' ? joined : (0 as Seq)
}
