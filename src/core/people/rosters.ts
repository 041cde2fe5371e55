// Accounts for everybody on a list, with one-time codes by which they choose their passwords.

import { hashOfLoginCode, LOGIN_CODE_DAYS, loginCode, noPassword } from '../model/login-codes.ts'
import type { Instant } from '../model/model.ts'
import { foldRoomName, foldUsername } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import type { Enrolled, NewMember } from '../ports/accounts.ts'
import type { Authority } from '../ports/people.ts'
import type { Changes } from '../rooms/changes.ts'
import { untilAfter } from './login-codes.ts'
import { checkRoster, type PlannedRow, planRoster, type RosterRow } from './roster-plan.ts'

/** Accounts that are made in one transaction: what others write waits no longer than that. */
const AT_ONCE = 50

export interface Roster {
  readonly rows: readonly RosterRow[]
  /** Names of the rooms that everybody on it is put into. */
  readonly rooms: readonly string[]
  /** How long the codes hold. */
  readonly days?: number
  /** Sent again with the same key, those who were made then are answered with the same codes. */
  readonly key: string
}

/** What became of a row. */
export interface EnrolledRow extends Omit<PlannedRow, 'is'> {
  readonly is: 'made' | 'there' | 'repeated' | 'refused'
  /** For somebody new: told now, and never again but for the same key. */
  readonly code?: string
  readonly until?: Instant
}

export interface RostersDeps extends Pick<Parts, 'store' | 'clock' | 'secret' | 'skeletonsOf'> {
  readonly changes: Changes
}

export class Rosters {
  readonly #deps: RostersDeps

  constructor(deps: RostersDeps) {
    this.#deps = deps
  }

  /** What would become of each row. Refuses 'forbidden', 'long-roster'. */
  async check(by: Authority, rows: readonly RosterRow[]): Promise<readonly PlannedRow[]> {
    checkRoster(rows)
    const { store, clock, skeletonsOf } = this.#deps
    return planRoster(rows, {
      skeletonsOf,
      known: wanted => store.accounts.known(by, wanted),
      pause: () => new Promise(resolve => void clock.after(0, resolve)),
    })
  }

  /** Makes the accounts, some at a time. Refuses 'forbidden', 'long-roster', 'no-such-room', 'wrong-key'. */
  async enroll(
    by: Authority,
    { rows, rooms, days = LOGIN_CODE_DAYS, key }: Roster,
  ): Promise<readonly EnrolledRow[]> {
    const plan = await this.check(by, rows)
    const { store, clock } = this.#deps
    const secret = await store.people.secret()
    const until = untilAfter(clock.now(), days)
    const folded = rooms.map(foldRoomName)
    const done: EnrolledRow[] = []
    for (let from = 0; from < plan.length || from === 0; from += AT_ONCE) {
      const part = plan.slice(from, from + AT_ONCE)
      const codes = part.map(row =>
        loginCode(secret, `roster\n${by ?? 0}\n${key}\n${foldUsername(row.username)}`),
      )
      const members = part.map((row, i) => this.#member(row, { code: codes[i] ?? '', until }))
      const wanted = members.filter((_, i) => isEnrolled(part[i]))
      const made = await store.accounts.enroll(by, wanted, { rooms: folded, at: clock.now() })
      let next = 0
      for (const [i, row] of part.entries())
        done.push(outcomeOf(row, isEnrolled(row) ? made[next++] : undefined, { code: codes[i] ?? '', until }))
      await this.#publish(made)
    }
    return done
  }

  async #publish(made: readonly Enrolled[]): Promise<void> {
    for (const each of made)
      if (each.is !== 'refused')
        for (const arrival of each.arrivals) await this.#deps.changes.publish(arrival)
  }

  #member(
    { name, username, email }: PlannedRow,
    { code, until }: { code: string; until: Instant },
  ): NewMember {
    const { secret, skeletonsOf } = this.#deps
    const password = noPassword(secret())
    const stored = { hash: hashOfLoginCode(code), until }
    return {
      name,
      username,
      email,
      folded: foldUsername(username),
      ...skeletonsOf(username),
      password,
      code: stored,
    }
  }
}

function isEnrolled(row: PlannedRow | undefined): boolean {
  return row?.is === 'new' || row?.is === 'there'
}

function outcomeOf(
  { is, ...row }: PlannedRow,
  enrolled: Enrolled | undefined,
  told: { readonly code: string; readonly until: Instant },
): EnrolledRow {
  if (!enrolled) return { ...row, is: is === 'repeated' ? 'repeated' : 'refused' }
  if (enrolled.is === 'refused') return { ...row, is: 'refused', why: enrolled.why }
  const username = enrolled.person.username
  return enrolled.is === 'there'
    ? { ...row, username, is: 'there' }
    : { ...row, username, is: 'made', ...told }
}
