// What a client tells the program that runs it.

import type { Author, Grant, LogEvent, Profile, Room, RoomInvitation } from '../../wire/schemas.ts'
import type { ServerSettings } from '../../wire/server-settings.ts'
import type { Bye, Changed, Present, RoomState, ShownPerson } from '../../wire/websocket.ts'

/**
 * Why a client is closed: a code with which the server said goodbye; `asked`, by `close()`; `other`, another person has
 * logged in with the same cookie; `version`, the server speaks another version of the protocol.
 */
export type CloseReason = Bye | 'asked' | 'other' | 'version'

/** connecting: the first time or again. open: live. waiting: cut off, about to try again. closed: for good. */
export type State =
  | { readonly is: 'connecting' | 'open' | 'waiting' }
  | { readonly is: 'closed'; readonly why: CloseReason }

/** Callbacks, all in the order in which things happened. */
export interface ClientListener {
  state?(state: State): void
  /** After each (re)connection: who one is, and all of one's rooms. Events follow. */
  greeted?(greeting: Greeting): void
  /** Each event of each room exactly once, in the room's order. */
  event?(event: LogEvent): void
  /** Events are missing: discard what there is of the room, and read it again over HTTP. */
  reset?(room: number): void
  entered?(room: Room, author: Author): void
  /** Somebody invites one to a room. */
  asked?(invitation: RoomInvitation): void
  left?(room: number): void
  /** Something about oneself has changed, here or on another device: read it again over HTTP. */
  changed?(what: Changed): void
  /**
   * A person or a room has another picture, at /a/ID, or none; without either, any may have changed. Pictures that are there
   * already are asked for over HTTP (/avatars).
   */
  avatar?(change: AvatarChange): void
  /** One has chosen these options of a poll, here or on another device. */
  voted?(room: number, seq: number, options: readonly number[]): void
  /** One has read the room up to `seq`, here or on another device. @param back what follows is unread again */
  read?(room: number, seq: number, back: boolean): void
  /** What others are shown of a person has changed; undefined: of anybody. */
  person?(person: ShownPerson | undefined): void
  /** The admins of the server have changed its settings. */
  settings?(settings: ServerSettings): void
  /** @param among how many are online; @param all nobody else is online */
  presence?(people: Present, among: number, all: boolean): void
  typing?(room: number, person: Author): void
}

export interface AvatarChange {
  readonly person?: number
  readonly room?: number
  readonly avatar?: string
}

export interface Greeting {
  readonly session: number
  readonly person: Profile
  readonly grant: Grant
  readonly rooms: readonly RoomState[]
  readonly settings: ServerSettings
  /** Everybody else who is online; undefined when there are too many to list. */
  readonly people: Present | undefined
}
