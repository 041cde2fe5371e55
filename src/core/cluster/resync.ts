// Keeps what this node has in memory of people up to date: reads from the store what a message says has changed, and
// everything when a message was lost.

import type { Person, Profile, SessionId, UserId } from '../model/model.ts'
import { foldUsername } from '../model/rules.ts'
import type { Membership } from '../ports/rooms.ts'
import type { Store } from '../ports/store.ts'
import type { Changes } from '../rooms/changes.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { TokenSessions } from '../sessions/tokens.ts'
import type { SessionTransfers } from '../sessions/transfers.ts'
import type { ClusterMessages, OwnNotes, PersonState } from './cluster-messages.ts'

export interface ResyncDeps {
  readonly store: Store
  readonly cluster: ClusterMessages
  readonly sessions: Sessions
  readonly tokenSessions: TokenSessions
  readonly transfers: SessionTransfers
  readonly changes: Changes
  /** Told of people under their current names. */
  readonly renamed: (person: Person) => void
  readonly onError: (error: unknown) => void
}

/**
 * Acts on 'changed' messages for people connected to this node, and reads everyone again after a lost message and while
 * the bus can't be heard. So a session is ended, a block applied and a seat taken even if the message was lost.
 */
export class Resync {
  /** Counts changes of profiles and roles that this node has heard of: while it stays the same, there were none. */
  profileChanges = 0
  /**
   * Counts all changes of people that this node has heard of. What was read from the store before one may be
   * outdated.
   */
  changesHeard = 0
  readonly #deps: ResyncDeps
  /** One read of a person at a time, so that the last one leaves what is true last. */
  readonly #looks = new Map<UserId, Promise<void>>()
  #reviewing = false
  #again = false

  constructor(deps: ResyncDeps) {
    this.#deps = deps
    const looks = {
      profile: (person: UserId) => this.#lookAtProfile(person),
      blocks: (person: UserId) => this.#lookAtBlocks(person),
      levels: async (person: UserId) => void (await this.#lookAtLevels(person)),
      threads: async (person: UserId) => this.#tell(person, 'threads'),
    }
    const isKept = (what: PersonState | OwnNotes): what is PersonState => Object.hasOwn(looks, what)
    deps.cluster.on('changed', ({ person, what }) => {
      this.changesHeard++
      if (!isKept(what)) return this.#tell(person, what)
      if (what === 'profile') this.#renewed(person)
      return this.#inTurn(person, () => looks[what](person))
    })
    deps.cluster.onMissed(() => this.#reviewAll())
    deps.cluster.onDisconnected(() => this.#reviewAll())
  }

  /** Reads everything that is kept of the person. */
  refresh(person: UserId): Promise<void> {
    return this.#inTurn(person, async () => {
      const { sessions } = this.#deps
      const before = sessions.of(person).flatMap(({ id }) => (id === undefined ? [] : [id]))
      const stored = await this.#deps.store.sessions.list(person)
      const profile = await this.#lookAtProfile(person)
      const gone = new Set(before).difference(new Set(stored.map(({ id }) => id)))
      if (gone.size > 0) this.#end(person, gone, profile)
      await this.#lookAtBlocks(person)
      for (const membership of await this.#lookAtLevels(person)) await this.#seat(person, membership)
    })
  }

  #inTurn(person: UserId, look: () => Promise<unknown>): Promise<void> {
    if (!this.#deps.sessions.isOnline(person)) return Promise.resolve()
    const before = this.#looks.get(person) ?? Promise.resolve()
    const mine = before.then(look, look).then(() => {})
    this.#looks.set(person, mine)
    const over = () => {
      if (this.#looks.get(person) === mine) this.#looks.delete(person)
    }
    mine.then(over, over)
    return mine
  }

  /** One person after another: a node has so many that the store must not be asked for all of them at once. */
  async #reviewAll(): Promise<void> {
    this.changesHeard++
    this.profileChanges++
    this.#deps.tokenSessions.dropAll()
    this.#again = true
    if (this.#reviewing) return
    this.#reviewing = true
    while (this.#again) {
      this.#again = false
      for (const person of this.#deps.sessions.people)
        await this.refresh(person).catch(error => this.#deps.onError(error))
    }
    this.#reviewing = false
  }

  #renewed(person: UserId): void {
    this.profileChanges++
    this.#deps.tokenSessions.dropOf(person)
  }

  /** @returns undefined for a disabled account */
  async #lookAtProfile(id: UserId): Promise<Profile | undefined> {
    const { sessions, store } = this.#deps
    const [someone] = sessions.of(id)
    if (!someone) return undefined
    const profile = await store.people.find(foldUsername(someone.person.username))
    if (!profile) return undefined
    const isOther = !isSame(someone.person, profile)
    for (const session of sessions.of(id)) session.person = profile
    this.#deps.renamed(profile)
    if (isOther) this.#tell(id, 'profile')
    return profile
  }

  async #lookAtBlocks(id: UserId): Promise<void> {
    const { sessions, store } = this.#deps
    const blocked = new Set((await store.people.blocked(id)).map(person => person.id))
    let isOther = false
    for (const session of sessions.of(id)) {
      isOther ||= session.blocked.symmetricDifference(blocked).size > 0
      for (const each of session.blocked.difference(blocked)) session.blocked.delete(each)
      for (const each of blocked) session.blocked.add(each)
    }
    if (isOther) this.#tell(id, 'blocks')
  }

  #tell(id: UserId, what: PersonState | OwnNotes): void {
    for (const session of this.#deps.sessions.of(id)) session.view.changed(what)
  }

  async #lookAtLevels(id: UserId): Promise<readonly Membership[]> {
    const { sessions, store } = this.#deps
    const memberships = await store.rooms.memberships(id)
    let isOther = false
    for (const session of sessions.of(id)) {
      for (const { room, level } of memberships) {
        const seat = session.seat(room.id)
        isOther ||= seat !== undefined && seat.visibility.level !== level
        if (seat) seat.visibility.level = level
      }
    }
    if (isOther) this.#tell(id, 'levels')
    return memberships
  }

  /** The message that said who brought them in was lost; the room's log says it, too. */
  async #seat(id: UserId, { room, joined }: Membership): Promise<void> {
    const { sessions, changes } = this.#deps
    const missing = sessions
      .of(id)
      .find(session => session.isSeated && !session.seat(room.id) && session.reaches(room.id))
    if (missing) await changes.seat(id, room.id, { at: joined, author: named(missing.person), late: true })
  }

  #end(person: UserId, gone: ReadonlySet<SessionId>, profile: Profile | undefined): void {
    const { transfers, sessions } = this.#deps
    transfers.drop(gone)
    sessions.end(person, gone, profile ? 'revoked' : 'disabled')
  }
}

function named({ id, username }: Person) {
  return { id, username }
}

function isSame(one: Profile, other: Profile): boolean {
  const [before, now] = [one, other].map(({ username, name, role, status, language, zone }) =>
    JSON.stringify([username, name, role, status, language, zone]),
  )
  return before === now
}
