// Events that are told and not kept: who is not there at the moment never learns of them.

import type { Author, Instant, RoomEvent, RoomId, Tag } from './model.ts'

/** Over all of a person's connections: one that is not away is enough to be online. */
export type Status = 'online' | 'away' | 'offline'

/** People's status has changed. No seq, not stored, never replayed. */
export interface Presence {
  readonly kind: 'presence'
  readonly people: readonly { readonly person: Author; readonly status: Status; readonly before: Status }[]
  /** The number of people online; doors that would show each change are silent among many. */
  readonly among: number
}

/** Somebody is typing in the room. No seq, not stored, never replayed. */
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

/** An event for the people who are connected at the moment; nobody else ever learns of it. */
export type EphemeralEvent = Presence | Typing | Signal

export function isEphemeral(event: RoomEvent): event is EphemeralEvent {
  return event.kind === 'presence' || event.kind === 'typing' || event.kind === 'signal'
}
