// Who is online: a person, not a connection. Nothing of it is stored.

import type { Author, Status, UserId } from './model.ts'
import type { Clock } from './ports.ts'

/** Of one person no more than one change is told in so long; who comes and goes meanwhile is told as they are then. */
const REST_MS = 3000
/** With more people online, what changes is told together, once in REST_MS. */
export const MANY = 200

export interface Change {
  readonly person: Author
  readonly status: Status
  /** What was told before. */
  readonly before: Status
}

interface Entry {
  readonly person: Author
  connections: number
  away: number
  told: Status
  toldAt: number
  /** Looks again when the rest is over. */
  cancel: (() => void) | undefined
}

export class Presence {
  readonly #clock: Clock
  readonly #tell: (changes: readonly Change[], among: number) => void
  readonly #people = new Map<UserId, Entry>()
  readonly #gathered = new Map<UserId, Change>()
  #cancelGathered: (() => void) | undefined
  #online = 0
  /** How often somebody was told: the same number, and nothing was missed meanwhile. */
  changes = 0

  /** @param tell told who is there otherwise than before, and how many are online */
  constructor(clock: Clock, tell: (changes: readonly Change[], among: number) => void) {
    this.#clock = clock
    this.#tell = (changes, among) => {
      this.changes++
      tell(changes, among)
    }
  }

  statusOf(person: UserId): Status {
    const entry = this.#people.get(person)
    return entry ? statusOf(entry) : 'offline'
  }

  /** Everybody who is there; undefined among many. */
  get present(): readonly { readonly person: Author; readonly status: Status }[] | undefined {
    if (this.#online > MANY) return undefined
    const there = [...this.#people.values()].map(entry => ({ person: entry.person, status: statusOf(entry) }))
    return there.filter(({ status }) => status !== 'offline')
  }

  /** @param away whether that connection is away. @returns whether it is the person's first one. */
  came(person: Author, away: boolean): boolean {
    const entry = this.#entry(person)
    if (entry.connections++ === 0) this.#online++
    if (away) entry.away++
    this.#look(entry)
    return entry.connections === 1
  }

  /** @param away whether that connection was away. @returns whether it was the person's last one. */
  went(person: Author, away: boolean): boolean {
    const entry = this.#entry(person)
    entry.connections--
    if (away) entry.away--
    this.#look(entry)
    if (entry.connections === 0) this.#online--
    return entry.connections === 0
  }

  /** One connection of the person is away from now on, or back. */
  turned(person: Author, away: boolean): void {
    const entry = this.#entry(person)
    entry.away += away ? 1 : -1
    this.#look(entry)
  }

  close(): void {
    this.#cancelGathered?.()
    for (const { cancel } of this.#people.values()) cancel?.()
  }

  #entry(person: Author): Entry {
    let entry = this.#people.get(person.id)
    if (!entry) {
      const never = Number.NEGATIVE_INFINITY
      entry = { person, connections: 0, away: 0, told: 'offline', toldAt: never, cancel: undefined }
      this.#people.set(person.id, entry)
    }
    return entry
  }

  #look(entry: Entry): void {
    const rest = entry.toldAt + REST_MS - this.#clock.elapsed()
    if (rest <= 0) this.#tellOf(entry)
    else
      entry.cancel ??= this.#clock.after(rest, () => {
        entry.cancel = undefined
        this.#look(entry)
      })
  }

  #tellOf(entry: Entry): void {
    const status = statusOf(entry)
    if (status !== entry.told) {
      const change = { person: entry.person, status, before: entry.told }
      entry.told = status
      entry.toldAt = this.#clock.elapsed()
      if (this.#online > MANY) this.#gather(change)
      else this.#tell([change], this.#online)
    }
    // Kept until its rest is over, so that it is known when it was told last.
    if (status === 'offline') entry.cancel ??= this.#clock.after(REST_MS, () => this.#forget(entry))
  }

  #forget(entry: Entry): void {
    entry.cancel = undefined
    if (statusOf(entry) === 'offline' && entry.told === 'offline') this.#people.delete(entry.person.id)
    else this.#look(entry)
  }

  #gather(change: Change): void {
    const earlier = this.#gathered.get(change.person.id)
    this.#gathered.set(change.person.id, { ...change, before: earlier?.before ?? change.before })
    this.#cancelGathered ??= this.#clock.after(REST_MS, () => {
      this.#cancelGathered = undefined
      const changes = [...this.#gathered.values()].filter(({ status, before }) => status !== before)
      this.#gathered.clear()
      if (changes.length > 0) this.#tell(changes, this.#online)
    })
  }
}

function statusOf({ connections, away }: Entry): Status {
  if (connections === 0) return 'offline'
  return connections === away ? 'away' : 'online'
}
