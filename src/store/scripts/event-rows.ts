// Decodes rows of messages and of other events.

import { hoursFrom, isCall } from '../../core/model/hours-and-call.ts'
import {
  type Alteration,
  type Appointment,
  type Author,
  type Instant,
  type LogEvent,
  type Masking,
  type Message,
  ROOM_SETTINGS,
  type Seq,
  type UserId,
} from '../../core/model/model.ts'
import { attachmentsOf } from './attachments.ts'
import { formatOf, stylesOf, tagsOf } from './format.ts'
import { listOf } from './masks.ts'
import { isSeq, knownRoomRole, roomOf, seqIn, seqOf } from './open-room.ts'
import { instant, number, oneOf, type Row, text, username } from './sql.ts'

/** Decodes a row of the view `said`. */
export function message(found: Row): Message {
  const { reply_username: original, edited_at: edited, deleted_at: deleted } = found
  return {
    kind: 'message',
    ...eventBase(found),
    text: text(found, 'message'),
    format: formatOf(found),
    ...(found.styles === null ? {} : { styles: stylesOf(found) }),
    ...(found.action === 1 ? { action: true } : {}),
    ...(original !== null && replyTo(found)),
    ...(found.thread_only === 1 ? { threadOnly: true } : {}),
    ...(found.notice === 1 ? { notice: true } : {}),
    ...(found.tags === null ? {} : tagsOf(found)),
    ...(found.attachments === null ? {} : attachmentsOf(found)),
    ...(found.everyone === 1 ? { everyone: true } : {}),
    ...(found.teams === null ? {} : { teams: text(found, 'teams').split(' ') }),
    ...(edited === null ? {} : { edited: true }),
    ...(deleted === null ? {} : { deleted: true }),
  }
}

/** Empty for a seq that no room has. */
function replyTo(found: Row): Pick<Message, 'reply'> {
  const seq = number(found, 'reply_seq')
  if (!isSeq(seq)) return {}
  const thread = found.thread_seq === null ? 0 : seqIn(found, 'thread_seq')
  const rest = thread === 0 || thread === seq ? {} : { thread: thread as Seq }
  return { reply: { seq: seq as Seq, username: username(found, 'reply_username'), ...rest } }
}

function eventBase(found: Row) {
  const id = number(found, 'id')
  return {
    room: roomOf(id),
    seq: seqOf(id),
    author: { id: number(found, 'user_id') as UserId, username: username(found) },
    at: instant(found, 'created_at'),
  }
}

/** Settings whose value is a whole number. */
const COUNTED: readonly Alteration['what'][] = ['silenced', 'slow', 'limit']

const POLL_HOWS = ['voted', 'closed', 'expired'] as const
const HOWS = ['left', 'kicked', 'banned'] as const

/** Decodes a row of `changesIn` (events.ts). Throws TypeError for an invalid one, which is then shown as a hole. */
export function change(found: Row): LogEvent {
  const base = eventBase(found)
  const kind = text(found, 'kind')
  switch (kind) {
    case 'edit':
      if (found.now === null) return { kind: 'deletion', ...base, target: target(found) } // its row is missing
      return { kind, ...base, target: target(found), text: text(found, 'now'), format: formatOf(found) }
    case 'deletion':
      return { kind, ...base, target: target(found), ...threadOf(found), ...reasonIn(text(found, 'detail')) }
    case 'reaction':
      return { kind, ...base, target: target(found), emoji: text(found, 'value'), on: isOn(found) }
    case 'pin':
      return { kind, ...base, target: target(found), text: text(found, 'now'), on: isOn(found) }
    case 'preview':
      return { kind, ...base, target: target(found), links: [] } // events.ts adds those that are shown now
    case 'poll':
      return { kind, ...base, target: target(found), how: valid(oneOf(POLL_HOWS, found, 'value')) } // as above
    case 'arrival':
      return { kind, ...base, person: personOf(found) }
    case 'removal': {
      const how = valid(oneOf(HOWS, found, 'value'))
      const [reason = '', until] = text(found, 'detail').split('\n')
      const end = until === undefined ? {} : { until: instantFrom(until) }
      return { kind, ...base, person: personOf(found), how, reason, ...end }
    }
    case 'appointment':
      return {
        kind,
        ...base,
        person: personOf(found),
        role: valid(knownRoomRole(found, 'value')),
        ...roleBefore(found),
      }
    case 'muting': {
      const until = instantFrom(text(found, 'value'))
      return { kind, ...base, person: personOf(found), until, ...reasonIn(text(found, 'detail')) }
    }
    case 'mask':
      return { kind, ...base, ...maskingOf(found), mask: text(found, 'value') }
    case 'alteration':
      return { kind, ...base, ...alterationOf(found) }
    default:
      throw new TypeError(`no kind of change: ${kind}`)
  }
}

function valid<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('it makes no sense')
  return value
}

/** Decodes an instant that is stored as text. */
function instantFrom(written: string): Instant {
  const at = Number(written)
  return valid(Number.isSafeInteger(at) && at >= 0 ? (at as Instant) : undefined)
}

/** Empty for rows of versions that did not store the former role. */
function roleBefore(found: Row): Pick<Appointment, 'before'> {
  const before = knownRoomRole(found, 'detail')
  return before === undefined ? {} : { before }
}

/** The detail is `topic`, or for a name with a reason `name it was misspelt`. */
function alterationOf(found: Row): Pick<Alteration, 'what' | 'value' | 'reason'> {
  const [said = '', reason = ''] = text(found, 'detail').split(/ (.*)/s)
  const what = valid(oneOf(ROOM_SETTINGS, { said }, 'said'))
  const value = text(found, 'value')
  if (COUNTED.includes(what)) instantFrom(value)
  if (value !== '' && what === 'hours') valid(hoursFrom(value))
  if (what === 'call' && !isCall(value)) valid(undefined)
  return { what, value, ...reasonIn(reason) }
}

function reasonIn(reason: string): { readonly reason?: string } {
  return reason === '' ? {} : { reason }
}

/** The detail is `ban on`. */
function maskingOf(found: Row): Pick<Masking, 'list' | 'on'> {
  const [list = '', on] = text(found, 'detail').split(' ')
  return { list: valid(listOf({ list })), on: on === 'on' }
}

function target(found: Row): Seq {
  const seq = number(found, 'target_seq')
  return valid(isSeq(seq) ? (seq as Seq) : undefined)
}

/** Of a deleted answer. */
function threadOf(found: Row): { readonly thread?: Seq } {
  const thread = found.thread === null ? 0 : seqIn(found, 'thread')
  return thread === 0 ? {} : { thread: thread as Seq }
}

function isOn(found: Row): boolean {
  return text(found, 'detail') === 'on'
}

function personOf(found: Row): Author {
  valid(found.person ?? undefined)
  return { id: number(found, 'person_id') as UserId, username: username(found, 'person') }
}
