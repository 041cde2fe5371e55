// Operations on files besides sending and reading them: uploads, limits, the files of a room.

import type { FileId, Seq as SeqNumber } from '../../../core/model/model.ts'
import { Attachment } from '../../../wire/attachment-schemas.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { Message, Seq } from '../../../wire/schemas.ts'
import { untagged } from '../socket/frames.ts'
import { inRoom, type Operation, withLogIn } from './operation.ts'
import { Limit } from './paging.ts'
import { room } from './rooms.ts'

const Bytes = Type.Integer({ description: 'In bytes.' })
const { id, name, type, size, sha256, width, height, placeholder, animated } = Attachment.properties
const Upload = closed(
  {
    ...{ id, name, size },
    received: Bytes,
    file: Type.Optional(closed({ type, size, sha256, width, height, placeholder, animated })),
  },
  'Upload',
)

export const fileOperations: readonly Operation[] = [
  withLogIn({
    method: 'GET',
    path: '/uploads',
    scope: 'read',
    anyRoom: true,
    id: 'getFileLimits',
    summary:
      'Returns how large files may be and how much space there is, before anything is uploaded (tus 1.0.0, docs/protocol.md).',
    reply: closed({
      limits: closed({
        file: Bytes,
        person: Bytes,
        room: Bytes,
        types: Type.Array(Type.String(), { description: 'Media types that may be sent; empty for all.' }),
      }),
      used: Type.Integer({ description: 'Bytes of the files that the caller has sent.' }),
    }),
    async run({ chat, person: caller }) {
      const { limits, used } = await chat.files.usage(caller)
      const { file, person, room, types } = limits
      return { body: { limits: { file, person, room, types }, used } }
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/uploads/:id',
    scope: 'write',
    anyRoom: true,
    id: 'getUpload',
    summary:
      "Returns one of the caller's uploads that no message has yet; with its file once all bytes have come.",
    params: closed({ id: Type.String({ maxLength: 64 }) }),
    reply: Upload,
    async run({ chat, person, params }) {
      const { id, name, size, received, file } = await chat.files.state(person, params.id as FileId)
      if (!file) return { body: { id, name, size, received } }
      const { key: _, variants: __, ...known } = file
      return { body: { id, name, size, received, file: known } }
    },
  }),
  inRoom({
    method: 'GET',
    path: '/rooms/:room/files',
    scope: 'read',
    id: 'listFiles',
    summary: 'Lists the messages of a room that have files, the latest first.',
    params: closed({ room }),
    query: closed({
      kind: Type.Optional(
        Type.Enum(['visual', 'other', 'any'], {
          description: 'visual: pictures and videos. Default: any.',
        }),
      ),
      before: Type.Optional(Seq),
      limit: Limit,
    }),
    reply: closed({ messages: Type.Array(Message) }, 'Messages'),
    async run({ chat, person, room, query }) {
      const { kind = 'any', limit = 50 } = query
      const before = query.before as SeqNumber | undefined
      const messages = await chat.messages.withFiles(person, room, { kind, before, limit })
      return { body: { messages: messages.map(untagged) } }
    },
  }),
]
