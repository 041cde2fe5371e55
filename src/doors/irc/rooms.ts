// The rooms of one client, direct conversations included, by id and by the names that it uses.

import type { Room, RoomId } from '../../core/model/model.ts'
import { foldName, isChannel } from './wire/names.ts'

export class ClientRooms extends Map<RoomId, Room> {
  readonly #nameOf: (room: Room) => string
  /** Folded target → room, so that the room of almost every PRIVMSG is found without a search. */
  readonly #targets = new Map<string, RoomId>()
  /** The room whose read marker the client is moving: the answer tells it, no notice does. */
  markerMoving: RoomId | undefined
  /** The latest read marker that the client was told of each room: it is told no earlier one (draft/read-marker). */
  readonly toldMarkers = new Map<RoomId, string>()
  /** Read markers of all rooms while the session begins: they are looked up together. */
  markers: Map<RoomId, string> | undefined

  /** @param nameOf what a room is called on IRC at the moment */
  constructor(nameOf: (room: Room) => string) {
    super()
    this.#nameOf = nameOf
  }

  channelNamed(name: string): Room | undefined {
    return isChannel(name) ? this.named(name) : undefined
  }

  /**
   * A channel, or the conversation with somebody. Of several conversations with guests who had the same name, one after
   * the other, it is the last one.
   */
  named(name: string): Room | undefined {
    const folded = foldName(name)
    let last: Room | undefined
    for (const room of this.values()) {
      const isNamedSo = foldName(this.#nameOf(room)) === folded
      if (isNamedSo && (!last || room.id > last.id)) last = room
    }
    return last
  }

  /** The room that `rememberTarget` noted for this target of a message. */
  target(name: string): RoomId | undefined {
    return this.#targets.get(foldName(name))
  }

  rememberTarget(name: string, room: RoomId): void {
    this.#targets.set(foldName(name), room)
  }

  /** To be called when a name may have come to mean another room. */
  forgetTargets(): void {
    this.#targets.clear()
  }
}
