// Who is online: a person, not a connection, on whatever node. Nothing of it is stored. Each node tells the others who
// is there on it, and makes of what all have told who is there at all; each shows that to its own connections.

import type { ClusterMessages, NodePresence } from '../cluster/messages.ts'
import type { Author, NodeId, Status, UserId } from '../model/model.ts'
import { foldUsername } from '../model/rules.ts'
import type { Clock } from '../ports/clock.ts'

/** Of one person no more than one change is told in so long; who comes and goes meanwhile is told as they are then. */
const REST_MS = 3000
/** With more people online, what changes is told together, once in REST_MS. */
export const MANY = 200
/** People in one part of a roll. */
const PART = 500
/** Nodes that miss a roll at about the same time are told it once. */
const CALLED_MS = 200
/** A roll that has not come in so long is called for again. */
const LONGEST_ROLL_MS = 2000

export interface PresenceChange {
  readonly person: Author
  readonly status: Status
  /** What was told before. */
  readonly before: Status
}

interface Entry {
  /** As they were called last. */
  person: Author
  /** On this node. */
  connections: number
  away: number
  /** What each node has told; one on which they are offline has none. */
  readonly nodes: Map<NodeId, Status>
  /** What this node's connections were told. */
  told: Status
  toldAt: number
  /** Looks again when the rest is over. */
  cancel: (() => void) | undefined
}

export class Presence {
  readonly #clock: Clock
  readonly #cluster: ClusterMessages
  readonly #tell: (changes: readonly PresenceChange[], among: number) => void
  readonly #people = new Map<UserId, Entry>()
  readonly #gathered = new Map<UserId, PresenceChange>()
  /** Of a node that is telling its roll: who has been in it so far. */
  readonly #rolls = new Map<NodeId, Set<UserId>>()
  /** By node whose roll is wanted: how to want it no more. */
  readonly #calls = new Map<NodeId, () => void>()
  #cancelGathered: (() => void) | undefined
  #cancelRoll: (() => void) | undefined
  /** Folded → who is away, as it is now: nobody waits for that to be told. */
  readonly #away = new Map<string, Author>()
  #online = 0
  /** Told of by other nodes, each for each of them. */
  #others = 0
  /** How often somebody was told: the same number, and nothing was missed meanwhile. */
  changes = 0

  /** @param tell told who is there otherwise than before, and how many are online */
  constructor(
    clock: Clock,
    cluster: ClusterMessages,
    tell: (changes: readonly PresenceChange[], among: number) => void,
  ) {
    this.#clock = clock
    this.#cluster = cluster
    this.#tell = (changes, among) => {
      this.changes++
      tell(changes, among)
    }
    cluster.on('there', ({ people }, from) => this.#hear(from, people))
    cluster.on('roll', (roll, from) => this.#hearRoll(from, roll))
    cluster.on('roll-call', ({ node }) => this.#answer(node))
    cluster.onMissed(node => this.#call(node))
    cluster.onGone(node => this.#settle(node, new Set()))
  }

  statusOf(person: UserId): Status {
    const entry = this.#people.get(person)
    return entry ? statusOf(entry) : 'offline'
  }

  /** Who is away under that name; undefined where nobody is. */
  awayNamed(username: string): Author | undefined {
    return this.#away.get(foldUsername(username))
  }

  /** On one connection, which is on this node. */
  hasOneConnection(person: UserId): boolean {
    return this.#people.get(person)?.connections === 1 && !this.isElsewhere(person)
  }

  /** On another node, whether on this one or not. */
  isElsewhere(person: UserId): boolean {
    const nodes = this.#people.get(person)?.nodes
    return nodes !== undefined && nodes.size > (nodes.has(this.#cluster.node) ? 1 : 0)
  }

  /** Those who are there, but not on this node. */
  *elsewhere(): Generator<UserId> {
    if (this.#others === 0) return
    for (const [id, { connections, nodes }] of this.#people) if (connections === 0 && nodes.size > 0) yield id
  }

  /** How many are there, on all nodes. */
  get count(): number {
    return this.#online
  }

  /** Everybody who is there; undefined among many. */
  get present(): readonly NodePresence[] | undefined {
    if (this.#online > MANY) return undefined
    const there = [...this.#people.values()].map(entry => ({ person: entry.person, status: statusOf(entry) }))
    return there.filter(({ status }) => status !== 'offline')
  }

  /** @param away whether that connection is away. @returns whether it is the person's first one on this node. */
  connected(person: Author, away: boolean): boolean {
    const entry = this.#entry(person)
    entry.connections++
    if (away) entry.away++
    this.#sayOf(entry)
    return entry.connections === 1
  }

  /** @param away whether that connection was away. @returns whether it was the person's last one on this node. */
  disconnected(person: Author, away: boolean): boolean {
    const entry = this.#entry(person)
    entry.connections--
    if (away) entry.away--
    this.#sayOf(entry)
    return entry.connections === 0
  }

  /** One connection of the person is away from now on, or back. */
  setAway(person: Author, away: boolean): void {
    const entry = this.#entry(person)
    entry.away += away ? 1 : -1
    this.#sayOf(entry)
  }

  /** They may have another name now. */
  renamed({ id, username }: Author): void {
    const entry = this.#people.get(id)
    if (entry) this.#name(entry, { id, username })
  }

  close(): void {
    this.#cancelGathered?.()
    this.#cancelRoll?.()
    for (const cancel of this.#calls.values()) cancel()
    for (const { cancel } of this.#people.values()) cancel?.()
  }

  // --- what the nodes tell each other --------------------------------------------------------------------------

  #sayOf(entry: Entry): void {
    const status = statusHere(entry)
    if (status === (entry.nodes.get(this.#cluster.node) ?? 'offline')) return
    this.#cluster.notify({ kind: 'there', people: [{ person: entry.person, status }] })
  }

  #hear(node: NodeId, people: readonly NodePresence[]): void {
    for (const { person, status } of people) this.#set(this.#entry(person), node, status)
  }

  #hearRoll(
    node: NodeId,
    { people, first, last }: { people: readonly NodePresence[]; first: boolean; last: boolean },
  ): void {
    if (node === this.#cluster.node) return
    if (first) this.#rolls.set(node, new Set())
    const listed = this.#rolls.get(node)
    for (const { person } of people) listed?.add(person.id)
    this.#hear(node, people)
    if (!last || !listed) return
    this.#settle(node, listed)
  }

  /** All is known of that node. */
  #settle(node: NodeId, listed: ReadonlySet<UserId>): void {
    this.#calls.get(node)?.()
    this.#calls.delete(node)
    this.#rolls.delete(node)
    this.#keep(node, listed)
  }

  /** The call may be lost too: again and again, until the roll has come. */
  #call(node: NodeId): void {
    this.#cluster.notify({ kind: 'roll-call', node })
    this.#calls.get(node)?.()
    const again = this.#clock.after(LONGEST_ROLL_MS, () => this.#call(node))
    this.#calls.set(node, again)
  }

  /** Of all whom that node has told, only these are there. */
  #keep(node: NodeId, listed: ReadonlySet<UserId>): void {
    for (const entry of this.#people.values())
      if (entry.nodes.has(node) && !listed.has(entry.person.id)) this.#set(entry, node, 'offline')
  }

  #answer(node: NodeId): void {
    if (node !== this.#cluster.node) return
    this.#cancelRoll ??= this.#clock.after(CALLED_MS, () => {
      this.#cancelRoll = undefined
      this.#sayRoll()
    })
  }

  #sayRoll(): void {
    const here = [...this.#people.values()].filter(({ connections }) => connections > 0)
    const all = here.map(entry => ({ person: entry.person, status: statusHere(entry) }))
    for (let from = 0; from === 0 || from < all.length; from += PART) {
      const people = all.slice(from, from + PART)
      this.#cluster.notify({ kind: 'roll', people, first: from === 0, last: from + PART >= all.length })
    }
  }

  #set(entry: Entry, node: NodeId, status: Status): void {
    const before = entry.nodes.size
    const isOther = node !== this.#cluster.node
    if (isOther && entry.nodes.has(node) !== (status !== 'offline'))
      this.#others += status === 'offline' ? -1 : 1
    if (status === 'offline') entry.nodes.delete(node)
    else entry.nodes.set(node, status)
    if (before === 0 && entry.nodes.size > 0) this.#online++
    this.#noteAway(entry)
    this.#look(entry)
    if (before > 0 && entry.nodes.size === 0) this.#online--
  }

  #entry({ id, username }: Author): Entry {
    let entry = this.#people.get(id)
    if (!entry) {
      const told = { told: 'offline', toldAt: Number.NEGATIVE_INFINITY, cancel: undefined } as const
      entry = { person: { id, username }, connections: 0, away: 0, nodes: new Map(), ...told }
      this.#people.set(id, entry)
    } else if (entry.person.username !== username) this.#name(entry, { id, username })
    return entry
  }

  #name(entry: Entry, person: Author): void {
    this.#away.delete(foldUsername(entry.person.username))
    entry.person = person
    this.#noteAway(entry)
  }

  #noteAway(entry: Entry): void {
    const folded = foldUsername(entry.person.username)
    if (statusOf(entry) === 'away') this.#away.set(folded, entry.person)
    else if (this.#away.get(folded)?.id === entry.person.id) this.#away.delete(folded)
  }

  // --- what this node's connections are told -------------------------------------------------------------------

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

  #gather(change: PresenceChange): void {
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

function statusHere({ connections, away }: Entry): Status {
  if (connections === 0) return 'offline'
  return connections === away ? 'away' : 'online'
}

function statusOf({ nodes }: Entry): Status {
  if (nodes.size === 0) return 'offline'
  return [...nodes.values()].includes('online') ? 'online' : 'away'
}
