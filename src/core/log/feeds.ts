// The feeds of this node's rooms: opened for the first seat, closed after the last one.

import type { EphemeralEvent, RoomId } from '../model/model.ts'
import { type FeedDeps, RoomFeed } from './feed.ts'

const SWEEP_MS = 1000

/** One feed per room with seats on this node. A sweep once a second finds lost hints and closes feeds without seats. */
export class Feeds {
  readonly #deps: FeedDeps
  readonly #feeds = new Map<RoomId, Promise<RoomFeed>>()
  /** All that listen to the bus, including those that are still opening. */
  readonly #listening = new Map<RoomId, RoomFeed>()
  #stopSweeping: () => void = () => {}
  #closed = false

  constructor(deps: FeedDeps) {
    this.#deps = deps
    this.#sweepIn(SWEEP_MS)
  }

  /** The room's feed. If it is being closed just now, a new one is opened. */
  async of(room: RoomId): Promise<RoomFeed> {
    for (;;) {
      const opening = this.#feeds.get(room) ?? this.#open(room)
      this.#feeds.set(room, opening)
      const feed = await opening
      if (!feed.isClosed) return feed
    }
  }

  /** Shows an ephemeral event to the room's seats on this node. */
  showEphemeral(room: RoomId, event: EphemeralEvent): void {
    this.#listening.get(room)?.showEphemeral(event)
  }

  /** Sweeps at once: finds what the bus has not told. */
  sweepNow(): void {
    this.#stopSweeping()
    if (!this.#closed) this.#sweepIn(0)
  }

  /** Neither opens nor closes feeds any more. */
  close(): void {
    this.#closed = true
    this.#stopSweeping()
  }

  async #open(room: RoomId): Promise<RoomFeed> {
    const feed = new RoomFeed(room, this.#deps)
    this.#listening.set(room, feed)
    try {
      const [head] = await this.#deps.log.heads([room])
      if (!head) throw new Error(`there is no room ${room}`)
      feed.start(head.head)
      return feed
    } catch (error) {
      feed.close()
      this.#feeds.delete(room)
      this.#listening.delete(room)
      throw error
    }
  }

  /** Finds lost hints at the latest here, and closes feeds without seats. */
  async #sweep(): Promise<void> {
    const served = new Map<RoomId, RoomFeed>()
    for (const feed of await Promise.all(this.#feeds.values())) {
      if (feed.isEmpty) this.#close(feed)
      else served.set(feed.room, feed)
    }
    if (served.size === 0) return
    for (const { room, head } of await this.#deps.log.heads([...served.keys()]))
      served.get(room)?.noteHead(head)
  }

  #close(feed: RoomFeed): void {
    feed.close()
    this.#feeds.delete(feed.room)
    this.#listening.delete(feed.room)
    this.#deps.history.forget(feed.room) // from now on nobody tells it of changes there
  }

  #sweepIn(milliseconds: number): void {
    this.#stopSweeping = this.#deps.clock.after(milliseconds, async () => {
      await this.#sweep().catch(error => {
        if (!this.#closed) this.#deps.onError(error)
      })
      if (!this.#closed) this.#sweepIn(SWEEP_MS)
    })
  }
}
