// What a person has put off: messages to be sent later, and reminders of messages.

import type { AttachedUpload } from './attachments.ts'
import type { Author, Format, Instant, Message, RoomId, Seq } from './model.ts'
import { type RefusalCode, refuse } from './refusals.ts'
import { oneLine } from './rules.ts'

declare const brand: unique symbol
export type ScheduledId = number & { readonly [brand]: 'ScheduledId' }
export type ReminderId = number & { readonly [brand]: 'ReminderId' }

/** Of one person, those that were not sent included. */
export const MOST_SCHEDULED = 100
/** Of one person: those that wait, and as many that have come. */
export const MOST_REMINDERS = 500
/** Milliseconds from now. */
const FARTHEST_MS = 366 * 86_400_000
/** What is sent this many milliseconds after it was meant to be says so. */
export const LATE_MS = 60_000
/** Code points. */
const LONGEST_NOTE = 200

/** A text that is sent to a room when its time has come, as if its author wrote it then. */
export interface Scheduled {
  readonly id: ScheduledId
  readonly room: RoomId
  readonly text: string
  readonly format: Format
  readonly action?: true
  readonly reply?: Seq
  /** Finished uploads of the author's, each with its name. */
  readonly attachments?: readonly AttachedUpload[]
  /** When it is meant to be sent. */
  readonly at: Instant
  /** Why it was not sent when its time came: it is kept until its author sends, moves or deletes it. */
  readonly refused?: RefusalCode
}

/** A message of which a person wants to be reminded. */
export interface Reminder {
  readonly id: ReminderId
  readonly room: RoomId
  readonly seq: Seq
  /** Its own words, on one line; empty for none. */
  readonly note: string
  readonly at: Instant
  /** Its time has come. */
  readonly rung?: true
  /** The beginning of the message; missing when it was deleted, or the person may not read it any more. */
  readonly message?: Pick<Message, 'text' | 'format'> & { readonly author: Author }
}

/** Refuses 'bad-time': what is put off is due after now, and within a year. */
export function checkDue(at: Instant, now: Instant): Instant {
  const ahead = at - now
  return ahead > 0 && ahead <= FARTHEST_MS ? at : refuse('bad-time')
}

/** Refuses 'long-note'. @returns it on one line */
export function checkNote(typed: string): string {
  const note = oneLine(typed, LONGEST_NOTE)
  return [...note].length > LONGEST_NOTE ? refuse('long-note') : note
}
