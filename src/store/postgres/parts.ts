// The calls of a round, as they are done: which of them go together, and which rows each will hold.

import type { Instant, RoomId, Seq, UserId } from '../../core/model/model.ts'
import type { Change, Draft } from '../../core/ports/log.ts'
import type { Authority } from '../../core/ports/people.ts'
import type { NewSession, NewTokenSession } from '../../core/ports/sessions.ts'
import type { Call } from '../scripts/scripts.ts'
import type { Mark } from './marks.ts'

/** Appends that follow each other, as one; marks, too; or one other call. */
export type Part = Appends | Marks | Call

export interface Appends {
  readonly drafts: Draft[]
  readonly at: Instant
  /** How many of the drafts are of each call. */
  readonly counts: number[]
}

export interface Marks {
  readonly marks: Call[]
}

export function isAppend({ port, method }: Call): boolean {
  return port === 'log' && method === 'append'
}

export function isMark({ port, method }: Call): boolean {
  return port === 'log' && method === 'markRead'
}

export function markFrom({ args }: Call): Mark {
  const [person, room, seq] = args as [UserId, RoomId, Seq]
  return { person, room, seq }
}

export function partsOf(calls: readonly Call[]): Part[] {
  const parts: Part[] = []
  for (const call of calls) {
    const last = parts.at(-1)
    if (isAppend(call)) joinAppends(parts, last, call)
    else if (!isMark(call)) parts.push(call)
    else if (last && 'marks' in last) last.marks.push(call)
    else parts.push({ marks: [call] })
  }
  return parts
}

function joinAppends(parts: Part[], last: Part | undefined, { args }: Call): void {
  const [drafts, at] = args as [readonly Draft[], Instant]
  if (last && 'drafts' in last && last.at === at) {
    last.drafts.push(...drafts)
    last.counts.push(drafts.length)
  } else parts.push({ drafts: [...drafts], at, counts: [drafts.length] })
}

/** The rooms that it writes in. */
export function roomsOf(part: Part): RoomId[] {
  if ('drafts' in part) return part.drafts.map(({ room }) => room)
  if ('marks' in part) return part.marks.map(call => markFrom(call).room)
  const { port, method, args } = part
  return port === 'rooms' && IN_ROOM.includes(method) ? [args[1] as RoomId] : []
}

/** Of the port of rooms: those whose second argument is the room. */
const IN_ROOM = ['change', 'setLevel']

/** The people whom its script holds (context.ts, lockPerson). */
export function peopleOf(part: Part): UserId[] {
  if ('drafts' in part || 'marks' in part) return []
  const held = HOLDS[`${part.port}.${part.method}`]?.(part.args as never)
  return held === undefined ? [] : [held]
}

const HOLDS: Readonly<Record<string, (args: never) => UserId | undefined>> = {
  'people.setPassword': ([person]: [UserId]) => person,
  'people.letGuestGo': ([person]: [UserId]) => person,
  'people.keepVerifier': ([person]: [UserId]) => person,
  'people.block': ([person]: [UserId]) => person,
  'sessions.begin': ([{ person }]: [NewSession]) => person,
  'sessions.issue': ([{ person }]: [NewTokenSession]) => person,
  'invitations.create': ([by]: [Authority]) => by,
  'rooms.create': ([by]: [UserId]) => by,
  'rooms.direct': ([[first]]: [readonly UserId[]]) => first,
  'rooms.change': ([, , change]: [UserId, RoomId, Change]) =>
    change.kind === 'arrival' ? change.person : undefined,
}
