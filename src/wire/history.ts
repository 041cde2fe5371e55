// A room's history: its messages, and what else has happened between them. docs/protocol.md shows it in use.

import { closed, type Static, Type } from './json-schema.ts'
import { LogEvent, RoomId, Seq } from './schemas.ts'

const counted = (description: string) => Type.Integer({ description })

export const Fold = closed(
  {
    kind: Type.Literal('fold'),
    room: RoomId,
    seq: Seq,
    upto: Type.Integer({ description: 'The seq of its last event; `seq` is that of its first.' }),
    at: Type.Integer({ description: 'When it began: milliseconds since 1970, UTC.' }),
    counts: closed({
      joined: counted('How many people joined or were added; each person counts once, here and below.'),
      left: counted('How many left by themselves.'),
      removed: counted('How many were removed or banned.'),
      erased: counted('Deleted messages.'),
      other: counted('All other events.'),
    }),
    more: Type.Optional(Type.Literal(true, { description: 'There is more than was counted.' })),
  },
  'Fold',
)
export type Fold = Static<typeof Fold>

export const HistoryEntry = Type.Union([LogEvent, Fold])

export const HistoryPage = closed(
  {
    entries: Type.Array(HistoryEntry, {
      description:
        'Messages, also deleted ones; events that are no changes of a message; and folds, each in place of a long run of both.',
    }),
    hasOlder: Type.Boolean({ description: 'There may be more before the first entry.' }),
    hasNewer: Type.Boolean({ description: 'There may be more after the last entry.' }),
  },
  'HistoryPage',
)
export type HistoryPage = Static<typeof HistoryPage>

export const QuietRun = closed(
  {
    events: Type.Array(LogEvent),
    upto: Type.Integer({ description: 'These are all up to this seq; the next request begins after it.' }),
  },
  'QuietRun',
)
export type QuietRun = Static<typeof QuietRun>
