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
  readonly #rooms = new Map<RoomId, ShownRoom & { label: string; renamed: number }>()

  constructor(wording: Wording) {
    this.#wording = wording
  }

  /** The same for all who ask. */
  of(room: Room): ShownRoom {
    const there = this.#rooms.get(room.id)
    if (there) return there
    const shown = {
      label: labelOf(room, this.#wording),
      renamed: 0,
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
      // Who catches up is shown old names: the last one counts.
      if (
        room &&
        happening.kind === 'alteration' &&
        happening.what === 'name' &&
        happening.seq > room.renamed
      ) {
        room.label = `#${happening.value}`
        room.renamed = happening.seq
      }
      return show(happening, { wording, label: room?.label ?? '', elsewhere })
    })
  }
}

/** The name that finds it: #sala, @ana. */
export function titleOf({ kind, name }: Room): string {
  return kind === 'direct' ? `@${name}` : `#${name}`
}

function labelOf({ kind, name }: Room, wording: Wording): string {
  return kind === 'direct' ? wording.private : `#${name}`
}
