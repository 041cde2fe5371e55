// Validators for everything that is received over NATS. Our own nodes always send valid messages; the checks are for
// whatever else may publish on the same subjects.

import type {
  ClusterMessage,
  NodePresence,
  SeatPosition,
  SessionTransfer,
  ShownPerson,
} from '../core/cluster/cluster-messages.ts'
import type {
  Alteration,
  Appointment,
  Arrival,
  AttachedUpload,
  Attachment,
  Author,
  Deletion,
  Edit,
  Grant,
  LinkPicture,
  LinkPreview,
  Masking,
  Message,
  Muting,
  Person,
  Pin,
  PollChange,
  Preview,
  Profile,
  Reaction,
  Removal,
  Room,
  RoomEvent,
  Signal,
  ThreadSummary,
  Typing,
} from '../core/model/model.ts'
import type { Poll, PollOption } from '../core/model/polls.ts'
import type { Reminder, Scheduled } from '../core/model/scheduled.ts'
import type { RoomInvitation } from '../core/ports/rooms.ts'

export type Check = (value: unknown) => boolean

/** Ids, seqs, instants and counts: whole numbers from 0. */
export const count: Check = value => Number.isSafeInteger(value) && Number(value) >= 0
export const text: Check = value => typeof value === 'string'
const flag: Check = value => typeof value === 'boolean'

function oneOf(...values: readonly (string | boolean)[]): Check {
  return value => values.some(each => each === value)
}

export function list(check: Check): Check {
  return value => Array.isArray(value) && value.every(check)
}

function maybe(check: Check): Check {
  return value => value === undefined || check(value)
}

/** An object with these properties; further ones are ignored. */
function shape<T>(checks: { readonly [K in keyof T]-?: Check }): Check {
  const all = Object.entries<Check>(checks)
  return value => isObject(value) && all.every(([key, check]) => check(value[key]))
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

const author = shape<Author>({ id: count, username: text })

// --- room events -------------------------------------------------------------------------------

/** A check for each field but `kind`, by which the check was chosen. */
type Checks<T> = { readonly [K in Exclude<keyof T, 'kind'>]-?: Check }

const eventBase = { room: count, seq: count, author, at: count }
const format = oneOf('plain', 'markdown')
const styled = shape<NonNullable<Message['styles']>[number]>({
  from: count,
  to: count,
  style: oneOf('bold', 'italic', 'underline', 'struck', 'code'),
})
const tag: Check = value => Array.isArray(value) && value.length === 2 && value.every(text)
const reacted = shape<NonNullable<Message['reactions']>[number]>({ emoji: text, count, mine: flag })
const linkPreview = shape<LinkPreview>({
  url: text,
  title: maybe(text),
  description: maybe(text),
  site: maybe(text),
  picture: maybe(shape<LinkPicture>({ id: text, width: count, height: count, placeholder: text })),
})
const attachment = shape<Attachment>({
  id: text,
  name: text,
  type: text,
  size: count,
  sha256: text,
  alt: maybe(text),
  width: maybe(count),
  height: maybe(count),
  placeholder: maybe(text),
  animated: maybe(oneOf(true)),
  duration: maybe(count),
  waveform: maybe(text),
})

const poll = shape<Poll>({
  question: text,
  options: list(shape<PollOption>({ text, votes: count })),
  voters: count,
  multiple: maybe(oneOf(true)),
  named: maybe(oneOf(true)),
  until: maybe(count),
  closed: maybe(oneOf(true)),
  mine: maybe(list(count)),
})

const message: Checks<Message> = {
  ...eventBase,
  text,
  format,
  styles: maybe(list(styled)),
  action: maybe(oneOf(true)),
  reply: maybe(shape<NonNullable<Message['reply']>>({ seq: count, username: text, thread: maybe(count) })),
  notice: maybe(oneOf(true)),
  tags: maybe(list(tag)),
  attachments: maybe(list(attachment)),
  everyone: maybe(oneOf(true)),
  poll: maybe(poll),
  threadOnly: maybe(oneOf(true)),
  teams: maybe(list(text)),
  thread: maybe(shape<ThreadSummary>({ answers: count, people: list(author), last: count, at: count })),
  reactions: maybe(list(reacted)),
  previews: maybe(list(linkPreview)),
  edited: maybe(oneOf(true)),
  deleted: maybe(oneOf(true)),
}
const edit: Checks<Edit> = { ...eventBase, target: count, text, format, poll: maybe(poll) }
const deletion: Checks<Deletion> = { ...eventBase, target: count, thread: maybe(count), reason: maybe(text) }
const reaction: Checks<Reaction> = { ...eventBase, target: count, emoji: text, on: flag }
const pin: Checks<Pin> = { ...eventBase, target: count, text, on: flag }
const preview: Checks<Preview> = { ...eventBase, target: count, links: list(linkPreview) }
const pollChange: Checks<PollChange> = {
  ...eventBase,
  target: count,
  how: oneOf('voted', 'closed', 'expired'),
  poll: maybe(poll),
}
const arrival: Checks<Arrival> = { ...eventBase, person: author }
const removal: Checks<Removal> = {
  ...eventBase,
  person: author,
  how: oneOf('left', 'kicked', 'banned'),
  reason: text,
  until: maybe(count),
}
/** Roles and altered settings need only be strings: the code that renders one looks it up. */
const appointment: Checks<Appointment> = { ...eventBase, person: author, role: text, before: maybe(text) }
const muting: Checks<Muting> = { ...eventBase, person: author, until: count, reason: maybe(text) }
const mask: Checks<Masking> = { ...eventBase, list: text, mask: text, on: flag }
const alteration: Checks<Alteration> = { ...eventBase, what: text, value: text, reason: maybe(text) }
const typing: Checks<Typing> = { room: count, person: author }
const signal: Checks<Signal> = { room: count, person: author, at: count, tags: list(tag) }

/** No check for presence: each node derives it from what the other nodes broadcast. */
const roomEvents: { readonly [K in Exclude<RoomEvent['kind'], 'presence'>]: Check } = {
  message: shape(message),
  edit: shape(edit),
  deletion: shape(deletion),
  reaction: shape(reaction),
  pin: shape(pin),
  preview: shape(preview),
  poll: shape(pollChange),
  arrival: shape(arrival),
  removal: shape(removal),
  appointment: shape(appointment),
  muting: shape(muting),
  mask: shape(mask),
  alteration: shape(alteration),
  typing: shape(typing),
  signal: shape(signal),
}

export function isRoomEvent(value: unknown): value is RoomEvent {
  return isOneOf(roomEvents, value)
}

// --- cluster messages ---------------------------------------------------------------------------

type ChecksOf<K extends ClusterMessage['kind']> = Checks<Extract<ClusterMessage, { kind: K }>>

const profile = shape<Profile>({
  id: count,
  username: text,
  name: text,
  role: text,
  status: text,
  language: text,
  zone: text,
})
const named = shape<Person>({ id: count, username: text, name: text, role: text })
const status = oneOf('online', 'away', 'offline')
const there = list(shape<NodePresence>({ person: author, status }))
const moving = shape<SessionTransfer>({
  session: count,
  person: profile,
  grant: shape<Grant>({ scope: oneOf('read', 'write', 'admin'), room: maybe(count) }),
  away: flag,
  lasts: flag,
  room: count,
  places: list(shape<SeatPosition>({ room: count, place: count, seen: count })),
})
const turn = shape<Extract<ClusterMessage, { kind: 'spent' }>['turns'][number]>({ person: count, count })

const ended: ChecksOf<'ended'> = {
  person: count,
  sessions: list(count),
  how: oneOf('revoked', 'disabled'),
}
const changed: ChecksOf<'changed'> = {
  person: count,
  what: oneOf('profile', 'blocks', 'levels', 'threads', 'saved', 'sidebar', 'reports', 'conversations'),
}
const arrived: ChecksOf<'arrived'> = { person: count, room: count, at: count, author }
const failed: ChecksOf<'failed'> = {
  throttle: oneOf(
    ...(['attempts', 'accounts', 'addresses', 'codes', 'keys', 'rooms'] as const),
    ...(['strangers', 'guests', 'registrations'] as const),
  ),
  key: text,
}

const asked = shape<RoomInvitation>({
  room: shape<Room>({
    id: count,
    kind: text,
    name: text,
    topic: text,
    archived: flag,
    group: maybe(oneOf(true)),
  }),
  by: author,
  at: count,
})

const attachedUpload = shape<AttachedUpload>({
  upload: text,
  name: maybe(text),
  alt: maybe(text),
  poster: maybe(text),
  duration: maybe(count),
  waveform: maybe(text),
})
const scheduled = shape<Scheduled>({
  id: count,
  room: count,
  text,
  format,
  action: maybe(oneOf(true)),
  reply: maybe(count),
  attachments: maybe(list(attachedUpload)),
  at: count,
  refused: maybe(text),
})
const reminder = shape<Reminder>({
  id: count,
  room: count,
  seq: count,
  note: text,
  at: count,
  rung: maybe(oneOf(true)),
  message: maybe(shape<NonNullable<Reminder['message']>>({ author, text, format })),
})
const shown = shape<ShownPerson>({ id: count, username: text, name: text, role: text, status: text })

const clusterMessages: { readonly [K in ClusterMessage['kind']]: Check } = {
  ended: shape(ended),
  voided: shape<ChecksOf<'voided'>>({ session: count }),
  moved: shape<ChecksOf<'moved'>>({ person: count, session: count }),
  claim: shape<ChecksOf<'claim'>>({ claim: text, code: text }),
  claimed: shape<ChecksOf<'claimed'>>({ claim: text, moving: maybe(moving) }),
  changed: shape(changed),
  'full-name': shape<ChecksOf<'full-name'>>({ person: named, by: maybe(count) }),
  person: shape<ChecksOf<'person'>>({ person: shown }),
  avatar: shape<ChecksOf<'avatar'>>({
    person: maybe(author),
    room: maybe(count),
    avatar: maybe(text),
    by: maybe(count),
  }),
  settings: shape<ChecksOf<'settings'>>({}),
  teams: shape<ChecksOf<'teams'>>({}),
  arrived: shape(arrived),
  voted: shape<ChecksOf<'voted'>>({ person: count, room: count, seq: count, options: list(count) }),
  scheduled: shape<ChecksOf<'scheduled'>>({ person: count, at: maybe(count), kept: maybe(scheduled) }),
  reminders: shape<ChecksOf<'reminders'>>({ person: count, at: maybe(count), rung: maybe(reminder) }),
  asked: shape<ChecksOf<'asked'>>({ person: count, asked }),
  marked: shape<ChecksOf<'marked'>>({ person: count, room: count, seq: count, back: maybe(oneOf(true)) }),
  there: shape<ChecksOf<'there'>>({ people: there }),
  roll: shape<ChecksOf<'roll'>>({ people: there, first: flag, last: flag }),
  'roll-call': shape<ChecksOf<'roll-call'>>({ node: text }),
  failed: shape(failed),
  known: shape<ChecksOf<'known'>>({ account: text, place: text }),
  spent: shape<ChecksOf<'spent'>>({ turns: list(turn) }),
  door: shape<ChecksOf<'door'>>({ door: oneOf('line', 'irc', 'web'), said: text }),
}

export function isClusterMessage(value: unknown): value is ClusterMessage {
  return isOneOf(clusterMessages, value)
}

function isOneOf(checks: Readonly<Record<string, Check>>, value: unknown): boolean {
  if (!isObject(value) || typeof value.kind !== 'string' || !Object.hasOwn(checks, value.kind)) return false
  return checks[value.kind]?.(value) === true
}
