// The schemas of what a person has put off: messages that are sent later, and reminders.

import { AttachedUpload } from './attachment-schemas.ts'
import { closed, type Static, Type } from './json-schema.ts'
import { Author, Format, RoomId, Seq } from './schemas.ts'

export const Due = Type.Integer({
  minimum: 0,
  maximum: 8.64e15,
  description: 'By the server’s clock (`now` in the lists): after now, and within a year.',
})

export const Scheduled = closed(
  {
    id: Type.Integer(),
    room: RoomId,
    text: Type.String(),
    format: Format,
    action: Type.Optional(Type.Literal(true)),
    reply: Type.Optional(Seq),
    attachments: Type.Optional(Type.Array(AttachedUpload)),
    at: Type.Integer({ description: 'When it is meant to be sent.' }),
    refused: Type.Optional(
      Type.String({ description: 'Why it was not sent when its time came: a refusal’s code. It is kept.' }),
    ),
  },
  'Scheduled',
)
export type Scheduled = Static<typeof Scheduled>

export const Reminder = closed(
  {
    id: Type.Integer(),
    room: RoomId,
    seq: Seq,
    note: Type.String(),
    at: Type.Integer(),
    rung: Type.Optional(Type.Literal(true, { description: 'Its time has come.' })),
    message: Type.Optional(
      closed(
        { author: Author, text: Type.String({ description: 'Its beginning.' }), format: Format },
        'RemindedMessage',
      ),
    ),
  },
  'Reminder',
)
export type Reminder = Static<typeof Reminder>

/** The server's time, by which a client finds out how far its own clock is off. */
export const Now = Type.Integer({ description: 'The server’s clock, in milliseconds since 1970.' })
