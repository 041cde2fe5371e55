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
  decodeTold,
  encodeBatch,
  encodeTold,
  type Sender,
  type Sign,
} from './encoding.ts'
import { LocalBus } from './local.ts'
import { NatsLink } from './nats-link.ts'
import { connectionOptions, type Where } from './nats-options.ts'
import { BEAT_MS, Peers } from './peers.ts'

const PREFIX = /^[\w-]+(\.[\w-]+)*$/

export interface NatsOptions extends Where {
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
  readonly #link: NatsLink
  readonly #peers: Peers
  readonly #rooms = new Map<RoomId, { listeners: number; readonly stop: () => void }>()
  readonly #listeners = new Set<NodeListener>()
  #told = 0
  #stopBeating: () => void = () => {}

  private constructor(options: NatsOptions) {
    const { clock, onError } = options
    this.#options = options
    this.#local = new LocalBus(options.node)
    this.#link = new NatsLink(clock, { there: () => this.#there(), wrong: options.degraded, onError })
    this.#peers = new Peers(clock, {
      missed: node => this.#each(listener => listener.missed(node)),
      gone: node => this.#each(listener => listener.gone(node)),
    })
    this.#link.listen(this.#nodesSubject, bytes => this.#hearTold(bytes))
  }

  /**
   * Resolves when NATS has been reached, or could not be: then it is tried again and again. Throws for settings that
   * can't be right.
   */
  static async open(options: NatsOptions): Promise<NatsBus> {
    if (!PREFIX.test(options.prefix)) throw new Error(`${options.prefix} is no beginning of a subject`)
    const connection = connectionOptions(options)
    const bus = new NatsBus(options)
    bus.#beatOn()
    await bus.#link.open(connection)
    return bus
  }

  get node(): NodeId {
    return this.#local.node
  }

  get others(): ReadonlySet<NodeId> {
    return this.#peers.nodes
  }

  #there(): void {
    this.#peers.excuse()
    this.#sendTold('hello')
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
    if (this.#link.send(subject, bytes)) this.counts.sent++
    else this.counts.unsent++
  }

  // --- rooms ---------------------------------------------------------------------------------------------

  publish(room: RoomId, happenings: readonly RoomEvent[]): void {
    this.#local.publish(room, happenings)
    if (this.others.size > 0) this.#sendBatch(room, happenings)
  }

  /** In one piece, in halves where that is too long for NATS, and as a hint alone where even one happening is. */
  #sendBatch(room: RoomId, happenings: readonly RoomEvent[]): void {
    if (!this.#link.canSend) return void this.counts.unsent++ // and nothing is encoded
    const last = happenings.findLast(isLogged)?.seq
    const bytes = encodeBatch(this.#sender, happenings, last)
    if (bytes.length <= this.#link.longest) return this.#send(this.#roomSubject(room), bytes)
    if (happenings.length < 2) return this.#send(this.#roomSubject(room), encodeBatch(this.#sender, [], last))
    const half = happenings.length >> 1
    this.#sendBatch(room, happenings.slice(0, half))
    this.#sendBatch(room, happenings.slice(half))
  }

  subscribe(room: RoomId, listener: RoomListener): () => void {
    const stop = this.#local.subscribe(room, listener)
    const there = this.#rooms.get(room) ?? { listeners: 0, stop: this.#listenTo(room) }
    this.#rooms.set(room, there)
    there.listeners++
    return () => {
      stop()
      there.listeners--
      if (there.listeners > 0) return
      there.stop()
      this.#rooms.delete(room)
    }
  }

  #listenTo(room: RoomId): () => void {
    return this.#link.listen(this.#roomSubject(room), bytes => {
      const batch = decodeBatch(room, bytes)
      if (this.#isOurs(batch)) this.#hear(room, batch)
    })
  }

  #hear(room: RoomId, { happenings, last }: Batch): void {
    if (happenings.length > 0) this.#local.publish(room, happenings)
    else if (last !== undefined) this.#local.reach(room, last)
  }

  // --- people --------------------------------------------------------------------------------------------

  /** To the others first, so that what is told because of it comes behind it there too. */
  async broadcast(notice: ClusterMessage): Promise<void> {
    this.#told++
    if (this.others.size > 0) this.#sendTold(notice)
    await this.#local.broadcast(notice)
  }

  listen(listener: NodeListener): () => void {
    const stop = this.#local.listen(listener)
    this.#listeners.add(listener)
    return () => {
      stop()
      this.#listeners.delete(listener)
    }
  }

  #sendTold(what: ClusterMessage | Sign): void {
    const bytes = encodeTold({ ...this.#sender, number: this.#told, what })
    if (bytes.length <= this.#link.longest) this.#send(this.#nodesSubject, bytes)
  }

  #hearTold(bytes: Uint8Array): void {
    const told = decodeTold(bytes)
    if (!this.#isOurs(told)) return
    const { node, number, what } = told
    if (what === 'bye') return this.#peers.leaves(node)
    if (what === 'hello') this.#sendTold('beat')
    if (what === 'beat' || what === 'hello') this.#peers.beat(node, number)
    else if (this.#peers.takes(node, number)) this.#each(listener => void listener.receive(what, node))
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
  #beatOn(): void {
    this.#stopBeating = this.#options.clock.after(BEAT_MS, () => {
      if (this.#link.isThere) {
        this.#sendTold('beat')
        this.#peers.look()
      } else this.#each(listener => listener.disconnected())
      this.#beatOn()
    })
  }

  /** The other nodes know at once that nobody is here any more. */
  async close(): Promise<void> {
    this.#stopBeating()
    this.#sendTold('bye')
    await this.#link.close()
  }
}
