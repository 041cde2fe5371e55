// Joining and leaving rooms, kicks and bans, roles and mutes.

import type { Instant, RoomRole, UserId } from '../../core/model/model.ts'
import {
  isAdmin,
  mayAppoint,
  mayBan,
  mayDiscipline,
  mayJoin,
  mayLeave,
} from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import { MOST_BROUGHT } from '../../core/model/rules.ts'
import { isBlockedBy } from './blocks.ts'
import type { ChangeContext, ChangeDetails, ChangeOf } from './change-context.ts'
import { isGroup, mustHavePlace, pairIn, setApart } from './conversations.ts'
import { setMask, withLists } from './masks.ts'
import { lockPerson, type OpenRoom, participantIn, type StoredParticipant } from './open-room.ts'
import { decline, inviterOf, revokeInvitations } from './room-invitations.ts'
import { mustHaveQuota } from './room-quota.ts'
import { LAST_TIME, number, row, run, type Script, sql } from './sql.ts'

export function* putMask(context: ChangeContext, wanted: ChangeOf<'mask'>): Script<ChangeDetails> {
  const details = yield* setMask(context, wanted)
  if (details && wanted.on && wanted.list === 'ban') yield* revokeInvitations(context.room, wanted.mask)
  return details
}

/** Somebody as the room sees them, in it or not. Refuses 'no-such-person'. */
function* personIn(room: OpenRoom, person: UserId): Script<StoredParticipant> {
  const found = (yield* participantIn(room.room, person)) ?? refuse('no-such-person')
  const [judged = found] = yield* withLists(room, [found])
  return judged
}

/** Like `personIn` for a member of the room. Refuses 'not-there'. */
function* memberOf(room: OpenRoom, person: UserId): Script<StoredParticipant> {
  const member = yield* personIn(room, person)
  return member.roomRole === undefined ? refuse('not-there') : member
}

export function* arrive(
  { room, actor }: ChangeContext,
  { person, key = '' }: ChangeOf<'arrival'>,
): Script<ChangeDetails> {
  const people = yield* peopleIn(room)
  const host = person === actor.id ? yield* inviterOf(room.room, person) : undefined
  const isTheirs = pairIn(room).includes(person)
  mayJoin(actor, yield* personIn(room, person), {
    room,
    now: room.at,
    key,
    people,
    host,
    isTheirs,
    isGroup: isGroup(room),
  })
  if (isGroup(room)) yield* mustHavePlace(room)
  if (person !== actor.id) yield* mustBeAllowedToBring(actor, person)
  else yield* mustHaveQuota(person, room.kind === 'direct' ? 'direct' : 'rooms')
  yield* run(sql`UPDATE sanctions SET banned_until = 0 WHERE room_id = ${room.room} AND user_id = ${person}`)
  yield* admit(room, { person, role: 'member', host: actor.id })
  if (isGroup(room)) yield* setApart(room.room)
  return { person }
}

/** The number of members; 0 for a room without a limit, where it is not counted. */
export function* peopleIn({ room, limit }: OpenRoom): Script<number> {
  if (limit === 0) return 0
  const people = yield* row(
    found => number(found, 'people'),
    sql`SELECT count(*) AS people FROM memberships WHERE room_id = ${room}`,
  )
  return people ?? 0
}

/**
 * Checks that the host may bring this person into a room: not if the person has blocked them (admins may), and into no
 * more than MOST_BROUGHT rooms. Refuses 'forbidden', 'too-many-brought'.
 */
function* mustBeAllowedToBring({ id: host, role }: StoredParticipant, person: UserId): Script<void> {
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
  /** Who brought them: somebody else, or they themselves. */
  readonly host: UserId
}

/** Adds a membership, read up to the arrival that is written next, and drops the person's invitation into the room. */
export function* admit({ room, last }: OpenRoom, { person, role, host }: Newcomer): Script<void> {
  yield* run(
    sql`INSERT INTO memberships (room_id, user_id, last_read_seq, role, joined_seq, host_id)
        VALUES (${room}, ${person}, ${last + 1}, ${role}, ${last + 1}, ${host === person ? null : host})`,
  )
  yield* decline(person, room)
}

export function* depart(context: ChangeContext, wanted: ChangeOf<'removal'>): Script<ChangeDetails> {
  const { room, actor } = context
  const { how, reason, until } = wanted
  const person = how === 'left' ? actor.id : wanted.person
  if (how === 'left') yield* mustBeAbleToLeave(context)
  else yield* mustBeRemovable(context, wanted)
  yield* run(sql`DELETE FROM memberships WHERE room_id = ${room.room} AND user_id = ${person}`)
  if (isGroup(room)) yield* setApart(room.room)
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

/** The reason, which is one line, then on a second line the end of a ban that has one. */
function banDetail(reason: string, until: Instant): string {
  return until > LAST_TIME ? reason : `${reason}\n${until}`
}

function* mustBeAbleToLeave({ room, actor }: ChangeContext): Script<void> {
  mayLeave(room, pairIn(room).length > 0)
  if (actor.roomRole === 'owner') yield* mustKeepOwner(room, actor.id)
}

/** An owner never is: nobody ranks above them. */
function* mustBeRemovable(
  { room, actor }: ChangeContext,
  { person, how }: ChangeOf<'removal'>,
): Script<void> {
  const whom = yield* personIn(room, person)
  if (how === 'kicked' && whom.roomRole === undefined) refuse('not-there')
  if (room.everyones) refuse('everyones')
  if (how === 'banned') mayBan(actor, whom, room)
  else mayDiscipline(actor, whom, room)
}

/** A room with members must keep an owner when this one goes. Refuses 'last-owner'. */
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

export function* appoint(
  { room, actor }: ChangeContext,
  { person, role }: ChangeOf<'appointment'>,
): Script<ChangeDetails> {
  const whom = yield* memberOf(room, person)
  mayAppoint(actor, whom, { room, role })
  if (whom.roomRole === role) return undefined
  if (whom.roomRole === 'owner') yield* mustKeepOwner(room, person)
  yield* run(sql`UPDATE memberships SET role = ${role} WHERE room_id = ${room.room} AND user_id = ${person}`)
  return { person, value: role, detail: whom.roomRole ?? '' }
}

export function* mute(
  { room, actor }: ChangeContext,
  { person, until, reason = '' }: ChangeOf<'muting'>,
): Script<ChangeDetails> {
  const whom = yield* memberOf(room, person)
  mayDiscipline(actor, whom, room)
  if (whom.mutedUntil === until && reason === '') return undefined // a reason is news
  yield* run(
    sql`INSERT INTO sanctions (room_id, user_id, muted_until) VALUES (${room.room}, ${person}, ${until})
        ON CONFLICT (room_id, user_id) DO UPDATE SET muted_until = ${until}`,
  )
  return { person, value: `${until}`, detail: reason }
}
