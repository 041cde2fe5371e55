// The feeds of this node's rooms: opened when somebody comes, closed when nobody is left.

import type { EphemeralEvent, RoomId } from '../model/model.ts'
import { type FeedDeps, RoomFeed } from './feed.ts'

const SWEEP_MS = 1000

export class Feeds {
  readonly #deps: FeedDeps
  readonly #feeds = new Map<RoomId, Promise<RoomFeed>>()
  /** Those that listen, whether they are open already or not. */
  readonly #listening = new Map<RoomId, RoomFeed>()
  #stopSweeping: () => void = () => {}
  #closed = false

  constructor(deps: FeedDeps) {
    this.#deps = deps
    this.#sweepIn(SWEEP_MS)
  }

  /** The room's feed; one that was given up just now is opened anew. */
  async of(room: RoomId): Promise<RoomFeed> {
    for (;;) {
      const opening = this.#feeds.get(room) ?? this.#open(room)
      this.#feeds.set(room, opening)
      const feed = await opening
      if (!feed.isClosed) return feed
    }
  }

  /** Shows on this node what goes by in the room. */
  showEphemeral(room: RoomId, passing: EphemeralEvent): void {
    this.#listening.get(room)?.showEphemeral(passing)
  }

  /** What the bus has not told shows at once. */
  sweepNow(): void {
    this.#stopSweeping()
    if (!this.#closed) this.#sweepIn(0)
  }

  /** Opens and closes none any more. */
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

  /** A lost hint shows here at the latest; and feeds that nobody reads are closed. */
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
    this.#deps.history.forget(feed.room) // nobody tells it what changes there from now on
  }

  #sweepIn(milliseconds: number): void {
    this.#stopSweeping = this.#deps.clock.after(milliseconds, async () => {
      await this.#sweep().catch(error => this.#deps.onError(error))
      if (!this.#closed) this.#sweepIn(SWEEP_MS)
    })
  }
}
