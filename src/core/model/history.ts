// What a room's history holds: its messages, and what else has happened between them.

import type { Instant, LogEvent, Message, RoomId, Seq } from './model.ts'

/**
 * Kinds of events with a line of their own. Edits, reactions and previews are seen at their messages, and so are deletions:
 * the message stands in its place without its text.
 */
export const QUIET_KINDS = [
  'pin',
  'arrival',
  'removal',
  'appointment',
  'muting',
  'mask',
  'alteration',
] as const

/** What is shown as one quiet line between the messages. */
export type QuietEvent = Extract<LogEvent, { readonly kind: (typeof QUIET_KINDS)[number] }>

/** How much happened in a run of quiet events. */
export interface FoldCounts {
  /** How many people joined or were brought, left by themselves, were kicked or banned: each person counts once. */
  readonly joined: number
  readonly left: number
  readonly removed: number
  /** Deleted messages. */
  readonly erased: number
  /** Everything else. */
  readonly other: number
}

/** A run of quiet events and deleted messages that is too long for a page: `quiet` (ports/pages.ts) gives them. */
export interface Fold {
  readonly kind: 'fold'
  readonly room: RoomId
  /** Of its first event. */
  readonly seq: Seq
  /** Of its last event. */
  readonly upto: Seq
  /** When it began. */
  readonly at: Instant
  readonly counts: FoldCounts
  /** There is more between the two seqs than was counted. */
  readonly more?: true
}

/** Deleted messages are among them, without text. */
export type HistoryEntry = Message | QuietEvent | Fold
