// Reports of messages, as those see them who look after a room.

import { closed, type Static, Type } from './json-schema.ts'
import { Author, Instant, RoomId, RoomKind, Seq } from './schemas.ts'

const ReportedMessage = closed(
  {
    seq: Seq,
    author: Author,
    at: Instant,
    text: Type.String(),
    files: Type.Array(Type.String(), { description: 'What its files were called.' }),
  },
  'ReportedMessage',
)
export const Report = closed(
  {
    id: Type.Integer(),
    room: closed({
      id: RoomId,
      kind: RoomKind,
      name: Type.String({ description: 'Empty for a direct room.' }),
    }),
    seq: Seq,
    author: Author,
    by: closed(Author.properties),
    at: Instant,
    reason: Type.String({ description: 'May be empty.' }),
    messages: Type.Array(ReportedMessage, {
      description: 'The message as it was, with those around it; empty once the report is closed.',
    }),
    deleted: Type.Optional(Type.Literal(true, { description: 'The message has been deleted since.' })),
    closed: Type.Optional(
      closed({
        at: Instant,
        by: closed(Author.properties),
        note: Type.String({ description: 'May be empty.' }),
      }),
    ),
  },
  'Report',
)
export type Report = Static<typeof Report>

export const ReportNews = closed(
  {
    open: Type.Integer({ description: 'Open reports that the caller may close; counting stops at 100.' }),
    latest: Type.Integer({ description: 'The id of the latest of them; 0 for none.' }),
    reviewed: Type.Array(closed({ room: RoomId, seq: Seq, at: Instant }), {
      description: "The caller's reports that were looked at, until they are marked as read.",
    }),
  },
  'ReportNews',
)
export type ReportNews = Static<typeof ReportNews>
