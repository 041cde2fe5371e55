// What is said on the WebSocket: one JSON object in each text frame (docs/protocol.md). Clients need nothing but this.

import type { ClientMessage } from './client-messages.ts'
import type {
  Author,
  Cursor,
  Grant,
  Listing,
  LogEvent,
  Profile,
  Room,
  RoomInvitation,
  Status,
} from './schemas.ts'

export type { ClientMessage }

export const VERSION = 1
/** Bytes of one frame's payload, however many fragments it comes in. */
export const LONGEST_FRAME = 64 << 10
/** Who says nothing in so long is gone; the server asks after half of it. */
export const SILENCE_MS = 60_000

// --- what the server says --------------------------------------------------------------------------------

/** A room of who comes in. */
export interface RoomState extends Listing {
  /** Where the room stands for this connection: what comes next is behind it. */
  readonly cursor: Cursor
  /** What lies between one's own cursor and this one comes now; otherwise forget the room and read it anew. */
  readonly resumed: boolean
  /** A direct room with nobody but whom the person has blocked: lists leave it out. */
  readonly hidden?: true
}

/** People, and how they are there. */
export type Present = readonly { readonly person: Author; readonly status: Status }[]

/** What of a person is otherwise, here or elsewhere. */
export type Changed = 'profile' | 'blocks' | 'levels'

export type ServerMessage =
  | {
      readonly type: 'hello'
      readonly version: typeof VERSION
      readonly session: number
      readonly person: Profile
      readonly grant: Grant
      /** Of all that is written from now on: a new cursor is made of it and the last seq. */
      readonly epoch: string
      readonly rooms: readonly RoomState[]
      /** Everybody else who is there, among few. */
      readonly people?: Present
    }
  /** All that happened in the room in (after, upto], less what is not shown to this person. */
  | {
      readonly type: 'events'
      readonly room: number
      readonly after: number
      readonly upto: number
      readonly events: readonly LogEvent[]
    }
  /** The post is on disk. */
  | {
      readonly type: 'posted'
      readonly key: string
      readonly room: number
      readonly seq: number
      readonly at: number
    }
  | { readonly type: 'refused'; readonly key: string; readonly room: number; readonly code: string }
  | {
      readonly type: 'presence'
      readonly people: Present
      /** How many are online. */
      readonly among: number
      /** Nobody else is. */
      readonly all?: true
    }
  | { readonly type: 'typing'; readonly room: number; readonly person: Author }
  /** The person has read so far, here or elsewhere. */
  | { readonly type: 'read'; readonly room: number; readonly seq: number }
  /** One is in the room from now on, brought by the author: what comes next is behind `after`. */
  | { readonly type: 'entered'; readonly room: Room; readonly author: Author; readonly after: number }
  /** Somebody asks one to come into a room: one joins it, or declines (the HTTP API's /me/asked). */
  | { readonly type: 'asked'; readonly asked: RoomInvitation }
  | { readonly type: 'left'; readonly room: number }
  /** Of oneself: one's profile; whom one has blocked; what one wants to be told of. Ask how it is now. */
  | { readonly type: 'changed'; readonly what: Changed }
  | { readonly type: 'pong' }
  /** The last word before the connection is closed: why, and with which close code (CLOSE_CODES). */
  | { readonly type: 'bye'; readonly code: Bye }

export type Bye = keyof typeof CLOSE_CODES

/** RFC 6455, section 7.4: 4000–4999 are the application's. */
export const CLOSE_CODES = {
  /** A frame that says nothing of the above, or out of turn. */
  'bad-frame': 4000,
  /** The token or cookie opens nothing. */
  'no-such-session': 4001,
  /** No hello came. */
  'too-slow': 4002,
  revoked: 4003,
  disabled: 4004,
  /** The session goes on elsewhere. */
  moved: 4005,
  'too-many-attempts': 4006,
  failed: 1011,
  closing: 1001,
} as const
