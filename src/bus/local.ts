// The bus of a single process: what is published is heard at once, in order, by everyone in it.

import type { Happening, RoomId } from '../core/model.ts'
import type { Bus } from '../core/ports.ts'

type Listener = (happenings: readonly Happening[]) => void

export class LocalBus implements Bus {
  readonly #listeners = new Map<RoomId, Set<Listener>>()

  publish(room: RoomId, happenings: readonly Happening[]): void {
    for (const listener of this.#listeners.get(room) ?? []) listener(happenings)
  }

  subscribe(room: RoomId, listener: Listener): () => void {
    const listeners = this.#listeners.get(room) ?? new Set()
    this.#listeners.set(room, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(room)
    }
  }
}
