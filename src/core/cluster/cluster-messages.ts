// What nodes tell each other about people. (Events of rooms travel by room.) A use case stores, then broadcasts what
// it has stored, and every node, this one included, acts on its own sessions: there is one path.

import type {
  Author,
  AvatarId,
  DoorName,
  Grant,
  Instant,
  NodeId,
  Person,
  Profile,
  RoomId,
  Seq,
  SessionId,
  Status,
  UserId,
} from '../model/model.ts'
import type { Reminder, Scheduled } from '../model/scheduled.ts'
import type { Bus, NodeListener } from '../ports/bus.ts'
import type { RoomInvitation } from '../ports/rooms.ts'

/** A person's status on one node. */
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
  /** A token opens it, whether or not anybody resumes it. */
  readonly lasts: boolean
  /** The room that is current. */
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

/**
 * What nodes keep in memory of a person who is connected: their profile, whom they have blocked, their notification
 * levels. Or what their clients keep: the threads that they follow.
 */
export type PersonState = 'profile' | 'blocks' | 'levels' | 'threads'

/** What others are shown of a person. */
export type ShownPerson = Pick<Profile, 'id' | 'username' | 'name' | 'role' | 'status'>

/** What else clients show of themselves to a person, of which nodes keep nothing. */
export type OwnNotes = 'saved' | 'sidebar' | 'reports' | 'conversations'

/** What throttles count by: wrong guesses, registrations and guests (throttles.ts). */
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
 * Plain data. Where messages may arrive in another order than things were stored, they only say that something
 * changed, and the store says what is true. What they say of sessions is true for ever, since no session's id is used
 * again.
 */
export type ClusterMessage =
  /** These stored sessions of the person are over. */
  | {
      readonly kind: 'ended'
      readonly person: UserId
      readonly sessions: readonly SessionId[]
      readonly how: 'revoked' | 'disabled'
    }
  /** The token that opened this session no longer does. */
  | { readonly kind: 'voided'; readonly session: SessionId }
  /** The session continues elsewhere, on a connection that begins after this has been handled. */
  | { readonly kind: 'moved'; readonly person: UserId; readonly session: SessionId }
  /** Asks which node has made the offer with this code. Every node answers. */
  | { readonly kind: 'claim'; readonly claim: string; readonly code: string }
  | { readonly kind: 'claimed'; readonly claim: string; readonly moving?: SessionTransfer }
  /** Something about the person has changed. */
  | { readonly kind: 'changed'; readonly person: UserId; readonly what: PersonState | OwnNotes }
  /** The person has another full name. */
  | { readonly kind: 'full-name'; readonly person: Person; readonly by?: SessionId }
  /** The person has another name, username, role or status text: whoever shows them shows that. */
  | { readonly kind: 'person'; readonly person: ShownPerson }
  /** A person or a room has another picture, or none any more. */
  | {
      readonly kind: 'avatar'
      readonly person?: Author
      readonly room?: RoomId
      readonly avatar?: AvatarId
      readonly by?: SessionId
    }
  /** A setting of the server has changed. */
  | { readonly kind: 'settings' }
  /** A team has other people, or there is another, or one less. */
  | { readonly kind: 'teams' }
  /** The person is a member of the room from this seq on. */
  | {
      readonly kind: 'arrived'
      readonly person: UserId
      readonly room: RoomId
      readonly at: Seq
      readonly author: Author
    }
  /** The person is invited into a room. */
  | { readonly kind: 'asked'; readonly person: UserId; readonly asked: RoomInvitation }
  /** The person has read the room up to this seq; `back`: what follows it is unread again, as they wanted. */
  | {
      readonly kind: 'marked'
      readonly person: UserId
      readonly room: RoomId
      readonly seq: Seq
      readonly back?: true
    }
  /** The person has chosen these options of a poll, and no others. */
  | {
      readonly kind: 'voted'
      readonly person: UserId
      readonly room: RoomId
      readonly seq: Seq
      readonly options: readonly number[]
    }
  /** Of what the person is to send later something has changed: one is due at `at`, or one was not sent and is kept. */
  | {
      readonly kind: 'scheduled'
      readonly person: UserId
      readonly at?: Instant
      readonly kept?: Scheduled
    }
  /** Of the person's reminders something has changed: one is due at `at`, or the time of one has come. */
  | {
      readonly kind: 'reminders'
      readonly person: UserId
      readonly at?: Instant
      readonly rung?: Reminder
    }
  /** People whose status on the sending node has changed. */
  | { readonly kind: 'there'; readonly people: readonly NodePresence[] }
  /** Everyone connected to the sending node, in consecutive parts. */
  | {
      readonly kind: 'roll'
      readonly people: readonly NodePresence[]
      readonly first: boolean
      readonly last: boolean
    }
  /** Asks that node for its roll. */
  | { readonly kind: 'roll-call'; readonly node: NodeId }
  /** Counts toward a throttle: a wrong guess, a registration, a guest. */
  | { readonly kind: 'failed'; readonly throttle: Throttle; readonly key: string }
  /** Somebody has logged in to that account from there. */
  | { readonly kind: 'known'; readonly account: string; readonly place: string }
  /** What people have spent of their rate limits on the sending node in the last second. */
  | {
      readonly kind: 'spent'
      readonly turns: readonly { readonly person: UserId; readonly count: number }[]
    }
  /** A door's own message to the same door on every node. */
  | { readonly kind: 'door'; readonly door: DoorName; readonly said: string }

type Kind = ClusterMessage['kind']
type Of<K extends Kind> = Extract<ClusterMessage, { kind: K }>

export type PictureChange = Of<'avatar'>

type Hearer<K extends Kind> = (message: Of<K>, from: NodeId) => void | Promise<void>

/** The core's side of the bus: each kind of message has one handler, and this calls it. */
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

  /** Resolves when this node has handled the message; rejects when it could not. */
  broadcast(message: ClusterMessage): Promise<void> {
    return this.#bus.broadcast(message)
  }

  /** Like `broadcast`, without waiting. An error goes to `onError`. */
  notify(message: ClusterMessage): void {
    this.broadcast(message).catch(this.#onError)
  }

  on<K extends Kind>(kind: K, hearer: Hearer<K>): void {
    Object.assign(this.#hearers, { [kind]: hearer })
  }

  /** Calls back when a message of that node was lost. */
  onMissed(call: (node: NodeId) => void): void {
    this.#missed.push(call)
  }

  onGone(call: (node: NodeId) => void): void {
    this.#gone.push(call)
  }

  /** Calls back when the bus can be heard again: events in rooms may have been missed. */
  onReconnected(call: () => void): void {
    this.#returned.push(call)
  }

  /** Calls back again and again while the bus can't be heard. */
  onDisconnected(call: () => void): void {
    this.#deaf.push(call)
  }

  async receive(message: ClusterMessage, from: NodeId): Promise<void> {
    const hearer = this.#hearers[message.kind] as Hearer<Kind> | undefined
    if (from === this.node) return hearer?.(message, from)
    try {
      await hearer?.(message, from)
    } catch (error) {
      this.#onError(error) // the sender waits for its own node alone
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
