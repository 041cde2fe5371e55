// What the nodes tell each other of people, besides what happens in rooms. Whoever has stored something of a person
// tells it here, and every node, this one included, does to its own sessions what follows of it: there is one path.

import type {
  Author,
  DoorName,
  Grant,
  NodeId,
  Person,
  Profile,
  RoomId,
  Seq,
  SessionId,
  Status,
  UserId,
} from '../model/model.ts'
import type { Bus, NodeListener } from '../ports/bus.ts'
import type { RoomInvitation } from '../ports/rooms.ts'

/** Somebody as one node has them. */
export interface NodePresence {
  readonly person: Author
  readonly status: Status
}

/** A session on its way from one connection to another, maybe on another node. */
export interface SessionTransfer {
  readonly session: SessionId
  readonly person: Profile
  readonly grant: Grant
  readonly away: boolean
  /** A token opens it, whether anybody goes on with it or not. */
  readonly lasts: boolean
  /** The room that is written to. */
  readonly room: RoomId
  readonly places: readonly SeatPosition[]
}

/** Where a connection was in a room. */
export interface SeatPosition {
  readonly room: RoomId
  /** The last seq that it was shown, and the last up to which it was shown everything. */
  readonly place: Seq
  readonly seen: Seq
}

/** What the nodes keep of a person who is there: who they are, whom they have blocked, what they want to be told of. */
export type PersonState = 'profile' | 'blocks' | 'levels'

/** What wrong guesses are counted by, and those who come (throttles.ts). */
export type Throttle =
  | 'attempts'
  | 'accounts'
  | 'addresses'
  | 'codes'
  | 'keys'
  | 'rooms'
  | 'strangers'
  | 'guests'
  | 'registrations'

/**
 * Plain data. Of what may be told in another order than it was stored, only that it changed: the store says how it is.
 * What is told of sessions is true for ever, since no session's number is used again.
 */
export type ClusterMessage =
  /** These stored sessions of the person are no more. */
  | {
      readonly kind: 'ended'
      readonly person: UserId
      readonly sessions: readonly SessionId[]
      readonly how: 'revoked' | 'disabled'
    }
  /** What opened this session opens it no more. */
  | { readonly kind: 'voided'; readonly session: SessionId }
  /** The session goes on elsewhere, on a connection that begins when this has been heard. */
  | { readonly kind: 'moved'; readonly person: UserId; readonly session: SessionId }
  /** Who has offered to move by that code? Every node answers. */
  | { readonly kind: 'claim'; readonly claim: string; readonly code: string }
  | { readonly kind: 'claimed'; readonly claim: string; readonly moving?: SessionTransfer }
  /** Something about the person is otherwise than before. */
  | { readonly kind: 'changed'; readonly person: UserId; readonly what: PersonState }
  /** The person has another full name. */
  | { readonly kind: 'full-name'; readonly person: Person; readonly by?: SessionId }
  /** The person is in that room from that seq on. */
  | {
      readonly kind: 'arrived'
      readonly person: UserId
      readonly room: RoomId
      readonly at: Seq
      readonly author: Author
    }
  /** The person is asked into a room. */
  | { readonly kind: 'asked'; readonly person: UserId; readonly asked: RoomInvitation }
  /** The person has read so far. */
  | { readonly kind: 'marked'; readonly person: UserId; readonly room: RoomId; readonly seq: Seq }
  /** Who is there on the node otherwise than before. */
  | { readonly kind: 'there'; readonly people: readonly NodePresence[] }
  /** Everybody who is there on the node, in parts that come one behind the other. */
  | {
      readonly kind: 'roll'
      readonly people: readonly NodePresence[]
      readonly first: boolean
      readonly last: boolean
    }
  /** That node should say who is there. */
  | { readonly kind: 'roll-call'; readonly node: NodeId }
  /** Somebody has guessed, and wrong, or has come who is counted. */
  | { readonly kind: 'failed'; readonly throttle: Throttle; readonly key: string }
  /** Somebody has logged in well to that account from there. */
  | { readonly kind: 'known'; readonly account: string; readonly place: string }
  /** What people have asked for on the node in the last second. */
  | {
      readonly kind: 'spent'
      readonly turns: readonly { readonly person: UserId; readonly count: number }[]
    }
  /** What a door tells its own kind on every node, in its own words. */
  | { readonly kind: 'door'; readonly door: DoorName; readonly said: string }

type Kind = ClusterMessage['kind']
type Of<K extends Kind> = Extract<ClusterMessage, { kind: K }>
type Hearer<K extends Kind> = (notice: Of<K>, from: NodeId) => void | Promise<void>

/** The core's side of the bus: each kind of notice has one who hears it. */
export class ClusterMessages implements NodeListener {
  readonly #bus: Bus
  readonly #onError: (error: unknown) => void
  readonly #hearers: { [K in Kind]?: Hearer<K> } = {}
  readonly #missed: ((node: NodeId) => void)[] = []
  readonly #gone: ((node: NodeId) => void)[] = []
  readonly #returned: (() => void)[] = []
  readonly #deaf: (() => void)[] = []
  readonly #stop: () => void

  constructor(bus: Bus, onError: (error: unknown) => void) {
    this.#bus = bus
    this.#onError = onError
    this.#stop = bus.listen(this)
  }

  get node(): NodeId {
    return this.#bus.node
  }

  get others(): ReadonlySet<NodeId> {
    return this.#bus.others
  }

  /** When it resolves, this node has done what follows of it; when it rejects, this node could not. */
  broadcast(notice: ClusterMessage): Promise<void> {
    return this.#bus.broadcast(notice)
  }

  /** The same for who does not wait for it. */
  notify(notice: ClusterMessage): void {
    this.broadcast(notice).catch(this.#onError)
  }

  on<K extends Kind>(kind: K, hearer: Hearer<K>): void {
    Object.assign(this.#hearers, { [kind]: hearer })
  }

  /** Something that a node told never came here. */
  onMissed(call: (node: NodeId) => void): void {
    this.#missed.push(call)
  }

  onGone(call: (node: NodeId) => void): void {
    this.#gone.push(call)
  }

  /** What happened in rooms may not have been told for a while. */
  onReconnected(call: () => void): void {
    this.#returned.push(call)
  }

  /** Nothing is told at the moment, in rooms or of people. */
  onDisconnected(call: () => void): void {
    this.#deaf.push(call)
  }

  async receive(notice: ClusterMessage, from: NodeId): Promise<void> {
    const hearer = this.#hearers[notice.kind] as Hearer<Kind> | undefined
    if (from === this.node) return hearer?.(notice, from)
    try {
      await hearer?.(notice, from)
    } catch (error) {
      this.#onError(error) // whoever told it waits for their own node alone
    }
  }

  missed(node: NodeId): void {
    for (const call of this.#missed) call(node)
  }

  gone(node: NodeId): void {
    for (const call of this.#gone) call(node)
  }

  reconnected(): void {
    for (const call of this.#returned) call()
  }

  disconnected(): void {
    for (const call of this.#deaf) call()
  }

  close(): void {
    this.#stop()
  }
}
