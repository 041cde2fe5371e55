// What becomes of each row of a roster, before anything is made of it.

import { Refusal, type RefusalCode, refuse } from '../model/refusals.ts'
import { checkEmail, checkName, checkUsername, foldUsername } from '../model/rules.ts'
import type { KnownNames, KnownPerson } from '../ports/accounts.ts'
import type { Skeletons } from '../ports/people.ts'
import { nameKey } from './name-key.ts'
import { usernameFor } from './usernames.ts'

/** Rows of one roster. */
export const MOST_ROSTER_ROWS = 2000
/** Numbers that are tried after a username before its row is given up: ana.perez, ana.perez2, … */
const MOST_NAMESAKES = 2000

/** A row as somebody has typed it. */
export interface RosterRow {
  /** The full name; else first and last. */
  readonly name?: string
  readonly first?: string
  readonly last?: string
  /** Exactly this one; without it one is made. */
  readonly username?: string
  readonly email?: string
}

/**
 * new: an account is made. there: that person has one, and is only put into the rooms. repeated: another row is the same
 * person's. refused: `why` says what is wrong.
 */
export interface PlannedRow {
  readonly is: 'new' | 'there' | 'repeated' | 'refused'
  readonly name: string
  readonly username: string
  readonly email: string
  readonly why?: RefusalCode
  /** The row that it repeats, or that it looks like: 0 is the first one. */
  readonly like?: number
  /** Its e-mail address makes no sense, and is left out. */
  readonly isEmailBad?: true
}

type Named = Skeletons & { readonly folded: string }

export interface PlanDeps {
  readonly skeletonsOf: (name: string) => Skeletons
  /** What the store knows of these names. */
  known(wanted: { names: readonly string[]; usernames: readonly Named[] }): Promise<KnownNames>
  /** Resolves once others have had their turn. */
  pause(): Promise<void>
}

/** Rows that are worked on before others have a turn: a few milliseconds. */
const ROWS_AT_ONCE = 100

/** @returns a plan for each row, in order */
export async function planRoster(rows: readonly RosterRow[], deps: PlanDeps): Promise<PlannedRow[]> {
  const plan = new RosterPlan(deps)
  for (const [at, row] of rows.entries()) {
    plan.read(row)
    if (at % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await deps.pause()
  }
  await plan.settle()
  return plan.rows
}

interface Draft {
  readonly row: RosterRow
  readonly name: string
  readonly email: string
  readonly isEmailBad: boolean
  readonly wanted: string
  readonly refused?: RefusalCode
}

class RosterPlan {
  readonly #deps: PlanDeps
  readonly #drafts: Draft[] = []
  readonly rows: PlannedRow[] = []
  /** The rows that have taken a username, by each form that no other may have. */
  readonly #taken = { skeletons: new Map<string, number>(), shown: new Map<string, number>() }
  /** The next number for a username that several rows would have. */
  readonly #numbers = new Map<string, number>()
  readonly #people = new Map<string, KnownPerson>()
  readonly #namesakes = new Map<string, KnownPerson[]>()
  readonly #asked = new Set<string>()
  readonly #inUse = { skeletons: new Set<string>(), shown: new Set<string>() }

  constructor(deps: PlanDeps) {
    this.#deps = deps
  }

  read(row: RosterRow): void {
    const typed = row.name?.trim() || `${row.first ?? ''} ${row.last ?? ''}`
    const tidy = typed.replace(/\s+/gu, ' ').trim()
    const email = outcomeOf(() => checkEmail(row.email ?? ''))
    const name = outcomeOf(() => checkName(tidy))
    const chosen = row.username?.trim().replace(/^@/, '') ?? ''
    const proposed = usernameFor({ ...row, name: tidy }) || 'persona'
    const wanted = outcomeOf(() => checkUsername(chosen || proposed, this.#deps.skeletonsOf))
    // A name that is reserved for everybody, or has letters that no username has, gets a number.
    const made = chosen === '' && wanted.refused ? `${proposed}.1` : undefined
    const refused = name.refused ?? (made === undefined ? wanted.refused : undefined)
    this.#drafts.push({
      row: { ...row, username: chosen },
      name: name.value ?? tidy.slice(0, 64),
      email: email.value ?? '',
      isEmailBad: email.refused !== undefined,
      wanted: wanted.value ?? made ?? chosen,
      ...(refused && { refused }),
    })
  }

  async settle(): Promise<void> {
    await this.#learn(this.#drafts.map(({ wanted }) => wanted))
    const seen = new Map<string, number>()
    for (const [at, draft] of this.#drafts.entries()) {
      if (at % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await this.#deps.pause()
      const key = `${nameKey(draft.name)}\n${draft.row.username || draft.email.toLowerCase()}`
      const like = seen.get(key)
      if (draft.refused) this.#add(draft, { is: 'refused', username: draft.wanted, why: draft.refused })
      else if (like !== undefined)
        this.#add(draft, { is: 'repeated', username: this.rows[like]?.username ?? '', like })
      else {
        seen.set(key, at)
        await this.#place(draft, at)
      }
    }
  }

  async #place(draft: Draft, at: number): Promise<void> {
    const person = draft.row.username === '' ? this.#samePerson(draft) : this.#named(draft)
    if (person) return this.#add(draft, { is: 'there', username: person.username })
    if (draft.row.username === '') return this.#addNumbered(draft, at)
    const look = this.#looksOf(draft.wanted)
    const like = this.#taken.skeletons.get(look.skeleton) ?? this.#taken.shown.get(look.shown)
    const isTaken = like !== undefined || !this.#isFree(look)
    if (!isTaken) this.#take(look, at)
    this.#add(draft, {
      is: isTaken ? 'refused' : 'new',
      username: draft.wanted,
      ...(isTaken && { why: 'name-taken' as const }),
      ...(like !== undefined && { like }),
    })
  }

  /** The account that a row without a username means: one with its full name, unless their addresses differ. */
  #samePerson({ name, email }: Draft): KnownPerson | undefined {
    const namesakes = this.#namesakes.get(name) ?? []
    return namesakes.find(
      each => each.email === '' || email === '' || each.email.toLowerCase() === email.toLowerCase(),
    )
  }

  /** The account with the username of a row, if it is the same person's. */
  #named({ name, wanted }: Draft): KnownPerson | undefined {
    const person = this.#people.get(foldUsername(wanted))
    return person && nameKey(person.name) === nameKey(name) ? person : undefined
  }

  async #addNumbered(draft: Draft, at: number): Promise<void> {
    const { wanted } = draft
    for (let number = this.#numbers.get(wanted) ?? 1; number <= MOST_NAMESAKES; number++) {
      this.#numbers.set(wanted, number + 1)
      const username = number === 1 ? wanted : `${wanted}${number}`
      if (!this.#asked.has(username)) await this.#learn(numbered(wanted, number))
      const look = this.#looksOf(username)
      const isTaken = this.#taken.skeletons.has(look.skeleton) || this.#taken.shown.has(look.shown)
      if (isTaken || !this.#isFree(look)) continue
      this.#take(look, at)
      return this.#add(draft, { is: 'new', username })
    }
    this.#add(draft, { is: 'refused', username: wanted, why: 'name-taken' })
  }

  #add({ name, email, isEmailBad }: Draft, decided: Omit<PlannedRow, 'name' | 'email'>): void {
    this.rows.push({ ...decided, name, email, ...(isEmailBad && { isEmailBad }) })
  }

  #looksOf(username: string): Named {
    return { folded: foldUsername(username), ...this.#deps.skeletonsOf(username) }
  }

  #isFree({ folded, skeleton, written, shown }: Named): boolean {
    const { skeletons, shown: inUse } = this.#inUse
    return !(
      this.#people.has(folded) ||
      skeletons.has(skeleton) ||
      skeletons.has(written) ||
      inUse.has(shown)
    )
  }

  #take({ skeleton, written, shown }: Named, at: number): void {
    this.#taken.skeletons.set(skeleton, at).set(written, at)
    this.#taken.shown.set(shown, at)
  }

  /** Asks the store for these usernames, and the first time for the full names. */
  async #learn(usernames: readonly string[]): Promise<void> {
    const names = this.#asked.size === 0 ? this.#drafts.map(({ name }) => name) : []
    const looks: Named[] = []
    for (const [at, username] of usernames.entries()) {
      this.#asked.add(username)
      looks.push(this.#looksOf(username))
      if (at % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await this.#deps.pause()
    }
    const { skeletons, shown, people } = await this.#deps.known({ names, usernames: looks })
    for (const each of skeletons) this.#inUse.skeletons.add(each)
    for (const each of shown) this.#inUse.shown.add(each)
    for (const person of people) {
      this.#people.set(person.folded, person)
      this.#namesakes.set(person.name, [...(this.#namesakes.get(person.name) ?? []), person])
    }
  }
}

/** The usernames that come next, asked for together. */
function numbered(wanted: string, from: number): string[] {
  return Array.from({ length: 20 }, (_, i) => `${wanted}${from + i}`)
}

type Outcome =
  | { readonly value: string; readonly refused?: never }
  | { readonly value?: never; readonly refused: RefusalCode }

function outcomeOf(check: () => string): Outcome {
  try {
    return { value: check() }
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code }
    throw error
  }
}

/** Refuses 'long-roster'. */
export function checkRoster(rows: readonly unknown[]): void {
  if (rows.length > MOST_ROSTER_ROWS) refuse('long-roster')
}
