// The bus of a single process: events are delivered to its listeners synchronously, in order.

import type { ClusterMessage } from '../core/cluster/cluster-messages.ts'
import type { NodeId, RoomEvent, RoomId, Seq } from '../core/model/model.ts'
import type { Bus, NodeListener, RoomListener } from '../core/ports/bus.ts'

export class LocalBus implements Bus {
  readonly node: NodeId
  readonly others: ReadonlySet<NodeId> = new Set()
  readonly #rooms = new Map<RoomId, Set<RoomListener>>()
  readonly #nodes = new Set<NodeListener>()

  constructor(node = 'here') {
    this.node = node as NodeId
  }

  publish(room: RoomId, events: readonly RoomEvent[]): void {
    for (const listener of this.#rooms.get(room) ?? []) listener.receive(events)
  }

  /** Passes on that the room's log reaches this seq, where the events themselves are not known. */
  reach(room: RoomId, seq: Seq): void {
    for (const listener of this.#rooms.get(room) ?? []) listener.reaches(seq)
  }

  subscribe(room: RoomId, listener: RoomListener): () => void {
    const listeners = this.#rooms.get(room) ?? new Set()
    this.#rooms.set(room, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#rooms.delete(room)
    }
  }

  async broadcast(message: ClusterMessage): Promise<void> {
    await Promise.all([...this.#nodes].map(listener => listener.receive(message, this.node)))
  }

  listen(listener: NodeListener): () => void {
    this.#nodes.add(listener)
    return () => void this.#nodes.delete(listener)
  }
}
