// The vocabulary of the chat. Ids are branded, so that a room's number cannot be passed where a seq belongs.

import type { Attachment, LinkPreview } from './attachments.ts'
import { type EphemeralEvent, isEphemeral } from './ephemeral.ts'
import type { Reacted, ThreadSummary } from './message-parts.ts'
import type { Poll } from './polls.ts'
import type { Format, Styled, Tag } from './text-format.ts'

export type { AttachedUpload, Attachment, LinkPicture, LinkPreview } from './attachments.ts'
export {
  type EphemeralEvent,
  isEphemeral,
  type Presence,
  type Signal,
  type Status,
  type Typing,
} from './ephemeral.ts'
export type { Reacted, ThreadSummary } from './message-parts.ts'
export type { Poll } from './polls.ts'
export type { Format, Style, Styled, Tag } from './text-format.ts'

declare const brand: unique symbol
type Branded<T, Name extends string> = T & { readonly [brand]: Name }

export type UserId = Branded<number, 'UserId'>
export type RoomId = Branded<number, 'RoomId'>
/** A position in a room's log: 1, 2, 3, … without gaps. 0 is the position before the first. */
export type Seq = Branded<number, 'Seq'>
/** Milliseconds since 1970, UTC. */
export type Instant = Branded<number, 'Instant'>
/** An upload's, and the attachment's that becomes of it, in addresses /f/ID: 22 characters of base64url. */
export type FileId = Branded<string, 'FileId'>

/** A picture's of a person or a room, in addresses /a/ID: 22 characters of base64url that nobody can guess. */
export type AvatarId = Branded<string, 'AvatarId'>

/** One process that serves people, from its start to its end. */
export type NodeId = Branded<string, 'NodeId'>

/** The protocol by which somebody is connected. */
export type DoorName = 'line' | 'irc' | 'web'

/** A session lasts from a log-in to a log-out, through one door after another. */
export type SessionId = Branded<number, 'SessionId'>

/** What a token allows: reading; taking part; managing one's account and, for admins, the server. */
export type Scope = 'read' | 'write' | 'admin'

/** How far a session reaches, within what the person may do. */
export interface Grant {
  readonly scope: Scope
  /** If set, this room alone. */
  readonly room?: RoomId
}

/**
 * A person's role on the server. Owners and admins manage people and rooms. A guest takes part where they are let in,
 * but makes no rooms and brings nobody. A bot is a program, and is shown as one.
 */
export type Role = 'owner' | 'admin' | 'member' | 'guest' | 'bot'

export interface Person {
  readonly id: UserId
  /** As typed when registering; compared folded (rules.ts). */
  readonly username: string
  /** Full name. */
  readonly name: string
  readonly role: Role
}

/** A person with what they say of themselves. */
export interface Profile extends Person {
  /** A status message; may be empty. */
  readonly status: string
  /** A language of the wordings, such as es; empty for the server's. */
  readonly language: string
  /** An IANA time zone, such as America/Bogota; empty for the server's. */
  readonly zone: string
}

/** What an event shows of its author. */
export type Author = Pick<Person, 'id' | 'username'>

/** The author of messages whose rows another program has deleted. Nobody can have this name. */
export const NOBODY: Author = Object.freeze({ id: 0 as UserId, username: '?' })

/** The room that everyone is in from the start and can't leave, where the lab's broadcasts go. */
export const GENERAL = 1 as RoomId

/**
 * open: anyone may join. closed: a moderator brings people in, and nobody else learns that it exists. announcement:
 * like open, but only speakers and higher ranks may write. direct: a conversation of two people, for ever, or a group of up
 * to twelve, which people leave, name and are added to.
 */
export type RoomKind = 'open' | 'closed' | 'announcement' | 'direct'
/** From the highest rank to the lowest; permissions.ts says who may do what. */
export type RoomRole = 'owner' | 'moderator' | 'helper' | 'speaker' | 'member'

/**
 * open-topic: anyone who may write may set the topic. no-ctcp: IRC's client-to-client requests are refused.
 * no-guests: guests may not join. quiet-guests: guests only read.
 */
export const ROOM_FLAGS = ['open-topic', 'no-ctcp', 'no-guests', 'quiet-guests'] as const

export type RoomFlag = (typeof ROOM_FLAGS)[number]

/**
 * A room's lists of masks over usernames (masks.ts). ban: people who match may not join, nor speak while they are
 * inside. mute: they may not speak. exception: neither applies to them. invitation: they may join a closed room.
 */
export type MaskList = 'ban' | 'mute' | 'exception' | 'invitation'

export interface Room {
  readonly id: RoomId
  readonly kind: RoomKind
  /** Without the #. For a direct room the usernames of the others in it, or what a group is called. */
  readonly name: string
  readonly topic: string
  /** Nobody can write here any more. */
  readonly archived: boolean
  /** A direct room of more than two, or that once had more. */
  readonly group?: true
}

interface Happened {
  readonly room: RoomId
  readonly seq: Seq
  /** Who did it. */
  readonly author: Author
  readonly at: Instant
}

export interface Message extends Happened {
  readonly kind: 'message'
  /**
   * 1–4,000 code points; lines are separated by \n. Not safe to print to a terminal. Empty if it was deleted, and for some
   * with attachments.
   */
  readonly text: string
  readonly format: Format
  /** Styles of parts of a plain text, by where they begin: IRC's formatting codes. */
  readonly styles?: readonly Styled[]
  /** The text says what its author does (/me). */
  readonly action?: true
  /** The message that it replies to, in the same room; and the first of the thread, unless it is that. */
  readonly reply?: { readonly seq: Seq; readonly username: string; readonly thread?: Seq }
  /** An answer that stands in its thread alone, where a door has threads. */
  readonly threadOnly?: true
  /** Programs must not answer it (IRC's NOTICE). */
  readonly notice?: true
  /** What programs are told with it; never empty. Belongs to the text as it was sent: an edit removes it. */
  readonly tags?: readonly Tag[]
  /** Never empty; at most 10. */
  readonly attachments?: readonly Attachment[]
  /** It mentions everyone in the room, and its author may do that. */
  readonly everyone?: true
  /** It asks something: the text is the question and its options. */
  readonly poll?: Poll
  /** The folded names of the teams that it mentions, as far as its author may call them; never empty. */
  readonly teams?: readonly string[]
  /** Its answers, those to them included. Only in pages of messages, and only if there are some. */
  readonly thread?: ThreadSummary
  /** Only in pages of messages, and only if there are some. */
  readonly reactions?: readonly Reacted[]
  /** What its links lead to. Only in pages of messages, and only if there is something. */
  readonly previews?: readonly LinkPreview[]
  readonly edited?: true
  readonly deleted?: true
}

/** The author has replaced a message's text. */
export interface Edit extends Happened {
  readonly kind: 'edit'
  readonly target: Seq
  readonly text: string
  readonly format: Format
  /** As it is now, where the message is one. */
  readonly poll?: Poll
}

/** A message's text is gone; its seq stays. */
export interface Deletion extends Happened {
  readonly kind: 'deletion'
  readonly target: Seq
  /** The first message of the thread that the deleted one answers. */
  readonly thread?: Seq
  /** Why, if a reason was given. */
  readonly reason?: string
}

/** Somebody has added a reaction to a message, or removed it. */
export interface Reaction extends Happened {
  readonly kind: 'reaction'
  readonly target: Seq
  /** One emoji sequence. */
  readonly emoji: string
  readonly on: boolean
}

export interface Pin extends Happened {
  readonly kind: 'pin'
  readonly target: Seq
  readonly on: boolean
  /** The message's text as it is now; empty if it was deleted. */
  readonly text: string
}

/** What is shown of a message's links has changed: it was read from their pages, or somebody has taken it off. */
export interface Preview extends Happened {
  readonly kind: 'preview'
  readonly target: Seq
  /** All that is shown of them now. */
  readonly links: readonly LinkPreview[]
}

/**
 * Of a poll: people have voted since the last such event, or it ends. Its author is the poll's, so that nobody learns who
 * has voted when; of `closed`, whoever ended it.
 */
export interface PollChange extends Happened {
  readonly kind: 'poll'
  readonly target: Seq
  readonly how: 'voted' | 'closed' | 'expired'
  /** As it is now; missing if the message was deleted. */
  readonly poll?: Poll
}

/** A person is in the room from here on. The author is the person, or whoever brought them in. */
export interface Arrival extends Happened {
  readonly kind: 'arrival'
  readonly person: Author
}

/** A person's seat in a room ends here. */
export interface Removal extends Happened {
  readonly kind: 'removal'
  readonly person: Author
  readonly how: 'left' | 'kicked' | 'banned'
  /** What they were told; may be empty. */
  readonly reason: string
  /** When a ban ends: they may come back then. */
  readonly until?: Instant
}

/** A person has another role in the room from here on. */
export interface Appointment extends Happened {
  readonly kind: 'appointment'
  readonly person: Author
  readonly role: RoomRole
  /** The role that they had before; missing in old events. */
  readonly before?: RoomRole
}

/** A person may not write here until then; 0 ends a mute. */
export interface Muting extends Happened {
  readonly kind: 'muting'
  readonly person: Author
  readonly until: Instant
  /** Why, if a reason was given. */
  readonly reason?: string
}

/** A mask is added to one of the room's lists, or removed. */
export interface Masking extends Happened {
  readonly kind: 'mask'
  readonly list: MaskList
  readonly mask: string
  readonly on: boolean
}

/** Everything about a room that can be set, each by an alteration. */
export const ROOM_SETTINGS = [
  ...([
    'name',
    'title',
    'topic',
    'archived',
    'silenced',
    'slow',
    'hours',
    'call',
    'kind',
    'key',
    'limit',
  ] as const),
  ...ROOM_FLAGS,
] as const

/** A property of the room changes. */
export interface Alteration extends Happened {
  readonly kind: 'alteration'
  readonly what: (typeof ROOM_SETTINGS)[number]
  /**
   * The name; what a group is called, empty for nothing; the topic; when a silence ends; seconds between two texts of a person; when it is open (text/hours.ts) and
   * the address of its call, empty for none; the kind; the key, which its members may see; how many people may be in it.
   * For all others 'yes' or 'no'.
   */
  readonly value: string
  /** Why a room was renamed, if a reason was given. */
  readonly reason?: string
}

/** What takes a seq: stored, replayed, never lost. */
export type LogEvent =
  | Message
  | Edit
  | Deletion
  | Reaction
  | Pin
  | Preview
  | PollChange
  | Arrival
  | Removal
  | Appointment
  | Muting
  | Masking
  | Alteration

export type RoomEvent = LogEvent | EphemeralEvent

export function isLogged(event: RoomEvent): event is LogEvent {
  return !isEphemeral(event)
}

/**
 * What a person is shown of a room while they are in another one: everything, messages that mention them, or nothing
 * that others do. What is left out stays unread until they go there. In an invisible room nothing counts as unread.
 */
export type Level = 'everything' | 'mentions' | 'nothing' | 'invisible'
