// The rooms as the connections of this door see them: two ways each, for those who write there and for the others.

import type { Happening, Room, RoomId } from '../../core/model.ts'
import { Cohort } from '../../net/cohort.ts'
import type { Wording } from '../../wording/es.ts'
import { show } from './show.ts'

export interface ShownRoom {
  readonly here: Cohort<Happening>
  readonly elsewhere: Cohort<Happening>
}

export class ShownRooms {
  readonly #wording: Wording
  readonly #rooms = new Map<RoomId, ShownRoom & { label: string }>()

  constructor(wording: Wording) {
    this.#wording = wording
  }

  /** The same for all who ask. */
  of(room: Room): ShownRoom {
    const there = this.#rooms.get(room.id)
    if (there) return there
    const shown = {
      label: labelOf(room, this.#wording),
      here: this.#cohort(room.id, false),
      elsewhere: this.#cohort(room.id, true),
    }
    this.#rooms.set(room.id, shown)
    return shown
  }

  /** What the room is called now. */
  label(room: Room): string {
    return this.#rooms.get(room.id)?.label ?? labelOf(room, this.#wording)
  }

  #cohort(id: RoomId, elsewhere: boolean): Cohort<Happening> {
    const wording = this.#wording
    return new Cohort(happening => {
      const room = this.#rooms.get(id)
      if (room && happening.kind === 'alteration' && happening.what === 'name')
        room.label = `#${happening.value}`
      return show(happening, { wording, label: room?.label ?? '', elsewhere })
    })
  }
}

function labelOf({ kind, name }: Room, wording: Wording): string {
  return kind === 'direct' ? wording.private : `#${name}`
}
