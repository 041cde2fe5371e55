// The WebSocket protocol: one JSON object in each text frame (docs/protocol.md). Clients need to import nothing else.

import type { Attachment } from './attachment-schemas.ts'
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
import type { ServerSettings } from './server-settings.ts'

export type { ClientMessage }

export const VERSION = 1
/** The most bytes of a message, whether or not it is fragmented. */
export const LONGEST_FRAME = 64 << 10
/** After this much silence a peer counts as gone; the server pings after half of it. */
export const SILENCE_MS = 60_000

// --- server messages -------------------------------------------------------------------------------------

/** One of the person's rooms, as the hello lists it. */
export interface RoomState extends Listing {
  /** Where the room's events begin for this connection: they follow this cursor. */
  readonly cursor: Cursor
  /** True: the events between the client's cursor and this one follow. False: discard the room and read it anew. */
  readonly resumed: boolean
  /** A direct room with only people whom the person has blocked: leave it out of lists. */
  readonly hidden?: true
}

/** People and their status. */
export type Present = readonly { readonly person: Author; readonly status: Status }[]

/** What others are shown of a person. */
export type ShownPerson = Pick<Profile, 'id' | 'username' | 'name' | 'role' | 'status'>

/** What has changed about the person, in any of their sessions. Of their reminders, the time of one may have come. */
export type Changed =
  | 'profile'
  | 'blocks'
  | 'levels'
  | 'threads'
  | 'saved'
  | 'sidebar'
  | 'teams'
  | 'scheduled'
  | 'reminders'
  | 'reports'
  | 'conversations'

export type ServerMessage =
  | {
      readonly type: 'hello'
      readonly version: typeof VERSION
      readonly session: number
      readonly person: Profile
      readonly grant: Grant
      /** The epoch of all that is written from now on: with the last seq it makes a new cursor. */
      readonly epoch: string
      readonly rooms: readonly RoomState[]
      readonly settings: ServerSettings
      /** Everybody else who is online, unless there are too many. */
      readonly people?: Present
    }
  /** All events of the room in (after, upto], except those that this person is not shown. */
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
      /** What was attached; missing when the key had been used before. */
      readonly attachments?: readonly Attachment[]
    }
  | {
      readonly type: 'refused'
      readonly key: string
      readonly room: number
      readonly code: string
      /** For out-of-hours: when the room opens, in milliseconds since 1970. */
      readonly opens?: number
    }
  | {
      readonly type: 'presence'
      readonly people: Present
      /** How many are online. */
      readonly among: number
      /** The list is complete: everybody else is offline. */
      readonly all?: true
    }
  | { readonly type: 'typing'; readonly room: number; readonly person: Author }
  /** The person has read up to this seq, in any of their sessions; `back`: what follows is unread again. */
  | { readonly type: 'read'; readonly room: number; readonly seq: number; readonly back?: true }
  /** The person has chosen these options of a poll, and no others, in any of their sessions. */
  | {
      readonly type: 'voted'
      readonly room: number
      readonly seq: number
      readonly options: readonly number[]
    }
  /** The person is in the room from now on, added by the author: its events follow `after`. */
  | { readonly type: 'entered'; readonly room: Room; readonly author: Author; readonly after: number }
  /** Somebody invites the person to a room: join it, or decline (the HTTP API's /me/asked). */
  | { readonly type: 'asked'; readonly asked: RoomInvitation }
  | { readonly type: 'left'; readonly room: number }
  /** The person's profile, blocks, notification levels or followed threads have changed: fetch them. */
  | { readonly type: 'changed'; readonly what: Changed }
  /**
   * A person or a room has another picture, or none; without either, any may have changed: ask for those that are shown
   * (the HTTP API's /avatars).
   */
  | {
      readonly type: 'avatar'
      readonly person?: number
      readonly room?: number
      readonly avatar?: string
    }
  /**
   * A person has another full name, username, role or status text. Without a person, anybody may have changed: read again
   * what is shown of people.
   */
  | { readonly type: 'person'; readonly person?: ShownPerson }
  /** The server has these settings now. */
  | { readonly type: 'settings'; readonly settings: ServerSettings }
  | { readonly type: 'pong' }
  /** The last message before the connection is closed: the reason, which CLOSE_CODES maps to a close code. */
  | { readonly type: 'bye'; readonly code: Bye }

export type Bye = keyof typeof CLOSE_CODES

/** Close codes (RFC 6455, section 7.4): 4000–4999 are for applications. */
export const CLOSE_CODES = {
  /** A frame that is no message of the protocol, or is out of order. */
  'bad-frame': 4000,
  /** The token or cookie is not valid. */
  'no-such-session': 4001,
  /** No hello came in time. */
  'too-slow': 4002,
  revoked: 4003,
  disabled: 4004,
  /** The session was transferred to another client. */
  moved: 4005,
  'too-many-attempts': 4006,
  failed: 1011,
  closing: 1001,
} as const
