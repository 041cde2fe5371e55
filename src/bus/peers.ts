// The other nodes: which of them live, and whether what they tell has come whole.

import type { NodeId } from '../core/model/model.ts'
import type { Clock } from '../core/ports/clock.ts'

/** A node gives a sign of life this often; who has given none for so long is dead. */
export const BEAT_MS = 3000
export const SILENT_MS = 10_000
/** Who has not looked for so long has slept, and heard nothing: a machine was suspended, or very busy. */
const ASLEEP_MS = 2 * BEAT_MS

interface Peer {
  /** Notices of it that came here, or are known to be lost. */
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

  /** A notice of that number has come. @returns whether it is to be heard: one that comes late or twice is not */
  accepts(node: NodeId, number: number): boolean {
    const peer = this.#heard(node)
    if (number <= peer.number) return false
    this.#reached(node, peer, number - 1)
    peer.number = number
    return true
  }

  /** A sign of life has come from who has told so many. */
  heartbeat(node: NodeId, number: number): void {
    this.#reached(node, this.#heard(node), number)
  }

  /** Where all before that number has come, nothing was missed. */
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

  /** Who was silent for too long is gone. To be called at every beat. */
  expireSilent(): void {
    const now = this.#clock.elapsed()
    const slept = now - this.#checkedAt > ASLEEP_MS
    this.#checkedAt = now
    if (slept) return this.restartTimers()
    const since = now - SILENT_MS
    for (const [node, { heardAt }] of this.#peers) if (heardAt < since) this.remove(node)
  }

  /** This node was deaf: their silence says nothing. */
  restartTimers(): void {
    for (const peer of this.#peers.values()) peer.heardAt = this.#clock.elapsed()
  }
}
