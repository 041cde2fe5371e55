// Whether somebody may write in a room, and who may not come in.

import { closed, type Static, Type } from './json-schema.ts'
import { Profile } from './schemas.ts'

export const Standing = closed(
  {
    at: Type.Integer({
      description: 'When this was judged: milliseconds since 1970, UTC, as all times here.',
    }),
    why: Type.Optional(
      Type.String({
        description:
          "Why the caller may not write: the code that a message would be refused with, such as archived, muted, silenced or read-only; or banned-name or muted-name, because a mask of the room matches the caller's name; or blocked, in a direct room whose other people the caller has blocked.",
      }),
    ),
    until: Type.Optional(
      Type.Integer({
        description: 'When that ends by itself; where the caller may write, when the hours of the room end.',
      }),
    ),
    slow: Type.Integer({ description: 'Seconds between two messages of the caller; 0 for none.' }),
    next: Type.Optional(Type.Integer({ description: 'In slow mode: when the next one may be sent.' })),
  },
  'Standing',
)
export type Standing = Static<typeof Standing>

export const Ban = closed(
  {
    person: Profile,
    until: Type.Integer({ description: 'Beyond 8.64e15: for ever.' }),
    by: Type.Optional(Type.String({ description: 'The username of who has banned them, if known.' })),
    at: Type.Integer(),
    reason: Type.String({ description: 'May be empty.' }),
  },
  'Ban',
)
export type Ban = Static<typeof Ban>
