// The schemas of what people keep for themselves: the order of their lists of rooms.

import { closed, type Static, Type } from './json-schema.ts'
import { RoomId } from './schemas.ts'

export const SectionNumber = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
export const Section = closed(
  {
    id: SectionNumber,
    name: Type.String(),
    folded: Type.Boolean({ description: 'Only its title is shown.' }),
  },
  'Section',
)
export const Sidebar = closed(
  {
    sections: Type.Array(Section),
    rooms: Type.Array(
      closed(
        {
          room: RoomId,
          favourite: Type.Boolean({ description: 'It stands on top of all.' }),
          section: Type.Optional(SectionNumber),
        },
        'Placement',
      ),
      { description: 'Those that are favourites or stand in a section.' },
    ),
  },
  'Sidebar',
)
export type Sidebar = Static<typeof Sidebar>
