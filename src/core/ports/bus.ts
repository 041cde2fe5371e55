// What the nodes of one chat tell each other.

import type { ClusterMessage } from '../cluster/cluster-messages.ts'
import type { NodeId, RoomEvent, RoomId, Seq } from '../model/model.ts'

/**
 * Tells this node and the others what happened. This node receives it at once and in order, whatever else fails. For
 * the others it is a hint, which may be lost, repeated, late or out of order: the store is the truth.
 */
export interface Bus {
  readonly node: NodeId
  /** The nodes heard of lately. */
  readonly others: ReadonlySet<NodeId>
  publish(room: RoomId, events: readonly RoomEvent[]): void
  /** @returns stops listening */
  subscribe(room: RoomId, listener: RoomListener): () => void
  /**
   * Sends to every node. Resolves when this one has handled the message, while others may still be at it; rejects
   * when this one could not. Messages of one node reach another in order and none of them twice; where one is
   * missing, `missed` is called instead.
   */
  broadcast(message: ClusterMessage): Promise<void>
  /** @returns stops listening */
  listen(listener: NodeListener): () => void
}

export interface RoomListener {
  receive(events: readonly RoomEvent[]): void
  /** The room's log is known to reach that seq: what has not been received by then is read. */
  reaches(seq: Seq): void
}

export interface NodeListener {
  receive(message: ClusterMessage, from: NodeId): Promise<void>
  /** A message of that node was lost on its way here, or sent before this node listened. */
  missed(node: NodeId): void
  /** That node has been silent for so long that nobody is connected to it any more. */
  gone(node: NodeId): void
  /** The other nodes can be heard again. What happened in rooms meanwhile was not received. */
  reconnected(): void
  /** Called again and again while the other nodes can't be heard: what they do shows in the store alone. */
  disconnected(): void
}
