// What every part of the IRC door may use.

import type { Chat } from '../../core/chat.ts'
import type { Wording } from '../../wording/es.ts'
import type { Language } from '../../wording/languages.ts'
import type { Channels } from './channels.ts'
import type { Client } from './client.ts'
import type { Presences } from './events/presence.ts'
import type { Roster } from './events/roster.ts'
import type { HistorySlots } from './history-slots.ts'
import type { IrcSettings } from './settings.ts'

export interface IrcDeps {
  readonly chat: Chat
  readonly settings: IrcSettings
  readonly version: string
  readonly startedAt: number
  readonly language: Language
  /** The server's time zone, as an IANA name. */
  readonly zone: string
  readonly shortestPassword: number
  /** Where others reach the web door (LinkContext). */
  readonly webUrl: () => string
  readonly channels: Channels
  readonly roster: Roster
  readonly historySlots: HistorySlots
  readonly clients: ReadonlySet<Client>
  /** Resolves when it is known who were guests and bots before the server started. */
  readonly recalled: () => Promise<void>
  /** The most users at one time since the start (265, 266). */
  readonly peaks: { local: number; people: number }
  /** In the server's language. */
  readonly wording: Wording
  readonly presences: () => Presences
  readonly onError: (error: unknown) => void
}
