// Whether a person may write in a room now, and if not, why and until when: the one place where that is said, for every
// door that wants to tell people before they try.

import { closesAt } from '../text/hours.ts'
import type { Instant } from './model.ts'
import {
  isMatchedBy,
  MODERATOR,
  mayWrite,
  type Participant,
  type RoomRules,
  rankOf,
  slowModeDelay,
} from './permissions.ts'
import { type RefusalCode, refusedBy } from './refusals.ts'

/**
 * Why they may not write: the refusal that a text of theirs would get. More exactly than 'muted': banned-name and
 * muted-name, because a mask matches their name. blocked: they have blocked everybody else in a direct room.
 */
export type WhyClosed = RefusalCode | 'banned-name' | 'muted-name' | 'blocked'

export interface Standing {
  /** The time by which this was judged. */
  readonly at: Instant
  /** Missing where they may write. */
  readonly why?: WhyClosed
  /** When that ends by itself, or where they may write, when the hours of the room do; missing where neither is known. */
  readonly until?: Instant
  /** Seconds that must pass between two texts of theirs; 0 for none. */
  readonly slow: number
  /** When they may send the next one; in slow mode only. */
  readonly next?: Instant
}

export function standingOf(
  who: Participant,
  room: RoomRules,
  { at, hasBlocked }: { readonly at: Instant; readonly hasBlocked: boolean },
): Standing {
  const slow = slowModeDelay(who, room)
  const next = (who.spokeAt + slow) as Instant
  const pace = { at, slow: slow / 1000, ...(slow > 0 && next > at && { next }) }
  const refused = refusedBy(() => mayWrite(who, room, at))
  if (!refused) return { ...pace, ...(hasBlocked ? { why: 'blocked' } : openUntil(who, room, at)) }
  const why = refused.refused === 'muted' ? whyMuted(who, room, at) : refused.refused
  const until = refused.opens ?? endOf(why, who, room)
  return { ...pace, why, ...(until !== undefined && { until }) }
}

function openUntil(who: Participant, { hours, kind }: RoomRules, at: Instant): Pick<Standing, 'until'> {
  const closes = hours && rankOf(who, { kind }) < MODERATOR ? closesAt(hours, at) : undefined
  return closes === undefined ? {} : { until: closes as Instant }
}

function whyMuted(who: Participant, room: RoomRules, at: Instant): WhyClosed {
  if (who.mutedUntil > at) return 'muted'
  return isMatchedBy('ban', who, room) ? 'banned-name' : 'muted-name'
}

/** No clock shows a later moment: it means for ever. */
const LAST_TIME = 8.64e15

function endOf(why: WhyClosed, who: Participant, room: RoomRules): Instant | undefined {
  const until = why === 'muted' ? who.mutedUntil : why === 'silenced' ? room.silencedUntil : undefined
  return until !== undefined && until <= LAST_TIME ? until : undefined
}
