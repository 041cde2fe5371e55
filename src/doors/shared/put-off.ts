// How doors that show text tell of what is sent later, and of reminders.

import type { RoomId } from '../../core/model/model.ts'
import type { Reminder, Scheduled } from '../../core/model/scheduled.ts'
import { shortened } from '../../wire/graphemes.ts'
import { printableLine } from '../../wire/printable.ts'
import type { Wording } from '../../wording/es.ts'
import { clockTime } from '../../wording/times.ts'

/** Code points of a text that are shown. */
const LONGEST_EXCERPT = 80

export interface PutOffContext {
  readonly wording: Pick<Wording, 'putOff' | 'refusals'>
  /** The person's time zone. */
  readonly zone: string
  /** What the door calls a room; empty for one that the person is not in. */
  readonly label: (room: RoomId) => string
}

export function scheduledLine(scheduled: Scheduled, { wording, zone, label }: PutOffContext): string {
  const { id, room, at, refused } = scheduled
  const words = wording.putOff
  const place = label(room) || words.somewhere
  const text = excerptOf(scheduled.text) || (scheduled.attachments ?? []).map(({ name }) => name).join(', ')
  const line = words.scheduled(`${id}`, place, clockTime(at, zone), text)
  return refused === undefined ? line : `${line} ${words.refused(reasonOf(refused, wording))}`
}

/** For its author, when its time has come and it was not sent. */
export function notSentLine(
  { room, at, refused }: Scheduled,
  { wording, zone, label }: PutOffContext,
): string {
  const words = wording.putOff
  const reason = refused === undefined ? '' : reasonOf(refused, wording)
  return words.notSent(label(room) || words.somewhere, clockTime(at, zone), reason)
}

export function reminderLine(reminder: Reminder, { wording, zone, label }: PutOffContext): string {
  const { id, at, rung } = reminder
  const words = wording.putOff
  return words.reminder(`${id}`, rung ? words.rung : clockTime(at, zone), about(reminder, { wording, label }))
}

/** When its time has come. */
export function remindedLine(reminder: Reminder, context: Pick<PutOffContext, 'wording' | 'label'>): string {
  return context.wording.putOff.reminded(about(reminder, context))
}

function about(
  { room, seq, note, message }: Reminder,
  { wording, label }: Pick<PutOffContext, 'wording' | 'label'>,
): string {
  const words = wording.putOff
  const place = label(room) || words.somewhere
  const what = message
    ? words.message(`${seq}`, place, message.author.username, excerptOf(message.text))
    : words.goneMessage(`${seq}`, place)
  return note === '' ? what : `${what} (${printableLine(note)})`
}

function reasonOf(
  refused: NonNullable<Scheduled['refused']>,
  { refusals }: Pick<Wording, 'refusals'>,
): string {
  return refused in refusals ? refusals[refused as keyof typeof refusals] : refused
}

function excerptOf(text: string): string {
  const line = printableLine(text.trim())
  const short = shortened(line, LONGEST_EXCERPT)
  return short === line ? line : `${short}…`
}
