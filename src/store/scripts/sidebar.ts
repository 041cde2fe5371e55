// How a person's list of rooms is ordered: its sections, and what stands where.

import type { RoomId, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import { MOST_SECTIONS } from '../../core/model/rules.ts'
import type { PlacementChange, Section, SectionChange, Sidebar } from '../../core/ports/keeping.ts'
import { LAST_ROOM, lockPerson, mustBeMember } from './open-room.ts'
import { line, number, type Row, row, rows, run, type Script, sql } from './sql.ts'

const section = (found: Row): Section => ({
  id: number(found, 'id'),
  name: line(found, 'name'),
  folded: number(found, 'folded') === 1,
})

export function* sidebar(person: UserId): Script<Sidebar> {
  const sections = yield* sectionsOf(person)
  const known = new Set(sections.map(({ id }) => id))
  const placed = yield* rows(
    found => ({
      room: number(found, 'room_id') as RoomId,
      favourite: number(found, 'favourite') === 1,
      section: number(found, 'section_id'),
    }),
    sql`SELECT room_id, favourite, section_id FROM placements
        WHERE user_id = ${person} AND room_id BETWEEN 1 AND ${LAST_ROOM} ORDER BY room_id`,
  )
  return {
    sections,
    rooms: placed.flatMap(({ section, ...each }) => {
      if (known.has(section)) return [{ ...each, section }]
      return each.favourite ? [each] : []
    }),
  }
}

function* sectionsOf(person: UserId): Script<Section[]> {
  return yield* rows(
    section,
    sql`SELECT id, name, folded FROM sections WHERE user_id = ${person} ORDER BY position, id`,
  )
}

export function* addSection(person: UserId, name: string): Script<Section> {
  yield* lockPerson(person)
  const there = yield* sectionsOf(person)
  if (there.length >= MOST_SECTIONS) refuse('too-many-sections')
  const added = yield* row(
    section,
    sql`INSERT INTO sections (user_id, name, position) VALUES (${person}, ${name}, ${there.length})
        RETURNING id, name, folded`,
  )
  if (!added) throw new Error('no row came back from an insert')
  yield* order(person, [...there.map(({ id }) => id), added.id])
  return added
}

/** Numbers the sections anew, in this order. */
function* order(person: UserId, ids: readonly number[]): Script<void> {
  for (const [position, id] of ids.entries())
    yield* run(
      sql`UPDATE sections SET position = ${position}
          WHERE user_id = ${person} AND id = ${id} AND position <> ${position}`,
    )
}

export function* changeSection(person: UserId, id: number, change: SectionChange): Script<void> {
  yield* lockPerson(person)
  const ids = (yield* sectionsOf(person)).map(each => each.id)
  if (!ids.includes(id)) refuse('no-such-section')
  const { name, folded, before } = change
  if (name !== undefined)
    yield* run(sql`UPDATE sections SET name = ${name} WHERE user_id = ${person} AND id = ${id}`)
  if (folded !== undefined)
    yield* run(sql`UPDATE sections SET folded = ${folded ? 1 : 0} WHERE user_id = ${person} AND id = ${id}`)
  if (before === undefined) return
  const others = ids.filter(each => each !== id)
  const at = before === null ? others.length : others.indexOf(before)
  if (at < 0) refuse('no-such-section')
  yield* order(person, others.toSpliced(at, 0, id))
}

export function* removeSection(person: UserId, id: number): Script<void> {
  yield* lockPerson(person)
  const gone = yield* row(
    found => number(found, 'id'),
    sql`DELETE FROM sections WHERE user_id = ${person} AND id = ${id} RETURNING id`,
  )
  if (gone === undefined) refuse('no-such-section')
  yield* run(sql`UPDATE placements SET section_id = 0 WHERE user_id = ${person} AND section_id = ${id}`)
}

export function* place(person: UserId, room: RoomId, change: PlacementChange): Script<void> {
  yield* lockPerson(person)
  yield* mustBeMember(room, person)
  const { favourite, section } = change
  if (section != null && !(yield* sectionsOf(person)).some(({ id }) => id === section))
    refuse('no-such-section')
  yield* run(
    sql`INSERT INTO placements (user_id, room_id) VALUES (${person}, ${room})
        ON CONFLICT (user_id, room_id) DO NOTHING`,
  )
  if (favourite !== undefined)
    yield* run(
      sql`UPDATE placements SET favourite = ${favourite ? 1 : 0}
          WHERE user_id = ${person} AND room_id = ${room}`,
    )
  if (section !== undefined)
    yield* run(
      sql`UPDATE placements SET section_id = ${section ?? 0} WHERE user_id = ${person} AND room_id = ${room}`,
    )
  yield* run(
    sql`DELETE FROM placements
        WHERE user_id = ${person} AND room_id = ${room} AND favourite = 0 AND section_id = 0`,
  )
}
