// What the nodes of one chat tell each other.

import type { ClusterMessage } from '../cluster/messages.ts'
import type { NodeId, RoomEvent, RoomId, Seq } from '../model/model.ts'

/**
 * Tells the other nodes, and this one, what happened. This node hears it at once and in order, whatever else fails;
 * for the others it is a hint, which may be lost, doubled, late or out of order. The store is the truth.
 */
export interface Bus {
  readonly node: NodeId
  /** Those that were heard of lately. */
  readonly others: ReadonlySet<NodeId>
  publish(room: RoomId, events: readonly RoomEvent[]): void
  /** @returns how to stop listening. */
  subscribe(room: RoomId, listener: RoomListener): () => void
  /**
   * To every node. Resolves when this one has done what follows of it, the others may still be at it; rejects when
   * this one could not. What one node tells, another hears in that order and none of it twice; where something is
   * lacking, it hears `missed` instead.
   */
  broadcast(notice: ClusterMessage): Promise<void>
  /** @returns how to stop hearing. */
  listen(listener: NodeListener): () => void
}

export interface RoomListener {
  receive(events: readonly RoomEvent[]): void
  /** The room's log reaches that seq: what has not been told by then is read. */
  reaches(seq: Seq): void
}

export interface NodeListener {
  receive(notice: ClusterMessage, from: NodeId): Promise<void>
  /** Something that this node told was lost on its way here, or was told before this node listened. */
  missed(node: NodeId): void
  /** It has been silent for so long that nobody is there any more. */
  gone(node: NodeId): void
  /** The other nodes can be heard again: what happened in rooms meanwhile was not told. */
  reconnected(): void
  /** Again and again while they can't be: what they do shows in the store alone. */
  disconnected(): void
}
