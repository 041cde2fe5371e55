// Nodes in one process, whose bus loses nothing.

import type { ClusterMessage } from '../../src/core/cluster/cluster-messages.ts'
import type { NodeId, RoomEvent, RoomId } from '../../src/core/model/model.ts'
import type { Bus, NodeListener, RoomListener } from '../../src/core/ports/bus.ts'

/** What one publishes or tells, all hear at once: the node itself first. */
export class JoinedBus implements Bus {
  readonly node: NodeId
  readonly #all: readonly JoinedBus[]
  readonly #rooms = new Map<RoomId, Set<RoomListener>>()
  readonly #listeners = new Set<NodeListener>()

  private constructor(node: string, all: readonly JoinedBus[]) {
    this.node = node as NodeId
    this.#all = all
  }

  static of(count: number): readonly JoinedBus[] {
    const all: JoinedBus[] = []
    for (let i = 1; i <= count; i++) all.push(new JoinedBus(`nodo${i}`, all))
    return all
  }

  get others(): ReadonlySet<NodeId> {
    return new Set(this.#all.filter(each => each !== this).map(({ node }) => node))
  }

  publish(room: RoomId, happenings: readonly RoomEvent[]): void {
    for (const each of this.#ownFirst) each.#happened(room, happenings)
  }

  #happened(room: RoomId, happenings: readonly RoomEvent[]): void {
    for (const listener of this.#rooms.get(room) ?? []) listener.receive(happenings)
  }

  subscribe(room: RoomId, listener: RoomListener): () => void {
    const listeners = this.#rooms.get(room) ?? new Set()
    this.#rooms.set(room, listeners.add(listener))
    return () => void listeners.delete(listener)
  }

  async broadcast(notice: ClusterMessage): Promise<void> {
    const [own, ...others] = this.#ownFirst.map(each => each.#notice(notice, this.node))
    void Promise.all(others)
    await own
  }

  async #notice(notice: ClusterMessage, from: NodeId): Promise<void> {
    await Promise.all([...this.#listeners].map(each => each.receive(notice, from)))
  }

  listen(listener: NodeListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  get #ownFirst(): JoinedBus[] {
    return [this, ...this.#all.filter(each => each !== this)]
  }
}
