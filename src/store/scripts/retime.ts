// Moves instants from a node's clock to the database's. Clocks of nodes may be an hour apart, and one compares what another
// has stored: bans, slow mode, invitations, tokens, the times of a room.

import type { StoredLoginCode } from '../../core/model/login-codes.ts'
import type { Instant } from '../../core/model/model.ts'
import type { NewMember } from '../../core/ports/accounts.ts'
import type { Change } from '../../core/ports/log.ts'
import type { NewSession, NewToken, NewTokenSession, TransferredSession } from '../../core/ports/sessions.ts'

/** Moves an instant that was computed from `at`; one before `at`, such as 0 for never, stays. */
export function movedTo(now: Instant, until: Instant, at: Instant): Instant {
  return until > at ? (Math.min(until + now - at, Number.MAX_SAFE_INTEGER) as Instant) : until
}

export function changeAt(now: Instant, change: Change, at: Instant): Change {
  return 'until' in change ? { ...change, until: movedTo(now, change.until, at) } : change
}

export function codeAt(now: Instant, code: StoredLoginCode, at: Instant): StoredLoginCode {
  return { ...code, until: movedTo(now, code.until, at) }
}

export function rosterAt(now: Instant, people: readonly NewMember[], at: Instant): readonly NewMember[] {
  return people.map(each => ({ ...each, code: codeAt(now, each.code, at) }))
}

export function withToken<Wanted extends NewSession | TransferredSession | NewTokenSession>(
  wanted: Wanted,
  now: Instant,
): Wanted {
  return { ...wanted, at: now, ...(wanted.token && { token: tokenAt(now, wanted.token, wanted.at) }) }
}

function tokenAt(now: Instant, token: NewToken, at: Instant): NewToken {
  return token.until === undefined ? token : { ...token, until: movedTo(now, token.until, at) }
}
