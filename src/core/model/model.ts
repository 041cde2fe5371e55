// The words of the chat. Ids are branded, so that a room's number cannot be passed where a seq belongs.

declare const brand: unique symbol
type Branded<T, Name extends string> = T & { readonly [brand]: Name }

export type UserId = Branded<number, 'UserId'>
export type RoomId = Branded<number, 'RoomId'>
/** A place in a room's log: 1, 2, 3, … without holes. 0 is the place before the first. */
export type Seq = Branded<number, 'Seq'>
/** Milliseconds since 1970, UTC. */
export type Instant = Branded<number, 'Instant'>

/** One process that serves people, from its start to its end. */
export type NodeId = Branded<string, 'NodeId'>

/** The protocol that somebody speaks with the server. */
export type DoorName = 'line' | 'irc' | 'web'

/** A session: what somebody holds from a log-in to a log-out, on one door after the other. */
export type SessionId = Branded<number, 'SessionId'>

/** What a session opens: reading; taking part too; one's account, and for admins the server, too. */
export type Scope = 'read' | 'write' | 'admin'

/** How far a session reaches, within what the person may do. */
export interface Grant {
  readonly scope: Scope
  /** This room alone. */
  readonly room?: RoomId
}

/**
 * On the server. Owners and admins look after people and rooms. A guest takes part where they are let in, but makes no
 * rooms and brings nobody. A bot is a program, and is shown as one.
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

/** A person as they show themselves. */
export interface Profile extends Person {
  /** What they say of themselves at the moment; may be empty. */
  readonly status: string
  /** One of the wording's, such as es; empty for the server's. */
  readonly language: string
  /** IANA's name of a time zone, such as America/Bogota; empty for the server's. */
  readonly zone: string
}

/** What an event shows of its author. */
export type Author = Pick<Person, 'id' | 'username'>

/** Whose messages those are whose rows another program has deleted. Nobody has such a name. */
export const NOBODY: Author = Object.freeze({ id: 0 as UserId, username: '?' })

/** A room that everyone is in from the start, cannot leave, and where the lab's broadcasts go. */
export const GENERAL = 1 as RoomId

/**
 * open: whoever likes joins. closed: a moderator brings people in, nobody else learns that it exists.
 * announcement: like open, but only speakers and who ranks above them write. direct: 2–12 people, for ever.
 */
export type RoomKind = 'open' | 'closed' | 'announcement' | 'direct'
/** From the highest rank to the lowest; permissions.ts says who may do what. */
export type RoomRole = 'owner' | 'moderator' | 'helper' | 'speaker' | 'member'

/**
 * What a room may have besides. open-topic: whoever writes may set the topic. no-ctcp: IRC's requests of client to client
 * are refused. no-guests: they don't come in. quiet-guests: they only read.
 */
export const ROOM_FLAGS = ['open-topic', 'no-ctcp', 'no-guests', 'quiet-guests'] as const

export type RoomFlag = (typeof ROOM_FLAGS)[number]

/**
 * Lists of masks over usernames, which a room keeps (masks.ts). ban: who matches doesn't come in, and does not speak
 * while they are inside. mute: doesn't speak. exception: neither holds them. invitation: joins a closed room by themselves.
 */
export type MaskList = 'ban' | 'mute' | 'exception' | 'invitation'

export interface Room {
  readonly id: RoomId
  readonly kind: RoomKind
  /** Without the #; of a direct room, the usernames in it. */
  readonly name: string
  readonly topic: string
  /** Nobody writes here any more. */
  readonly archived: boolean
}

interface Happened {
  readonly room: RoomId
  readonly seq: Seq
  /** Who did it. */
  readonly author: Author
  readonly at: Instant
}

/** plain: the text is shown as it was typed. markdown: some of its signs are marks (docs/markdown.md). */
export type Format = 'plain' | 'markdown'

export type Style = 'bold' | 'italic' | 'underline' | 'struck' | 'code'

/** A part of a text and how it looks, in UTF-16 units; `to` is behind it. */
export interface Styled {
  readonly from: number
  readonly to: number
  readonly style: Style
}

/** What a program tells other programs, by a name that they know. People are not shown it. */
export type Tag = readonly [name: string, value: string]

export interface Message extends Happened {
  readonly kind: 'message'
  /** 1–4,000 code points; lines are separated by \n. Not safe for a terminal as it is. Empty when it was deleted. */
  readonly text: string
  readonly format: Format
  /** How parts of a plain text look, by where they begin: what IRC's formatting codes said. */
  readonly styles?: readonly Styled[]
  /** What its author does, told of them: /me. */
  readonly action?: true
  /** What it answers to, in the same room. */
  readonly reply?: { readonly seq: Seq; readonly username: string }
  /** Said so that no program answers it (NOTICE in IRC). */
  readonly notice?: true
  /** What programs are told with it; never none. Of the text as it was said: an edit takes them away. */
  readonly tags?: readonly Tag[]
  /** It mentions everyone in the room, and its author may. */
  readonly everyone?: true
  /** What people have put on it; only where messages are looked back at, and there is some. */
  readonly reactions?: readonly Reacted[]
  readonly edited?: true
  readonly deleted?: true
}

/** The people who have put one sign on a message. */
export interface Reacted {
  readonly emoji: string
  readonly count: number
  /** The one who looks is among them. */
  readonly mine: boolean
}

/** The author has put another text in place of a message's. */
export interface Edit extends Happened {
  readonly kind: 'edit'
  readonly target: Seq
  readonly text: string
  readonly format: Format
}

/** A message's text is gone; its seq stays. */
export interface Deletion extends Happened {
  readonly kind: 'deletion'
  readonly target: Seq
  /** What was said about it, where something was. */
  readonly reason?: string
}

/** Somebody has put a sign on a message, or taken it off. */
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
  /** The message's, as it is now; empty when it was deleted. */
  readonly text: string
}

/** A person is in the room from here on; the author is themselves, or who brought them in. */
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
  /** Of a ban that ends: when they may come back. */
  readonly until?: Instant
}

/** A person may do more in the room from here on, or less. */
export interface Appointment extends Happened {
  readonly kind: 'appointment'
  readonly person: Author
  readonly role: RoomRole
  /** The role that they had; not known of what was written before it was noted. */
  readonly before?: RoomRole
}

/** A person may not write here until then; 0 is the end of that. */
export interface Muting extends Happened {
  readonly kind: 'muting'
  readonly person: Author
  readonly until: Instant
}

/** A mask is on one of the room's lists from here on, or not any more. */
export interface Masking extends Happened {
  readonly kind: 'mask'
  readonly list: MaskList
  readonly mask: string
  readonly on: boolean
}

/** Everything about a room that can be set, each by an alteration. */
export const ROOM_SETTINGS = [
  ...(['name', 'topic', 'archived', 'silenced', 'slow', 'kind', 'key', 'limit'] as const),
  ...ROOM_FLAGS,
] as const

/** The room itself is another from here on. */
export interface Alteration extends Happened {
  readonly kind: 'alteration'
  readonly what: (typeof ROOM_SETTINGS)[number]
  /**
   * The name; the topic; until when only some write; seconds between two texts of a person; the kind; the key, which its
   * members may see; how many may be in it. Of all others 'yes' or 'no'.
   */
  readonly value: string
  /** Of a name: why, where that was said. */
  readonly reason?: string
}

/** What takes a seq: stored, replayed, never lost. */
export type LogEvent =
  | Message
  | Edit
  | Deletion
  | Reaction
  | Pin
  | Arrival
  | Removal
  | Appointment
  | Muting
  | Masking
  | Alteration

/** Over all connections of a person: one that is not away is enough to be online. */
export type Status = 'online' | 'away' | 'offline'

/** How people are there now. No seq, not stored, never replayed. */
export interface Presence {
  readonly kind: 'presence'
  readonly people: readonly { readonly person: Author; readonly status: Status; readonly before: Status }[]
  /** How many are online; doors that would show each of them are silent among many. */
  readonly among: number
}

/** Somebody is writing in the room at the moment. No seq, not stored, never replayed. */
export interface Typing {
  readonly kind: 'typing'
  readonly room: RoomId
  readonly person: Author
}

/** A person's program tells those of the others in the room something. No seq, not stored, never replayed. */
export interface Signal {
  readonly kind: 'signal'
  readonly room: RoomId
  readonly person: Author
  readonly at: Instant
  readonly tags: readonly Tag[]
}

/** What goes by: who is not there at the moment never learns of it. */
export type EphemeralEvent = Presence | Typing | Signal

export type RoomEvent = LogEvent | EphemeralEvent

export function isEphemeral(event: RoomEvent): event is EphemeralEvent {
  return event.kind === 'presence' || event.kind === 'typing' || event.kind === 'signal'
}

export function isLogged(event: RoomEvent): event is LogEvent {
  return !isEphemeral(event)
}

/**
 * What a person is shown of a room while they are in another: everything, messages that mention them, or nothing of
 * what others do. What is left out is unread until they go there; in a room that is invisible nothing counts as unread.
 */
export type Level = 'everything' | 'mentions' | 'nothing' | 'invisible'
