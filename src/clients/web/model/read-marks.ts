// How far one has read one's rooms: what is in view is told to the server, what one's other devices say is heard.

import type { Client } from '../../client/client.ts'
import type { Api } from './api.ts'
import type { Room } from './room.ts'

/** How often at most the server is told how far one has read a room. */
const MARK_MS = 500

interface ReadMarksDeps {
  readonly client: Client
  readonly api: Api
  /** Tells those who show unread counts. */
  readonly changed: () => void
  /** The server has been told how far one has read the room. */
  readonly told: (room: Room) => void
  /** Reads the room's unread counts again. */
  readonly refresh: (room: Room) => Promise<void>
}

export class ReadMarks {
  readonly #deps: ReadMarksDeps
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>()

  constructor(deps: ReadMarksDeps) {
    this.#deps = deps
  }

  /** What is up to `seq` is in view: it is read, unless one has just marked it as unread. */
  inView(room: Room, seq: number): void {
    if (!room.reading.isHeld) this.#move(room, seq)
  }

  /** Marks all of the room as read. */
  all(room: Room): void {
    room.reading.isHeld = false
    this.#move(room, room.lastSeq)
  }

  #move(room: Room, seq: number): void {
    if (!room.markRead(seq)) return
    this.#deps.changed()
    if (this.#timers.has(room.id)) return
    const tell = () => {
      this.#timers.delete(room.id)
      this.#deps.client.markRead(room.id, room.listing.read)
      this.#deps.told(room)
    }
    this.#timers.set(room.id, setTimeout(tell, MARK_MS))
  }

  /** Marks the message and what follows it as unread. Throws Refused. */
  async unreadFrom(room: Room, seq: number): Promise<void> {
    this.#goBack(room, seq - 1)
    try {
      await this.#deps.api.do('PUT', `/rooms/${room.id}/unread`, { seq })
    } catch (error) {
      room.reading.isHeld = false
      void this.#deps.refresh(room)
      throw error
    }
  }

  /** The mark was moved, here or on another device. */
  hear(room: Room, seq: number, back: boolean): void {
    if (back) {
      this.#goBack(room, seq)
      return void this.#deps.refresh(room)
    }
    // In which order two devices moved it, only the server knows.
    const wasHeld = room.reading.isHeld
    room.reading.isHeld = false
    if (!room.markRead(seq) && !wasHeld) return
    if (wasHeld || seq < room.lastSeq) void this.#deps.refresh(room)
    this.#deps.changed()
  }

  /** A mark that was about to be told would go forward again. */
  #goBack(room: Room, seq: number): void {
    clearTimeout(this.#timers.get(room.id))
    this.#timers.delete(room.id)
    room.reading.hold(seq)
    room.update({ read: seq })
    this.#deps.changed()
  }
}
