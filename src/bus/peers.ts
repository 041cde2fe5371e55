// The other nodes: which are alive, and whether all their messages have arrived.

import type { NodeId } from '../core/model/model.ts'
import type { Clock } from '../core/ports/clock.ts'

/** Interval of a node's heartbeats. */
export const BEAT_MS = 3000
/** A node that has been silent for this long is taken for dead. */
export const SILENT_MS = 10_000
/** After a pause this long between two checks this process itself was suspended or starved, and has heard nothing. */
const ASLEEP_MS = 2 * BEAT_MS

interface Peer {
  /** The number of its last message that was received, or is known to be lost. */
  number: number
  heardAt: number
}

export interface PeerListener {
  missed(node: NodeId): void
  gone(node: NodeId): void
}

export class Peers {
  readonly nodes = new Set<NodeId>()
  readonly #clock: Clock
  readonly #listener: PeerListener
  readonly #peers = new Map<NodeId, Peer>()
  #checkedAt: number

  constructor(clock: Clock, listener: PeerListener) {
    this.#clock = clock
    this.#listener = listener
    this.#checkedAt = clock.elapsed()
  }

  /** Notes a message with this number. @returns whether to deliver it: a late or duplicate one is not */
  accepts(node: NodeId, number: number): boolean {
    const peer = this.#heard(node)
    if (number <= peer.number) return false
    this.#reached(node, peer, number - 1)
    peer.number = number
    return true
  }

  /** Notes a heartbeat from a node that has sent `number` messages. */
  heartbeat(node: NodeId, number: number): void {
    this.#reached(node, this.#heard(node), number)
  }

  /** Reports missed messages when the node has sent more, up to this number, than were received. */
  #reached(node: NodeId, peer: Peer, number: number): void {
    if (number <= peer.number) return
    peer.number = number
    this.#listener.missed(node)
  }

  #heard(node: NodeId): Peer {
    const known = this.#peers.get(node)
    if (known) {
      known.heardAt = this.#clock.elapsed()
      return known
    }
    const peer = { number: 0, heardAt: this.#clock.elapsed() }
    this.#peers.set(node, peer)
    this.nodes.add(node)
    return peer
  }

  remove(node: NodeId): void {
    if (!this.#peers.delete(node)) return
    this.nodes.delete(node)
    this.#listener.gone(node)
  }

  /** Removes nodes that have been silent for too long. To be called at every heartbeat. */
  expireSilent(): void {
    const now = this.#clock.elapsed()
    const slept = now - this.#checkedAt > ASLEEP_MS
    this.#checkedAt = now
    if (slept) return this.restartTimers()
    const since = now - SILENT_MS
    for (const [node, { heardAt }] of this.#peers) if (heardAt < since) this.remove(node)
  }

  /** Starts the timers of all nodes anew: this node could not hear them, so their silence means nothing. */
  restartTimers(): void {
    for (const peer of this.#peers.values()) peer.heardAt = this.#clock.elapsed()
  }
}
