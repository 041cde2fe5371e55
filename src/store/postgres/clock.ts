// The time that is stored. Clocks of nodes may be an hour apart, and what one node stores another compares with its
// own: bans, slow mode, invitations, tokens, the times of a room. So with PostgreSQL all of them go by the database's
// clock. Asking it in every transaction would be one more journey; instead it is asked now and then, and in between the
// node's own clock counts, the one that nobody sets: nodes agree to within a journey to the database.

import type { Instant } from '../../core/model/model.ts'
import type { Change } from '../../core/ports/log.ts'
import type {
  NewSession,
  NewToken,
  NewTokenSession,
  TokenUse,
  TransferredSession,
} from '../../core/ports/sessions.ts'
import type { Store } from '../../core/ports/store.ts'
import type { Call } from '../scripts/scripts.ts'

export class DatabaseClock {
  /** Milliseconds from the node's clock that nobody sets to the database's. */
  #ahead: number | undefined

  /** @param now the database's time, read between `asked` and `answered` of the node's clock */
  hear({ now, asked, answered }: { now: number; asked: number; answered: number }): void {
    this.#ahead = now - (asked + answered) / 2
  }

  now(): Instant {
    if (this.#ahead === undefined) throw new Error('the database was not asked for the time yet')
    return Math.floor(this.#ahead + performance.now()) as Instant
  }
}

type Arguments<Port extends keyof Store, Method extends keyof Store[Port]> = Store[Port][Method] extends (
  ...args: infer Args
) => Promise<unknown>
  ? Args
  : never

/** A moment that was reckoned from the node's time; what lies behind it, such as 0 for never, stays. */
function moved(until: Instant, at: Instant, now: Instant): Instant {
  return until > at ? (Math.min(until + now - at, Number.MAX_SAFE_INTEGER) as Instant) : until
}

function tokenAt<Token extends NewToken | undefined>(token: Token, at: Instant, now: Instant): Token {
  if (token?.until === undefined) return token
  return { ...token, until: moved(token.until, at, now) }
}

function changeAt(change: Change, at: Instant, now: Instant): Change {
  return 'until' in change ? { ...change, until: moved(change.until, at, now) } : change
}

function withToken<Wanted extends NewSession | TransferredSession | NewTokenSession>(
  wanted: Wanted,
  now: Instant,
): Wanted {
  return { ...wanted, at: now, ...(wanted.token && { token: tokenAt(wanted.token, wanted.at, now) }) }
}

/** Method for method, what becomes of the arguments of those that are told the time. */
const RETIMED: Record<string, Record<string, (args: never, now: Instant) => readonly unknown[]>> = {
  people: {
    register: ([account]: Arguments<'people', 'register'>, now) => [{ ...account, at: now }],
  },
  sessions: {
    begin: ([wanted]: [NewSession], now) => [withToken(wanted, now)],
    transfer: ([wanted]: [TransferredSession], now) => [withToken(wanted, now)],
    issue: ([wanted]: [NewTokenSession], now) => [withToken(wanted, now)],
    resume: ([{ hash, at, idleSince }]: [TokenUse], now) => [
      { hash, at: now, idleSince: idleSince + now - at },
    ],
  },
  invitations: {
    create: ([by, { at, until, ...wanted }]: Arguments<'invitations', 'create'>, now) => [
      by,
      { ...wanted, at: now, until: moved(until, at, now) },
    ],
    list: ([by]: Arguments<'invitations', 'list'>, now) => [by, now],
    admits: ([code]: Arguments<'invitations', 'admits'>, now) => [code, now],
  },
  log: {
    append: ([drafts]: Arguments<'log', 'append'>, now) => [drafts, now],
    mayPost: ([author, room]: Arguments<'log', 'mayPost'>, now) => [author, room, now],
  },
  rooms: {
    create: ([by, room]: Arguments<'rooms', 'create'>, now) => [by, room, now],
    change: ([actor, room, change, at]: Arguments<'rooms', 'change'>, now) => [
      actor,
      room,
      changeAt(change, at, now),
      now,
    ],
    direct: ([people]: Arguments<'rooms', 'direct'>, now) => [people, now],
    govern: ([folded, change, at]: Arguments<'rooms', 'govern'>, now) => [
      folded,
      changeAt(change, at, now),
      now,
    ],
  },
}

/** The call as if it had been made at that time of the database. */
export function retimed(call: Call, now: Instant): Call {
  const change = RETIMED[call.port]?.[call.method]
  return change ? { ...call, args: change(call.args as never, now) } : call
}
