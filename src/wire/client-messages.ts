// The messages of WebSocket clients, and their validation.

import { AttachedUploads } from './attachment-schemas.ts'
import { parseJson } from './json.ts'
import { closed, type Schema, type Static, Type } from './json-schema.ts'
import { Cursor, Format, RoomId, Seq } from './schemas.ts'
import { validatorOf } from './validate.ts'

const LONGEST_KEY = 64
/** An idempotency key, chosen by the client: a post that is sent again gets the answer of the first time. */
const Key = Type.String({ minLength: 1, maxLength: LONGEST_KEY, pattern: '^[\\x21-\\x7e]+$' })

const schemas = {
  /** The first message, sent once. */
  hello: closed({
    type: Type.Literal('hello'),
    token: Type.Optional(Type.String({ maxLength: 256 })),
    cursors: Type.Optional(Type.Array(Cursor, { maxItems: 1000 })),
  }),
  post: closed({
    type: Type.Literal('post'),
    room: RoomId,
    text: Type.String(),
    /** Markdown by default. */
    format: Type.Optional(Format),
    key: Key,
    reply: Type.Optional(Seq),
    /** The answer stands in its thread alone. */
    threadOnly: Type.Optional(Type.Literal(true)),
    notice: Type.Optional(Type.Literal(true)),
    action: Type.Optional(Type.Literal(true)),
    /** With them, the text may be empty. */
    attachments: Type.Optional(AttachedUploads),
  }),
  read: closed({ type: Type.Literal('read'), room: RoomId, seq: Seq }),
  typing: closed({ type: Type.Literal('typing'), room: RoomId }),
  away: closed({ type: Type.Literal('away'), on: Type.Boolean() }),
  ping: closed({ type: Type.Literal('ping') }),
}

type Schemas = typeof schemas
export type ClientMessage = { [Kind in keyof Schemas]: Static<Schemas[Kind]> }[keyof Schemas]

const validators = new Map(
  Object.entries<Schema>(schemas).map(([kind, schema]) => [kind, validatorOf(schema)] as const),
)

/** An invalid post whose room and key are known, so that it can be refused. */
export interface BrokenPost {
  readonly type: 'broken-post'
  readonly room: number
  readonly key: string
}

/** Parses a text frame; undefined if it is no message of the protocol. Throws NotJson. */
export function parseClientMessage(bytes: Uint8Array): ClientMessage | BrokenPost | undefined {
  const value = parseJson(bytes)
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined
  if (typeof value.type !== 'string') return undefined
  if (validators.get(value.type)?.()(value)) return value as ClientMessage
  return value.type === 'post' ? brokenPost(value) : undefined
}

function brokenPost(value: object): BrokenPost | undefined {
  if (!('key' in value && 'room' in value)) return undefined
  const { key, room } = value
  if (typeof key !== 'string' || key.length > LONGEST_KEY || typeof room !== 'number') return undefined
  if (!Number.isFinite(room)) return undefined // JSON's 1e400 is read as Infinity, which no answer could name
  return { type: 'broken-post', room, key }
}
