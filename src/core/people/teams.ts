// Teams: named groups of people. Whoever mentions one calls those of its people who are in the room.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { Person, Profile, RoomId, UserId } from '../model/model.ts'
import { Refusal, refuse } from '../model/refusals.ts'
import { addressee, checkUsername, foldUsername } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import type { Team } from '../ports/teams.ts'
import type { Actor, Changes } from '../rooms/changes.ts'
import { findPerson } from './find.ts'

/** People of one page of a team's members, and of one change. */
const MOST_LISTED = 500
/** What may keep one member out of a room, and lets the others in. */
const FOR_ONE: ReadonlySet<string> = new Set([
  'already-there',
  'banned',
  'no-guests',
  'too-many-brought',
  'blocked',
])

export interface TeamsDeps extends Pick<Parts, 'store' | 'clock' | 'skeletonsOf'> {
  readonly cluster: ClusterMessages
  readonly changes: Changes
  readonly onError: (error: unknown) => void
}

export class Teams {
  readonly #deps: TeamsDeps
  readonly #watchers: (() => void)[] = []
  /** The folded names of each person's teams; undefined before they are first needed. */
  #names: Map<UserId, Set<string>> | undefined
  #loading: Promise<void> | undefined

  constructor(deps: TeamsDeps) {
    this.#deps = deps
    deps.cluster.on('teams', () => this.#changed())
    deps.cluster.onMissed(() => void this.#changed().catch(deps.onError))
  }

  /** Calls back when a team has changed, on any node, or may have. */
  watch(tell: () => void): void {
    this.#watchers.push(tell)
  }

  /** Resolves when `isIn` can be asked. */
  ready(): Promise<void> {
    return this.#names ? Promise.resolve() : (this.#loading ??= this.#load())
  }

  /** Whether the person is in one of these teams. @param teams folded names */
  isIn(person: UserId, teams: readonly string[]): boolean {
    const mine = this.#names?.get(person)
    return mine !== undefined && teams.some(each => mine.has(each))
  }

  async #load(): Promise<void> {
    const names = new Map<UserId, Set<string>>()
    for (const { team, person } of await this.#deps.store.teams.memberships()) {
      const mine = names.get(person)
      if (mine) mine.add(team)
      else names.set(person, new Set([team]))
    }
    this.#names = names
  }

  async #changed(): Promise<void> {
    if (this.#names) await this.#load()
    for (const tell of this.#watchers) tell()
  }

  async list({ id }: Person): Promise<readonly Team[]> {
    return this.#deps.store.teams.list(id)
  }

  /** By name, those whose username comes after `after`. Refuses 'no-such-team'. */
  async members(team: string, after = '', limit = MOST_LISTED): Promise<readonly Profile[]> {
    const most = Math.min(Math.max(1, Math.trunc(limit)), MOST_LISTED)
    return this.#deps.store.teams.members(addressee(team), foldUsername(after), most)
  }

  /** Refuses 'forbidden', 'bad-username', 'reserved-username', 'name-taken', 'too-many-teams'. */
  async create(by: Person, typed: string): Promise<void> {
    const { store, clock, skeletonsOf } = this.#deps
    const name = checkUsername(typed.replace(/^@/, ''), skeletonsOf)
    await store.teams.create(by.id, { name, folded: foldUsername(name), ...skeletonsOf(name) }, clock.now())
    await this.#tell()
  }

  /**
   * @param change usernames
   * @returns false when it was so already. Refuses 'forbidden', 'no-such-team', 'no-such-person', 'team-full'.
   */
  async change(
    by: Person,
    team: string,
    { add = [], remove = [] }: { add?: readonly string[]; remove?: readonly string[] },
  ): Promise<boolean> {
    const { store } = this.#deps
    const idsOf = async (names: readonly string[]) =>
      Promise.all(names.slice(0, MOST_LISTED).map(async name => (await findPerson(store, name)).id))
    const change = { add: await idsOf(add), remove: await idsOf(remove) }
    const done = await store.teams.change(by.id, addressee(team), change)
    if (done) await this.#tell()
    return done
  }

  /** Refuses 'forbidden', 'no-such-team'. */
  async remove(by: Person, team: string): Promise<void> {
    await this.#deps.store.teams.remove(by.id, addressee(team))
    await this.#tell()
  }

  /**
   * Brings the people of a team into a room.
   * @returns how many came; those who are there already, are banned or want no more are left out. Refuses
   * 'no-such-team', and what bringing one of them is refused for.
   */
  async bring(actor: Actor & Person, room: RoomId, team: string): Promise<number> {
    let come = 0
    for (const { id } of await this.members(team)) {
      try {
        if (await this.#deps.changes.make(actor, room, { kind: 'arrival', person: id })) come++
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        if (!FOR_ONE.has(error.code)) refuse(error.code)
      }
    }
    return come
  }

  #tell(): Promise<void> {
    return this.#deps.cluster.broadcast({ kind: 'teams' })
  }
}
