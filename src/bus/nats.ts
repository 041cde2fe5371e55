// The bus of several nodes, over NATS. This node hears what it publishes at once, as on the bus of a single process; the
// others may miss it, since nothing is queued while NATS is away or slow. Each room has a subject, to which a node
// subscribes while somebody on it is in the room. All cluster messages share one subject, so that a node notices when one
// of them is missing.

import type { ClusterMessage } from '../core/cluster/cluster-messages.ts'
import { isLogged, type NodeId, type RoomEvent, type RoomId } from '../core/model/model.ts'
import type { Bus, NodeListener, RoomListener } from '../core/ports/bus.ts'
import type { Clock } from '../core/ports/clock.ts'
import {
  type Batch,
  decodeBatch,
  decodeNodeMessage,
  encodeBatch,
  encodeNodeMessage,
  type Heartbeat,
  type Sender,
} from './encoding.ts'
import { LocalBus } from './local.ts'
import { connectionOptions, type NatsServers } from './nats-options.ts'
import { NatsTransport } from './nats-transport.ts'
import { BEAT_MS, Peers } from './peers.ts'

const PREFIX = /^[\w-]+(\.[\w-]+)*$/

export interface NatsOptions extends NatsServers {
  /** Unique to this process and new at every start, since its messages are numbered from 1. */
  readonly node: string
  /** Prefix of all subjects: tokens of letters, digits, - and _, separated by dots. */
  readonly prefix: string
  /** The store's current epoch: messages of nodes in another one are dropped. */
  readonly epoch: () => string
  readonly clock: Clock
  /** Called with the problem while the other nodes can't be reached, and with undefined once they can. */
  readonly degraded: (problem: string | undefined) => void
  readonly onError: (error: unknown) => void
}

/** Counters of messages, for measurements. */
export interface Counts {
  sent: number
  received: number
  /** Dropped: our own, of another epoch, or invalid. */
  foreign: number
  /** Not sent, since NATS was away or too slow. */
  unsent: number
}

export class NatsBus implements Bus {
  readonly counts: Counts = { sent: 0, received: 0, foreign: 0, unsent: 0 }
  readonly #options: NatsOptions
  readonly #local: LocalBus
  readonly #transport: NatsTransport
  readonly #peers: Peers
  readonly #rooms = new Map<RoomId, { listeners: number; readonly stop: () => void }>()
  readonly #listeners = new Set<NodeListener>()
  #messagesSent = 0
  #stopHeartbeat: () => void = () => {}

  private constructor(options: NatsOptions) {
    const { clock, onError } = options
    this.#options = options
    this.#local = new LocalBus(options.node)
    this.#transport = new NatsTransport(clock, {
      connected: () => this.#connected(),
      degraded: options.degraded,
      onError,
    })
    this.#peers = new Peers(clock, {
      missed: node => this.#each(listener => listener.missed(node)),
      gone: node => this.#each(listener => listener.gone(node)),
    })
    this.#transport.listen(this.#nodesSubject, bytes => this.#hearMessage(bytes))
  }

  /**
   * Resolves after the first attempt to connect; after a failure it goes on trying. Throws for invalid settings.
   */
  static async open(options: NatsOptions): Promise<NatsBus> {
    if (!PREFIX.test(options.prefix)) throw new Error(`${options.prefix} is no beginning of a subject`)
    const connection = connectionOptions(options)
    const bus = new NatsBus(options)
    bus.#scheduleHeartbeat()
    await bus.#transport.open(connection)
    return bus
  }

  get node(): NodeId {
    return this.#local.node
  }

  get others(): ReadonlySet<NodeId> {
    return this.#peers.nodes
  }

  #connected(): void {
    this.#peers.restartTimers()
    this.#sendMessage('hello')
    this.#options.degraded(undefined)
    this.#each(listener => listener.reconnected())
  }

  get #sender(): Sender {
    return { node: this.node, epoch: this.#options.epoch() }
  }

  #roomSubject(room: RoomId): string {
    return `${this.#options.prefix}.room.${room}`
  }

  get #nodesSubject(): string {
    return `${this.#options.prefix}.nodes`
  }

  #send(subject: string, bytes: Uint8Array): void {
    if (this.#transport.send(subject, bytes)) this.counts.sent++
    else this.counts.unsent++
  }

  // --- rooms ---------------------------------------------------------------------------------------------

  publish(room: RoomId, events: readonly RoomEvent[]): void {
    this.#local.publish(room, events)
    if (this.others.size > 0) this.#sendBatch(room, events)
  }

  /** Whole if NATS accepts the length, otherwise in halves; a single event that is too long becomes a hint. */
  #sendBatch(room: RoomId, events: readonly RoomEvent[]): void {
    if (!this.#transport.canSend) return void this.counts.unsent++ // without encoding anything
    const last = events.findLast(isLogged)?.seq
    const bytes = encodeBatch(this.#sender, events, last)
    if (bytes.length <= this.#transport.maxPayload) return this.#send(this.#roomSubject(room), bytes)
    if (events.length < 2) return this.#send(this.#roomSubject(room), encodeBatch(this.#sender, [], last))
    const half = events.length >> 1
    this.#sendBatch(room, events.slice(0, half))
    this.#sendBatch(room, events.slice(half))
  }

  subscribe(room: RoomId, listener: RoomListener): () => void {
    const stop = this.#local.subscribe(room, listener)
    const subscribed = this.#rooms.get(room) ?? { listeners: 0, stop: this.#listenTo(room) }
    this.#rooms.set(room, subscribed)
    subscribed.listeners++
    return () => {
      stop()
      subscribed.listeners--
      if (subscribed.listeners > 0) return
      subscribed.stop()
      this.#rooms.delete(room)
    }
  }

  #listenTo(room: RoomId): () => void {
    return this.#transport.listen(this.#roomSubject(room), bytes => {
      const batch = decodeBatch(room, bytes)
      if (this.#isOurs(batch)) this.#hear(room, batch)
    })
  }

  #hear(room: RoomId, { events, last }: Batch): void {
    if (events.length > 0) this.#local.publish(room, events)
    else if (last !== undefined) this.#local.reach(room, last)
  }

  // --- people --------------------------------------------------------------------------------------------

  /** To the others first: what listeners here broadcast in response arrives after it there, too. */
  async broadcast(message: ClusterMessage): Promise<void> {
    this.#messagesSent++
    if (this.others.size > 0) this.#sendMessage(message)
    await this.#local.broadcast(message)
  }

  listen(listener: NodeListener): () => void {
    const stop = this.#local.listen(listener)
    this.#listeners.add(listener)
    return () => {
      stop()
      this.#listeners.delete(listener)
    }
  }

  #sendMessage(what: ClusterMessage | Heartbeat): void {
    const bytes = encodeNodeMessage({ ...this.#sender, number: this.#messagesSent, what })
    if (bytes.length <= this.#transport.maxPayload) this.#send(this.#nodesSubject, bytes)
  }

  #hearMessage(bytes: Uint8Array): void {
    const message = decodeNodeMessage(bytes)
    if (!this.#isOurs(message)) return
    const { node, number, what } = message
    if (what === 'bye') return this.#peers.remove(node)
    if (what === 'hello') this.#sendMessage('beat')
    if (what === 'beat' || what === 'hello') this.#peers.heartbeat(node, number)
    else if (this.#peers.accepts(node, number)) this.#each(listener => void listener.receive(what, node))
  }

  /** Whether a message is valid, of our epoch, and not this node's own that was routed back to it. */
  #isOurs<T extends Sender>(sent: T | undefined): sent is T {
    this.counts.received++
    if (sent && sent.node !== this.node && sent.epoch === this.#options.epoch()) return true
    this.counts.foreign++
    return false
  }

  #each(call: (listener: NodeListener) => void): void {
    for (const listener of this.#listeners) call(listener)
  }

  /** A heartbeat says how many messages were sent, so that a node that has received fewer knows that it missed some. */
  #scheduleHeartbeat(): void {
    this.#stopHeartbeat = this.#options.clock.after(BEAT_MS, () => {
      if (this.#transport.isConnected) {
        this.#sendMessage('beat')
        this.#peers.expireSilent()
      } else this.#each(listener => listener.disconnected())
      this.#scheduleHeartbeat()
    })
  }

  /** Tells the other nodes at once that this one leaves. */
  async close(): Promise<void> {
    this.#stopHeartbeat()
    this.#sendMessage('bye')
    await this.#transport.close()
  }
}
