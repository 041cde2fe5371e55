// What the moderation log tells: who did what to whom, in a room or on the server.

import type { Author, Instant, LogEvent, Room } from './model.ts'

/** Events of a room that its moderation log has. A deletion is in it where somebody deletes another's message. */
export const MODERATION_KINDS = [
  'removal',
  'appointment',
  'muting',
  'mask',
  'alteration',
  'deletion',
] as const

export type ModerationEvent = Extract<LogEvent, { readonly kind: (typeof MODERATION_KINDS)[number] }>

/** Acts on accounts and the server; what `value` and `detail` hold, if anything. */
export const ACCOUNT_ACTS = [
  'role', // the new role, and the one before
  'disabled',
  'enabled',
  'password', // whoever runs the server has set it
  'sessions-ended', // how many
  'login-code', // made, to be typed in place of the password: when it ends
  'code-made', // for registering: how many it admits, and when it ends
  'code-withdrawn',
  'setting', // of the server: its name, and its new value
] as const

export type AccountActKind = (typeof ACCOUNT_ACTS)[number]

export interface AccountAct {
  readonly kind: AccountActKind
  readonly value: string
  readonly detail: string
}

export interface ActPerson extends Author {
  /** Their account is gone: somebody else may have the name now. */
  readonly gone?: true
}

interface Done {
  /** Grows with time. */
  readonly id: number
  readonly at: Instant
  /** undefined: whoever runs the server. */
  readonly by: ActPerson | undefined
  /** Whom it is about. */
  readonly person: ActPerson | undefined
}

/** In a room, told by its event; a room's key is not in it, but for whether there is one: its value is … or empty. */
export interface RoomAct extends Done {
  readonly room: Pick<Room, 'id' | 'name'>
  readonly event: ModerationEvent
}

export interface ServerAct extends Done {
  readonly act: AccountAct
}

export type Act = RoomAct | ServerAct
