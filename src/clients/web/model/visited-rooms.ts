// The rooms that one visited last: each keeps its newest page, so that it shows at once when one comes again.

import type { Room } from './room.ts'

/** Of more rooms nothing is kept. */
const MOST_KEPT = 30

export class VisitedRooms {
  #rooms: readonly Room[] = []

  left(room: Room): void {
    const rooms = [room, ...this.#rooms.filter(each => each !== room)]
    room.timeline.rest()
    for (const { timeline } of rooms.slice(MOST_KEPT)) timeline.forget()
    this.#rooms = rooms.slice(0, MOST_KEPT)
  }
}
