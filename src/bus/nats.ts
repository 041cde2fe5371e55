// The bus of several nodes, over NATS. What is published is heard on this node at once, as on the bus of a single
// process, and told to the others, who may miss it: nothing is kept for a NATS that is away, or slow. A subject for
// each room, which a node listens to while somebody is in the room on it; and one for all that nodes tell of people,
// since a node must notice when something of it did not come.

import type { ClusterMessage } from '../core/cluster/messages.ts'
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
  /** Of this process alone, another one at every start: what it tells is numbered from 1. */
  readonly node: string
  /** In front of all subjects: letters, digits, - and _, in parts between dots. */
  readonly prefix: string
  /** Of what the store writes now: nodes of another epoch are no nodes of ours. */
  readonly epoch: () => string
  readonly clock: Clock
  /** Told what is wrong while the other nodes can't be reached; undefined when all is well again. */
  readonly degraded: (problem: string | undefined) => void
  readonly onError: (error: unknown) => void
}

/** What came and went, for whoever measures. */
export interface Counts {
  sent: number
  received: number
  /** Was not ours, or made no sense. */
  foreign: number
  /** Was not told, since NATS was away or too slow. */
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
   * Resolves when NATS has been reached, or could not be: then it is tried again and again. Throws for settings that
   * can't be right.
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

  /** In one piece, in halves where that is too long for NATS, and as a hint alone where even one event is. */
  #sendBatch(room: RoomId, events: readonly RoomEvent[]): void {
    if (!this.#transport.canSend) return void this.counts.unsent++ // and nothing is encoded
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

  /** To the others first, so that what is told because of it comes behind it there too. */
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

  /** Of this node it came back by a detour. */
  #isOurs<T extends Sender>(sent: T | undefined): sent is T {
    this.counts.received++
    if (sent && sent.node !== this.node && sent.epoch === this.#options.epoch()) return true
    this.counts.foreign++
    return false
  }

  #each(call: (listener: NodeListener) => void): void {
    for (const listener of this.#listeners) call(listener)
  }

  /** Signs of life say how much was told: who has heard less has missed something. */
  #scheduleHeartbeat(): void {
    this.#stopHeartbeat = this.#options.clock.after(BEAT_MS, () => {
      if (this.#transport.isConnected) {
        this.#sendMessage('beat')
        this.#peers.expireSilent()
      } else this.#each(listener => listener.disconnected())
      this.#scheduleHeartbeat()
    })
  }

  /** The other nodes know at once that nobody is here any more. */
  async close(): Promise<void> {
    this.#stopHeartbeat()
    this.#sendMessage('bye')
    await this.#transport.close()
  }
}
