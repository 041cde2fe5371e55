// Pages of history and of metadata: a few at a time for all clients of one person, since a page is in memory until it is
// taken.

import { Slots } from '../../core/limits/slots.ts'
import type { UserId } from '../../core/model/model.ts'
import type { Client } from './client.ts'

/** Pages that all clients of one person are sent at a time. */
const PAGES = 4
/** A client that takes nothing for this long is disconnected when another of the same person waits for its turn. */
const STALLED_MS = 10_000
const LOOK_MS = 1_000

export class HistorySlots {
  readonly #slots = new Slots<UserId>(PAGES)
  readonly #clients = new Map<UserId, Set<Client>>()

  /** Shows a client a page when it is its person's turn. */
  async run<T>(client: Client, show: () => Promise<T>): Promise<T> {
    const { person } = client
    if (!person) return show()
    const leave = await this.#take(person.id)
    const sent = this.#clients.get(person.id) ?? new Set()
    this.#clients.set(person.id, sent.add(client))
    try {
      return await show()
    } finally {
      sent.delete(client)
      if (sent.size === 0) this.#clients.delete(person.id)
      leave()
    }
  }

  async #take(person: UserId): Promise<() => void> {
    const looking = setInterval(() => this.#disconnectStalled(person), LOOK_MS)
    return this.#slots.take(person).finally(() => clearInterval(looking))
  }

  /** A phone without a network, say, from which the person has come back on another connection. */
  #disconnectStalled(person: UserId): void {
    for (const { socket } of this.#clients.get(person) ?? [])
      if (socket.stalledFor >= STALLED_MS) socket.destroy()
  }
}
