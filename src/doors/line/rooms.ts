// How the line door names rooms and displays them: as the current room and as another one.

import type { Alteration, Room, RoomEvent, RoomId } from '../../core/model/model.ts'
import { printableLine } from '../../wire/printable.ts'
import type { Wording } from '../../wording/es.ts'
import { Cohort } from '../shared/cohort.ts'
import { type LineContext, renderEvent } from './render.ts'

/** The current names of rooms. */
export class RoomTitles {
  readonly #titles = new Map<RoomId, { title: string; kind: 'room' | 'private' | 'group'; since: number }>()

  /** Takes a room as just read from the store. */
  learn(room: Room): void {
    const { id, kind, name } = room
    const since = this.#titles.get(id)?.since ?? 0
    const among = isPair(room) ? 'private' : 'group'
    this.#titles.set(id, { title: `#${name}`, kind: kind === 'direct' ? among : 'room', since })
  }

  /** Takes a rename. Connections that catch up render old ones again: the highest seq counts. */
  applyRename({ room, seq, what, value }: Alteration): void {
    const known = this.#titles.get(room)
    if (what !== 'name' || !known || seq <= known.since) return
    known.title = `#${value}`
    known.since = seq
  }

  label(room: RoomId, wording: Wording): string {
    const known = this.#titles.get(room)
    if (!known) return ''
    return known.kind === 'room' ? known.title : wording[known.kind]
  }
}

export interface CohortPair {
  readonly current: Cohort<RoomEvent>
  readonly other: Cohort<RoomEvent>
}

export class RoomCohorts {
  readonly #titles: RoomTitles
  readonly #context: LineContext
  readonly #rooms = new Map<RoomId, CohortPair>()

  constructor(titles: RoomTitles, context: LineContext) {
    this.#titles = titles
    this.#context = context
  }

  /** The two cohorts of a room, shared by all connections of one language. */
  of(room: RoomId): CohortPair {
    const known = this.#rooms.get(room)
    if (known) return known
    const pair = { current: this.#cohort(room, false), other: this.#cohort(room, true) }
    this.#rooms.set(room, pair)
    return pair
  }

  /** The room's current name, as lines name it: #sala, or (privado). */
  label(room: RoomId): string {
    return this.#titles.label(room, this.#context.wording)
  }

  #cohort(room: RoomId, isOther: boolean): Cohort<RoomEvent> {
    const context = this.#context
    return new Cohort(event => {
      if (event.kind === 'alteration') this.#titles.applyRename(event)
      return renderEvent(event, { ...context, label: this.label(room), isOther })
    })
  }
}

/** Whether it is a direct room of two people: its name, as each of them sees it, is the other's. */
export function isPair({ kind, group }: Pick<Room, 'kind' | 'group'>): boolean {
  return kind === 'direct' && group !== true
}

/** The name by which commands find the room: #sala, @ana; of a group, whose name anybody may change, its number &7. */
export function titleOf({ id, kind, name, group }: Room): string {
  const title = kind === 'direct' ? `@${printableLine(name)}` : `#${name}`
  return group ? `${title} (&${id})` : title
}
