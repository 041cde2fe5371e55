// Operations on messages: posting, reading, searching, catching up.

import type { Seq as SeqNumber } from '../../../core/model/model.ts'
import type { Cursor as RoomCursor } from '../../../core/ports/rooms.ts'
import { type AttachedUpload, AttachedUploads, Attachment } from '../../../wire/attachment-schemas.ts'
import { closed, type Static, Type } from '../../../wire/json-schema.ts'
import { Cursor, Format, LogEvent, Message, Room, Seq } from '../../../wire/schemas.ts'
import { attachedIn } from '../files/attached.ts'
import { untagged } from '../socket/frames.ts'
import { type ApiRequest, type ApiResponse, inRoom, type Operation, withLogIn } from './operation.ts'
import { Limit, linksOf, PageQuery, pageOf } from './paging.ts'
import { Problem } from './problems.ts'
import { Done, done, room } from './rooms.ts'

const Text = Type.String({ description: '1–4,000 code points.' })
const OptionalSeq = Type.Optional(Seq)
export const Messages = closed({ messages: Type.Array(Message) }, 'Messages')
export const messagePath = closed({ room, seq: Seq })

/** An idempotency key: visible ASCII. */
const KEY = /^[\x21-\x7e]{1,64}$/
const Notice = Type.Optional(
  Type.Literal(true, { description: 'Programs must not reply to it automatically (NOTICE in IRC).' }),
)

const Action = Type.Optional(Type.Literal(true, { description: 'The text says what its author does (/me).' }))

/** The format of a body that is the text itself, by its content type. */
function formatOf({ 'content-type': type }: ApiRequest['headers']): Static<typeof Format> {
  return /^text\/markdown\b/i.test(String(type)) ? 'markdown' : 'plain'
}

/** The idempotency key of a post. */
export function keyOf(headers: ApiRequest['headers']): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined || (typeof key === 'string' && KEY.test(key))) return key
  throw new Problem('bad-request', { detail: 'Idempotency-Key: 1 to 64 visible ASCII characters' })
}

interface PostBody {
  readonly text: string
  readonly format?: Static<typeof Format>
  readonly reply?: number
  readonly threadOnly?: true
  readonly notice?: true
  readonly action?: true
  readonly attachments?: readonly AttachedUpload[]
}

export const messageOperations: readonly Operation[] = [
  inRoom({
    method: 'POST',
    path: '/rooms/:room/messages',
    scope: 'write',
    id: 'post',
    summary:
      'Posts a message, in Markdown unless a format is given. It is on disk when the response is sent. The body may also be the text itself, as text/plain (shown verbatim) or text/markdown.',
    params: closed({ room }),
    body: Type.Union([
      closed({
        text: Text,
        format: Type.Optional(Format),
        reply: OptionalSeq,
        threadOnly: Type.Optional(
          Type.Literal(true, { description: 'A reply that the web app shows in its thread alone.' }),
        ),
        notice: Notice,
        action: Action,
        attachments: Type.Optional(AttachedUploads),
      }),
      Text,
    ]),
    status: 201,
    reply: closed(
      {
        room: Type.Integer(),
        seq: Seq,
        at: Type.Integer(),
        attachments: Type.Optional(Type.Array(Attachment)),
      },
      'Posted',
    ),
    async run({ chat, person, room, body, headers }) {
      const key = keyOf(headers)
      const post: PostBody = typeof body === 'string' ? { text: body, format: formatOf(headers) } : body
      const { text, format = 'markdown', reply, threadOnly, notice, action, attachments } = post
      const receipt = await chat.postAs(person, room, {
        ...{ text, format },
        ...(reply !== undefined && { reply: reply as SeqNumber }),
        ...(threadOnly && { threadOnly }),
        ...(notice && { notice }),
        ...(action && { action }),
        ...(attachments && { attachments: attachedIn(attachments) }),
        ...(key !== undefined && { key }),
      })
      if ('refused' in receipt) throw new Problem(receipt.refused, { opens: receipt.opens })
      const { seq, at, attachments: attached } = receipt
      return { status: 201, body: { room, seq, at, ...(attached && { attachments: attached }) } }
    },
  }),
  inRoom({
    method: 'GET',
    path: '/rooms/:room/messages',
    scope: 'read',
    id: 'listMessages',
    summary:
      'Lists messages in their current state, oldest first: the latest ones, those before, after or around a seq, or those around the first one posted at or after an instant.',
    params: closed({ room }),
    query: PageQuery,
    reply: Messages,
    async run({ pages, person, room, query, headers }): Promise<ApiResponse> {
      const wanted = pageOf(query)
      const page = await pages.page(person, room, wanted)
      const links = linksOf(`/api/v1/rooms/${room}/messages`, page, wanted)
      const about = {
        ETag: page.etag,
        'Cache-Control': 'private, no-cache',
        ...(links !== '' && { Link: links }),
      }
      const known = headers['if-none-match']
      if (typeof known === 'string' && known.includes(page.etag))
        return { status: 304, headers: about, ...(page.isNew && { unsent: page.bytes.length }) }
      return { body: page.bytes, headers: about }
    },
  }),
  inRoom({
    method: 'GET',
    path: '/rooms/:room/messages/:seq/doors',
    scope: 'read',
    id: 'getDoors',
    summary:
      "Returns, byte for byte, how each door shows a message to a member of its room: what netcat is sent in the caller's language, what an IRC client is sent, what a WebSocket is sent.",
    params: messagePath,
    reply: closed({ doors: Type.Array(closed({ door: Type.String(), text: Type.String() }, 'Shown')) }),
    async run({ chat, displays, person, room: id, params }) {
      const [message, room] = await Promise.all([
        chat.messages.one(person, id, params.seq as SeqNumber),
        chat.rooms.listing(person, id),
      ])
      return {
        body: {
          doors: displays.map(each => ({ door: each.door, text: each.text(message, { person, room }) })),
        },
      }
    },
  }),
  inRoom({
    method: 'GET',
    path: '/rooms/:room/messages/:seq/versions',
    scope: 'read',
    id: 'listVersions',
    summary:
      'Lists the texts that a message has had, the present one last. The former ones are there where the server keeps them (`editHistory`).',
    params: messagePath,
    reply: closed({
      versions: Type.Array(
        closed(
          { text: Type.String(), format: Format, at: Type.Integer({ description: 'When it was written.' }) },
          'Version',
        ),
      ),
    }),
    async run({ chat, person, room, params }) {
      return { body: { versions: await chat.messages.versions(person, room, params.seq as SeqNumber) } }
    },
  }),
  inRoom({
    method: 'PATCH',
    path: '/rooms/:room/messages/:seq',
    scope: 'write',
    id: 'edit',
    summary: "Replaces the text of one's own message. It keeps its format unless another is given.",
    params: messagePath,
    body: closed({ text: Text, format: Type.Optional(Format) }),
    reply: Done,
    async run({ chat, person, room, params, body }) {
      return done(await chat.messages.edit(person, room, params.seq as SeqNumber, body))
    },
  }),
  inRoom({
    method: 'DELETE',
    path: '/rooms/:room/messages/:seq',
    scope: 'write',
    id: 'erase',
    summary: "Deletes a message: one's own, or as a moderator anybody's. Its text is erased for good.",
    params: messagePath,
    reply: Done,
    async run({ chat, person, room, params }) {
      return done(await chat.messages.erase(person, room, params.seq as SeqNumber))
    },
  }),
  inRoom({
    method: 'GET',
    path: '/rooms/:room/pins',
    scope: 'read',
    id: 'listPins',
    summary: 'Lists the pinned messages of the room.',
    params: closed({ room }),
    reply: Messages,
    async run({ chat, person, room }) {
      const pinned = await chat.messages.pins(person, room)
      return { body: { messages: pinned.map(untagged) } }
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/pins/:seq',
    scope: 'write',
    id: 'pin',
    summary: 'Pins a message (moderators).',
    params: messagePath,
    reply: Done,
    async run({ chat, person, room, params }) {
      return done(await chat.messages.pin(person, room, params.seq as SeqNumber, true))
    },
  }),
  inRoom({
    method: 'DELETE',
    path: '/rooms/:room/pins/:seq',
    scope: 'write',
    id: 'unpin',
    summary: 'Unpins a message (moderators).',
    params: messagePath,
    reply: Done,
    async run({ chat, person, room, params }) {
      return done(await chat.messages.pin(person, room, params.seq as SeqNumber, false))
    },
  }),
  inRoom({
    method: 'DELETE',
    path: '/rooms/:room/messages/:seq/previews',
    scope: 'write',
    id: 'takePreviewOff',
    summary:
      "Takes the preview of a link off a message: one's own, or as a moderator anybody's. It stays off.",
    params: messagePath,
    query: closed({ url: Type.String({ maxLength: 2048, description: 'As the preview has it.' }) }),
    reply: Done,
    async run({ chat, person, room, params, query }) {
      return done(await chat.previews.takeOff(person, room, params.seq as SeqNumber, query.url))
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/search',
    scope: 'read',
    id: 'search',
    summary:
      'Searches all of the caller\'s rooms, newest first. Words match by prefix, "phrases" literally; -word excludes. Symbols, emoji and URLs can be searched too. Filters, also without words: from:ana in:club before:2026-11-01 after:… has:link.',
    query: closed({
      q: Type.String({ maxLength: 1000 }),
      zone: Type.Optional(
        Type.String({
          maxLength: 64,
          description:
            'The IANA time zone for the dates in before: and after:. Defaults to the zone of the caller, or else of the server.',
        }),
      ),
      skip: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, default: 0 })),
      limit: Limit,
    }),
    reply: closed({
      found: Type.Array(
        closed(
          {
            message: Message,
            room: Room,
            hits: Type.Array(closed({ from: Type.Integer(), to: Type.Integer() }), {
              description: 'The ranges of the text that match, in UTF-16 units.',
            }),
          },
          'Found',
        ),
      ),
      more: Type.Boolean(),
      complete: Type.Boolean({
        description:
          'False if there may be further matches: the index is behind, or the search reached its limit of work.',
      }),
    }),
    async run({ chat, person, query }) {
      const { q, skip = 0, limit = 50, zone = '' } = query
      const results = await chat.messages.search(person, q, { skip, limit, zone })
      const found = results.found.map(each => ({ ...each, message: untagged(each.message) }))
      return { body: { ...results, found } }
    },
  }),
  withLogIn({
    method: 'POST',
    path: '/catch-up',
    scope: 'read',
    id: 'catchUp',
    summary:
      'Returns all events in the caller\'s rooms since these cursors: for each room either complete, or "reset".',
    body: closed({ cursors: Type.Array(Cursor, { maxItems: 1000 }) }),
    reply: closed({
      rooms: Type.Array(
        closed(
          { room: Room, cursor: Cursor, events: Type.Union([Type.Array(LogEvent), Type.Literal('reset')]) },
          'CaughtUp',
        ),
      ),
    }),
    async run({ chat, person, body }) {
      const { rooms, unsent } = await chat.messages.catchUp(person, body.cursors as RoomCursor[])
      const untaggedRooms = rooms.map(each => ({
        ...each,
        events: each.events === 'reset' ? each.events : each.events.map(untagged),
      }))
      return { body: { rooms: untaggedRooms }, unsent }
    },
  }),
]
