// Who is online, as people rather than connections, over all nodes.

import type { ClusterMessages, NodePresence } from '../cluster/cluster-messages.ts'
import type { Author, NodeId, Status, UserId } from '../model/model.ts'
import { foldUsername } from '../model/rules.ts'
import type { Clock } from '../ports/clock.ts'

/**
 * At most one change of a person is shown in this time; if they come and go meanwhile, their last status is shown
 * after it.
 */
const REST_MS = 3000
/** With more people online than this, changes are shown together, once in REST_MS. */
export const CROWD = 200
/** People in one part of a roll. */
const PART = 500
/** How long a roll waits for further calls, so that nodes that miss it at the same time are told once. */
const CALLED_MS = 200
/** A roll that has not arrived after this time is called for again. */
const LONGEST_ROLL_MS = 2000

export interface PresenceChange {
  readonly person: Author
  readonly status: Status
  /** The status shown before. */
  readonly before: Status
}

interface Entry {
  /** Under their latest username. */
  person: Author
  /** On this node, as are those that are away. */
  connections: number
  away: number
  /** The status on each node; a node where they are offline has no entry. */
  readonly nodes: Map<NodeId, Status>
  /** The status that this node's connections were last shown. */
  shown: Status
  shownAt: number
  /** Cancels the look that is due when REST_MS is over. */
  cancel: (() => void) | undefined
}

/**
 * Who is online. A person is online while one of their connections, on any node, is not away; away while all are; else
 * offline. Nothing of it is stored.
 *
 * Each node broadcasts the status of the people connected to it ('there'), and puts together what all nodes, itself
 * included, have said. When a message was lost it calls for that node's roll ('roll-call'), everyone connected there in
 * consecutive parts ('roll'), until it has come. A node that is gone has nobody.
 *
 * `statusOf` and the like answer with what is known now. What connections are shown is calmer: one change of a person
 * in REST_MS, and with more than CROWD people online all changes of REST_MS together. A person who comes back within
 * that time was never gone.
 */
export class Presence {
  readonly #clock: Clock
  readonly #cluster: ClusterMessages
  readonly #show: (changes: readonly PresenceChange[], among: number) => void
  readonly #people = new Map<UserId, Entry>()
  readonly #gathered = new Map<UserId, PresenceChange>()
  /** For each node whose roll is arriving: the people in it so far. */
  readonly #rolls = new Map<NodeId, Set<UserId>>()
  /** For each node whose roll was called for: cancels the next call. */
  readonly #calls = new Map<NodeId, () => void>()
  #cancelGathered: (() => void) | undefined
  #cancelRoll: (() => void) | undefined
  /** Folded username → the person, for those who are away now. Unlike what is shown, it never lags behind. */
  readonly #away = new Map<string, Author>()
  #online = 0
  /** The number of entries that other nodes have in `nodes`, over all people. */
  #otherEntries = 0
  /** Counts the times that changes were shown: while it stays the same, nothing was missed. */
  changes = 0

  /** @param show shows the changes on this node's connections; `among` is the number of people online */
  constructor(
    clock: Clock,
    cluster: ClusterMessages,
    show: (changes: readonly PresenceChange[], among: number) => void,
  ) {
    this.#clock = clock
    this.#cluster = cluster
    this.#show = (changes, among) => {
      this.changes++
      show(changes, among)
    }
    cluster.on('there', ({ people }, from) => this.#receive(from, people))
    cluster.on('roll', (roll, from) => this.#receiveRoll(from, roll))
    cluster.on('roll-call', ({ node }) => this.#answerRollCall(node))
    cluster.onMissed(node => this.#callRoll(node))
    cluster.onGone(node => this.#settle(node, new Set()))
  }

  statusOf(person: UserId): Status {
    const entry = this.#people.get(person)
    return entry ? statusOf(entry) : 'offline'
  }

  /** The person who is away under that username, or undefined. */
  awayNamed(username: string): Author | undefined {
    return this.#away.get(foldUsername(username))
  }

  /** Whether the person has exactly one connection, and it is on this node. */
  hasOneConnection(person: UserId): boolean {
    return this.#people.get(person)?.connections === 1 && !this.isElsewhere(person)
  }

  /** Whether the person is connected to another node, be it to this one as well or not. */
  isElsewhere(person: UserId): boolean {
    const nodes = this.#people.get(person)?.nodes
    return nodes !== undefined && nodes.size > (nodes.has(this.#cluster.node) ? 1 : 0)
  }

  /** The people who are connected to other nodes only. */
  *elsewhere(): Generator<UserId> {
    if (this.#otherEntries === 0) return
    for (const [id, { connections, nodes }] of this.#people) if (connections === 0 && nodes.size > 0) yield id
  }

  /** The number of people online, on all nodes. */
  get count(): number {
    return this.#online
  }

  /** Everyone who is online, or undefined when they are more than CROWD. */
  get present(): readonly NodePresence[] | undefined {
    if (this.#online > CROWD) return undefined
    const there = [...this.#people.values()].map(entry => ({ person: entry.person, status: statusOf(entry) }))
    return there.filter(({ status }) => status !== 'offline')
  }

  /**
   * A connection of the person opened.
   * @param away whether it is away
   * @returns whether it is their first one on this node
   */
  connected(person: Author, away: boolean): boolean {
    const entry = this.#entry(person)
    entry.connections++
    if (away) entry.away++
    this.#broadcastStatusOf(entry)
    return entry.connections === 1
  }

  /**
   * A connection of the person closed.
   * @param away whether it was away
   * @returns whether it was their last one on this node
   */
  disconnected(person: Author, away: boolean): boolean {
    const entry = this.#entry(person)
    entry.connections--
    if (away) entry.away--
    this.#broadcastStatusOf(entry)
    return entry.connections === 0
  }

  /** One connection of the person is away from now on, or back. */
  setAway(person: Author, away: boolean): void {
    const entry = this.#entry(person)
    entry.away += away ? 1 : -1
    this.#broadcastStatusOf(entry)
  }

  /** The person may have another username now. */
  renamed({ id, username }: Author): void {
    const entry = this.#people.get(id)
    if (entry) this.#rename(entry, { id, username })
  }

  close(): void {
    this.#cancelGathered?.()
    this.#cancelRoll?.()
    for (const cancel of this.#calls.values()) cancel()
    for (const { cancel } of this.#people.values()) cancel?.()
  }

  // --- what nodes tell each other --------------------------------------------------------------------------

  #broadcastStatusOf(entry: Entry): void {
    const status = localStatusOf(entry)
    if (status === (entry.nodes.get(this.#cluster.node) ?? 'offline')) return
    this.#cluster.notify({ kind: 'there', people: [{ person: entry.person, status }] })
  }

  #receive(node: NodeId, people: readonly NodePresence[]): void {
    for (const { person, status } of people) this.#set(this.#entry(person), node, status)
  }

  #receiveRoll(
    node: NodeId,
    { people, first, last }: { people: readonly NodePresence[]; first: boolean; last: boolean },
  ): void {
    if (node === this.#cluster.node) return
    if (first) this.#rolls.set(node, new Set())
    const listed = this.#rolls.get(node)
    for (const { person } of people) listed?.add(person.id)
    this.#receive(node, people)
    if (!last || !listed) return
    this.#settle(node, listed)
  }

  /** Everything is known of that node: `listed` are the people on it. */
  #settle(node: NodeId, listed: ReadonlySet<UserId>): void {
    this.#calls.get(node)?.()
    this.#calls.delete(node)
    this.#rolls.delete(node)
    this.#dropUnlisted(node, listed)
  }

  /** Calls for a node's roll until it has arrived, since calls may be lost as well. */
  #callRoll(node: NodeId): void {
    this.#cluster.notify({ kind: 'roll-call', node })
    this.#calls.get(node)?.()
    const again = this.#clock.after(LONGEST_ROLL_MS, () => this.#callRoll(node))
    this.#calls.set(node, again)
  }

  /** Sets offline on that node everybody who is not listed. */
  #dropUnlisted(node: NodeId, listed: ReadonlySet<UserId>): void {
    for (const entry of this.#people.values())
      if (entry.nodes.has(node) && !listed.has(entry.person.id)) this.#set(entry, node, 'offline')
  }

  #answerRollCall(node: NodeId): void {
    if (node !== this.#cluster.node) return
    this.#cancelRoll ??= this.#clock.after(CALLED_MS, () => {
      this.#cancelRoll = undefined
      this.#broadcastRoll()
    })
  }

  #broadcastRoll(): void {
    const here = [...this.#people.values()].filter(({ connections }) => connections > 0)
    const all = here.map(entry => ({ person: entry.person, status: localStatusOf(entry) }))
    for (let from = 0; from === 0 || from < all.length; from += PART) {
      const people = all.slice(from, from + PART)
      this.#cluster.notify({ kind: 'roll', people, first: from === 0, last: from + PART >= all.length })
    }
  }

  #set(entry: Entry, node: NodeId, status: Status): void {
    const before = entry.nodes.size
    const isOther = node !== this.#cluster.node
    if (isOther && entry.nodes.has(node) !== (status !== 'offline'))
      this.#otherEntries += status === 'offline' ? -1 : 1
    if (status === 'offline') entry.nodes.delete(node)
    else entry.nodes.set(node, status)
    if (before === 0 && entry.nodes.size > 0) this.#online++
    this.#noteAway(entry)
    this.#showWhenRested(entry)
    if (before > 0 && entry.nodes.size === 0) this.#online--
  }

  #entry({ id, username }: Author): Entry {
    let entry = this.#people.get(id)
    if (!entry) {
      const shown = { shown: 'offline', shownAt: Number.NEGATIVE_INFINITY, cancel: undefined } as const
      entry = { person: { id, username }, connections: 0, away: 0, nodes: new Map(), ...shown }
      this.#people.set(id, entry)
    } else if (entry.person.username !== username) this.#rename(entry, { id, username })
    return entry
  }

  #rename(entry: Entry, person: Author): void {
    this.#away.delete(foldUsername(entry.person.username))
    entry.person = person
    this.#noteAway(entry)
  }

  #noteAway(entry: Entry): void {
    const folded = foldUsername(entry.person.username)
    if (statusOf(entry) === 'away') this.#away.set(folded, entry.person)
    else if (this.#away.get(folded)?.id === entry.person.id) this.#away.delete(folded)
  }

  // --- what this node's connections are shown -------------------------------------------------------------------

  #showWhenRested(entry: Entry): void {
    const rest = entry.shownAt + REST_MS - this.#clock.elapsed()
    if (rest <= 0) this.#showChangeOf(entry)
    else
      entry.cancel ??= this.#clock.after(rest, () => {
        entry.cancel = undefined
        this.#showWhenRested(entry)
      })
  }

  #showChangeOf(entry: Entry): void {
    const status = statusOf(entry)
    if (status !== entry.shown) {
      const change = { person: entry.person, status, before: entry.shown }
      entry.shown = status
      entry.shownAt = this.#clock.elapsed()
      if (this.#online > CROWD) this.#gather(change)
      else this.#show([change], this.#online)
    }
    // The entry is kept until its rest is over, since it says when the person was last shown.
    if (status === 'offline') entry.cancel ??= this.#clock.after(REST_MS, () => this.#forget(entry))
  }

  #forget(entry: Entry): void {
    entry.cancel = undefined
    if (statusOf(entry) === 'offline' && entry.shown === 'offline') this.#people.delete(entry.person.id)
    else this.#showWhenRested(entry)
  }

  #gather(change: PresenceChange): void {
    const earlier = this.#gathered.get(change.person.id)
    this.#gathered.set(change.person.id, { ...change, before: earlier?.before ?? change.before })
    this.#cancelGathered ??= this.#clock.after(REST_MS, () => {
      this.#cancelGathered = undefined
      const changes = [...this.#gathered.values()].filter(({ status, before }) => status !== before)
      this.#gathered.clear()
      if (changes.length > 0) this.#show(changes, this.#online)
    })
  }
}

function localStatusOf({ connections, away }: Entry): Status {
  if (connections === 0) return 'offline'
  return connections === away ? 'away' : 'online'
}

function statusOf({ nodes }: Entry): Status {
  if (nodes.size === 0) return 'offline'
  return [...nodes.values()].includes('online') ? 'online' : 'away'
}
