// The bus of several nodes, over NATS. What is published is heard on this node at once, as on the bus of a single
// process, and told to the others, who may miss it: nothing is kept for a NATS that is away, or slow. A subject for
// each room, which a node listens to while somebody is in the room on it; and one for all that nodes tell of people,
// since a node must notice when something of it did not come.

import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type NatsConnection, type Subscription } from '@nats-io/transport-node'
import type { Happening, NodeId, RoomId } from '../core/model.ts'
import type { Notice } from '../core/notices.ts'
import type { Bus, Clock, NodeListener, RoomListener } from '../core/ports.ts'
import {
  type Batch,
  decodeBatch,
  decodeTold,
  encodeBatch,
  encodeTold,
  isLogged,
  type Sign,
} from './encoding.ts'
import { LocalBus } from './local.ts'
import { connectionOptions, type Where } from './nats-options.ts'
import { BEAT_MS, Peers } from './peers.ts'

/** The first connection is tried again after so long; the client itself sees to later ones. */
const RETRY_MS = 1000
const PREFIX = /^[\w-]+(\.[\w-]+)*$/
const LONGEST_GOODBYE_MS = 1000
/** What NATS has not confirmed: it is asked after so much, and gets no more of what happens in rooms beyond so much. */
const CONFIRMED = 1 << 20
const UNCONFIRMED = 32 << 20

export interface NatsOptions extends Where {
  /** Of this process alone. */
  readonly node: string
  /** In front of all subjects: letters, digits and dots. */
  readonly prefix: string
  /** Of what the store writes now: nodes of another epoch are no nodes of ours. */
  readonly epoch: () => string
  readonly clock: Clock
  /** Told what is wrong while the other nodes can't be reached; undefined when all is well again. */
  readonly degraded: (problem: string | undefined) => void
  readonly trouble: (error: unknown) => void
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
  readonly #peers: Peers
  readonly #rooms = new Map<RoomId, { listeners: number; subscription: Subscription | undefined }>()
  readonly #listeners = new Set<NodeListener>()
  #connection: NatsConnection | undefined
  #connected = false
  #closed = false
  #told = 0
  #unconfirmed = 0
  #confirming = false
  #stopBeating: () => void = () => {}

  private constructor(options: NatsOptions) {
    this.#options = options
    this.#local = new LocalBus(options.node)
    this.#peers = new Peers(options.clock, {
      missed: node => this.#each(listener => listener.missed(node)),
      gone: node => this.#each(listener => listener.gone(node)),
    })
  }

  /**
   * Resolves when NATS has been reached, or could not be: then it is tried again and again. Throws for settings that
   * can't be right.
   */
  static async open(options: NatsOptions): Promise<NatsBus> {
    if (!PREFIX.test(options.prefix)) throw new Error(`${options.prefix} is no beginning of a subject`)
    const bus = new NatsBus(options)
    const connection = connectionOptions(options)
    bus.#beatOn()
    await bus.#connect(connection)
    return bus
  }

  get node(): NodeId {
    return this.#local.node
  }

  get others(): ReadonlySet<NodeId> {
    return this.#peers.nodes
  }

  // --- rooms ---------------------------------------------------------------------------------------------

  publish(room: RoomId, happenings: readonly Happening[]): void {
    this.#local.publish(room, happenings)
    if (this.others.size > 0) this.#sendBatch(room, happenings)
  }

  /** In one piece, in halves where that is too long for NATS, and as a hint alone where even one happening is. */
  #sendBatch(room: RoomId, happenings: readonly Happening[]): void {
    if (!this.#connected || this.#unconfirmed > UNCONFIRMED) return void this.counts.unsent++
    const last = happenings.findLast(isLogged)?.seq
    const bytes = encodeBatch(this.#sender, happenings, last)
    if (bytes.length <= this.#longest) return this.#send(this.#roomSubject(room), bytes)
    if (happenings.length < 2) return this.#send(this.#roomSubject(room), encodeBatch(this.#sender, [], last))
    const half = happenings.length >> 1
    this.#sendBatch(room, happenings.slice(0, half))
    this.#sendBatch(room, happenings.slice(half))
  }

  subscribe(room: RoomId, listener: RoomListener): () => void {
    const stop = this.#local.subscribe(room, listener)
    const there = this.#rooms.get(room) ?? { listeners: 0, subscription: this.#listenTo(room) }
    this.#rooms.set(room, there)
    there.listeners++
    return () => {
      stop()
      there.listeners--
      if (there.listeners > 0) return
      there.subscription?.unsubscribe()
      this.#rooms.delete(room)
    }
  }

  #listenTo(room: RoomId): Subscription | undefined {
    return this.#listen(this.#roomSubject(room), bytes => {
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
  async tell(notice: Notice): Promise<void> {
    this.#told++
    if (this.others.size > 0) this.#sendTold(notice)
    await this.#local.tell(notice)
  }

  hear(listener: NodeListener): () => void {
    const stop = this.#local.hear(listener)
    this.#listeners.add(listener)
    return () => {
      stop()
      this.#listeners.delete(listener)
    }
  }

  #sendTold(what: Notice | Sign): void {
    if (!this.#connected) return void this.counts.unsent++
    const bytes = encodeTold({ ...this.#sender, number: this.#told, what })
    if (bytes.length <= this.#longest) this.#send(this.#nodesSubject, bytes)
  }

  #hearTold(bytes: Uint8Array): void {
    const told = decodeTold(bytes)
    if (!this.#isOurs(told)) return
    const { node, number, what } = told
    if (what === 'bye') return this.#peers.leaves(node)
    if (what === 'hello') this.#sendTold('beat')
    if (what === 'beat' || what === 'hello') this.#peers.beat(node, number)
    else if (this.#peers.takes(node, number)) this.#each(listener => void listener.notice(what, node))
  }

  /** Of this node it came back by a detour. */
  #isOurs<T extends Batch | { readonly node: NodeId; readonly epoch: string }>(
    sent: T | undefined,
  ): sent is T {
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
      if (this.#connected) {
        this.#sendTold('beat')
        this.#peers.look()
      } else this.#each(listener => listener.deaf())
      this.#beatOn()
    })
  }

  // --- NATS ----------------------------------------------------------------------------------------------

  get #sender() {
    return { node: this.node, epoch: this.#options.epoch() }
  }

  #roomSubject(room: RoomId): string {
    return `${this.#options.prefix}.room.${room}`
  }

  get #nodesSubject(): string {
    return `${this.#options.prefix}.nodes`
  }

  /** NATS takes no longer payload: a megabyte, unless it is told otherwise. */
  get #longest(): number {
    return this.#connection?.info?.max_payload ?? 0
  }

  #send(subject: string, bytes: Uint8Array): void {
    this.#connection?.publish(subject, bytes)
    this.counts.sent++
    this.#unconfirmed += bytes.length
    if (this.#unconfirmed > CONFIRMED && !this.#confirming) void this.#confirm()
  }

  /** A ping that comes back behind all that was sent. */
  async #confirm(): Promise<void> {
    const sent = this.#unconfirmed
    this.#confirming = true
    await this.#connection?.flush().catch(() => {}) // it went away, and what was under way with it
    this.#unconfirmed -= sent
    this.#confirming = false
  }

  /** What must not throw into the client, which would stop reading. */
  #listen(subject: string, heard: (bytes: Uint8Array) => void): Subscription | undefined {
    return this.#connection?.subscribe(subject, {
      callback: (error, message) => {
        try {
          if (error) throw error
          heard(message.data)
        } catch (failed) {
          this.#options.trouble(failed)
        }
      },
    })
  }

  async #connect(options: ReturnType<typeof connectionOptions>): Promise<void> {
    if (this.#closed) return
    try {
      this.#connection = await connect(options)
    } catch (error) {
      this.#away(String(error))
      this.#options.clock.after(RETRY_MS, () => void this.#connect(options))
      return
    }
    if (this.#closed) return this.#connection.close()
    void this.#watch(this.#connection)
    this.#listen(this.#nodesSubject, bytes => this.#hearTold(bytes))
    for (const [room, there] of this.#rooms) there.subscription = this.#listenTo(room)
    this.#there()
  }

  /** The client reconnects by itself, for ever, and subscribes again to all that it was subscribed to. */
  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') this.#away(`${status.server} is not there`)
      else if (status.type === 'reconnect') this.#there()
      else if (status.type === 'error') this.#options.degraded(String(status.error))
    }
  }

  #there(): void {
    this.#connected = true
    this.#peers.excuse()
    this.#sendTold('hello')
    this.#options.degraded(undefined)
    this.#each(listener => listener.returned())
  }

  #away(problem: string): void {
    this.#connected = false
    if (!this.#closed) this.#options.degraded(problem)
  }

  /** The other nodes know at once that nobody is here any more. */
  async close(): Promise<void> {
    this.#closed = true
    this.#stopBeating()
    this.#sendTold('bye')
    const gone = this.#connected ? this.#connection?.flush().catch(() => {}) : undefined
    this.#connected = false
    await Promise.race([gone, sleep(LONGEST_GOODBYE_MS, undefined, { ref: false })])
    await this.#connection?.close()
  }
}
