// The position in each room's log up to which events have been told: it makes the cursors of the next hello, and filters
// out events that come twice.

import type { Cursor, LogEvent } from '../../wire/schemas.ts'
import type { RoomState, ServerMessage } from '../../wire/websocket.ts'
import { jsonBytes } from './json-bytes.ts'

/** Limits of one hello: cursors, and bytes of their JSON. Rooms whose cursors do not fit are read again. */
const [MOST_CURSORS, LONGEST_CURSORS] = [1000, 48 << 10]

interface FollowedRoom {
  /** Everything up to this seq has been told. */
  seq: number
  /** Valid in any epoch: where the next connection resumes. */
  cursor: Cursor
  /** Where the room stood at the last hello: what comes after it belongs to that hello's epoch. */
  head: Cursor
  /** One has come back into the room after this seq: what lies before is not told. */
  rejoinedAfter?: number
}

export class FollowedRooms {
  readonly #rooms = new Map<number, FollowedRoom>()
  /** The epoch of the last hello. */
  #epoch = ''

  constructor(cursors: readonly Cursor[]) {
    for (const cursor of cursors) this.#rooms.set(cursor.room, { seq: cursor.seq, cursor, head: cursor })
  }

  get cursors(): readonly Cursor[] {
    return [...this.#rooms.values()].map(({ cursor }) => cursor)
  }

  /** As many of the cursors as fit into a hello. */
  get helloCursors(): Cursor[] {
    let length = 0
    return this.cursors.slice(0, MOST_CURSORS).filter(cursor => {
      length += jsonBytes(cursor) + 1
      return length <= LONGEST_CURSORS
    })
  }

  get ids(): Iterable<number> {
    return this.#rooms.keys()
  }

  /** Resumes the rooms after a hello. @returns those that have to be read again over HTTP */
  resume({ epoch, rooms }: { epoch: string; rooms: readonly RoomState[] }): number[] {
    const sameHistory = epoch === this.#epoch
    this.#epoch = epoch
    return rooms.filter(room => !this.#resumeRoom(room, sameHistory)).map(({ id }) => id)
  }

  /**
   * Between a cursor and the head of the hello that answers it, events may be told a second time: they are left out as
   * long as the history is the same. @returns false when the room has to be read again
   */
  #resumeRoom({ id, cursor, resumed }: RoomState, sameHistory: boolean): boolean {
    const before = this.#rooms.get(id)
    const isBeyondCursor = before !== undefined && before.seq > before.cursor.seq && !sameHistory
    if (before && resumed && !isBeyondCursor) {
      before.head = cursor
      this.#moveCursor(before)
      return true
    }
    this.#rooms.set(id, { seq: cursor.seq, cursor, head: cursor })
    return before === undefined
  }

  enter(room: number, after: number): void {
    const cursor = { room, epoch: this.#epoch, seq: after }
    const followed = this.#rooms.get(room)
    if (followed) followed.rejoinedAfter = after
    else this.#rooms.set(room, { seq: after, cursor, head: cursor })
  }

  /** @returns whether the room was followed */
  leave(room: number): boolean {
    return this.#rooms.delete(room)
  }

  /**
   * Tells the events of a batch that were not told before, and stops when a listener leaves the room.
   * @returns false when events are missing before the batch: the room has to be resumed from its cursor
   */
  deliver(
    { room, after, upto, events }: Extract<ServerMessage, { type: 'events' }>,
    tell: (event: LogEvent) => void,
  ): boolean {
    const followed = this.#rooms.get(room)
    if (!followed || upto <= followed.seq) return true
    if (after > followed.seq && after !== followed.rejoinedAfter) return false
    for (const event of events) {
      if (event.seq <= followed.seq) continue
      followed.seq = event.seq
      this.#moveCursor(followed)
      tell(event)
      if (!this.#rooms.has(room)) return true
    }
    followed.seq = upto
    this.#moveCursor(followed)
    return true
  }

  /** A cursor needs an epoch that is certain: that of the hello's head, or after it that of the hello. */
  #moveCursor(followed: FollowedRoom): void {
    const { seq, head } = followed
    if (seq === head.seq) followed.cursor = head
    else if (seq > head.seq) followed.cursor = { room: head.room, epoch: this.#epoch, seq }
  }
}
