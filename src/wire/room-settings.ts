// The settings of a room, which its members see.

import { closed, type Static, Type } from './json-schema.ts'
import { HoursText, Instant, MaskList, RoomFlag, RoomKind } from './schemas.ts'

const Masked = closed(
  {
    list: MaskList,
    mask: Type.String({
      description: 'A pattern for folded usernames: * matches any characters, ? exactly one.',
    }),
    by: Type.Optional(Type.String({ description: 'The username of whoever added it, if known.' })),
    at: Instant,
  },
  'Masked',
)
export const RoomSettings = closed(
  {
    kind: RoomKind,
    silencedUntil: Instant,
    slow: Type.Integer({ description: 'Seconds between two messages of one person; 0 for none.' }),
    hours: HoursText,
    call: Type.String({ description: 'The https address of its call; empty for none.' }),
    key: Type.String({ description: 'The password that joining takes; empty for none. Members can see it.' }),
    limit: Type.Integer({ description: 'The largest number of members; 0 for no limit.' }),
    flags: Type.Array(RoomFlag),
    masks: Type.Array(Masked),
  },
  'Rules',
)
export type RoomSettings = Static<typeof RoomSettings>
