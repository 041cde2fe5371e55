// The data of the HTTP API and the WebSocket. Each schema is a type, a validator and part of the OpenAPI document, whose
// components are those with a title. docs/protocol.md shows them in use.

import { Attachment, LinkPreview } from './attachment-schemas.ts'
import { closed, type Static, Type } from './json-schema.ts'

const id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
export const Seq = Type.Integer({
  minimum: 0,
  maximum: 2 ** 32 - 1,
  description: "The number of an event in its room's log: 1, 2, 3, … without gaps.",
})
export const RoomId = Type.Integer({ minimum: 1, maximum: 2 ** 21 - 1 })
export const Instant = Type.Integer({ description: 'Milliseconds since 1970, UTC.' })

// --- people ----------------------------------------------------------------------------------------------

export const Author = closed({ id, username: Type.String() }, 'Author')
export const Role = Type.Enum(['owner', 'admin', 'member', 'guest', 'bot'])
export const Status = Type.Enum(['online', 'away', 'offline'])
const profile = {
  id,
  username: Type.String(),
  name: Type.String({ description: 'Full name.' }),
  role: Role,
  status: Type.String({ description: 'A status message; may be empty.' }),
  language: Type.String({ description: "es or en; empty for the server's default." }),
  zone: Type.String({ description: "An IANA time zone; empty for the server's." }),
}
export const Profile = closed(profile, 'Profile')
export const Scope = Type.Enum(['read', 'write', 'admin'], {
  description:
    'read: read access. write: also taking part. admin: also managing the account and, for admins, the server.',
})
export const Grant = closed({ scope: Scope, room: Type.Optional(RoomId) }, 'Grant')

// --- rooms -----------------------------------------------------------------------------------------------

export const RoomKind = Type.Enum(['open', 'closed', 'announcement', 'direct'])
export const LastingKind = Type.Enum(['open', 'closed', 'announcement'])
export const RoomRole = Type.Enum(['owner', 'moderator', 'helper', 'speaker', 'member'], {
  description: 'From the highest rank to the lowest.',
})
export const RoomFlag = Type.Enum(['open-topic', 'no-ctcp', 'no-guests', 'quiet-guests'], {
  description:
    "open-topic: everyone who may write may set the topic. no-ctcp: IRC's CTCP is refused. no-guests: guests cannot join. quiet-guests: guests can only read.",
})
export const MaskList = Type.Enum(['ban', 'mute', 'exception', 'invitation'], {
  description:
    'What a mask does to those it matches. ban: they can neither join nor write. mute: they cannot write. exception: bans and mutes do not apply to them. invitation: they may join although the room is closed.',
})
export const Level = Type.Enum(['everything', 'mentions', 'nothing', 'invisible'])
const room = {
  id: RoomId,
  kind: RoomKind,
  name: Type.String({ description: 'Without the #; for a direct room, the usernames of the other members.' }),
  topic: Type.String(),
  group: Type.Optional(
    Type.Literal(true, { description: 'A conversation of more than two, or that once had more.' }),
  ),
  archived: Type.Boolean(),
}
export const Room = closed(room, 'Room')
export const HoursText = Type.String({
  description:
    'When others than moderators may write, such as America/Bogota mon-fri 07:00-12:00 14:00-18:00; sat 09:00-12:00.',
})
const listing = {
  ...room,
  head: Type.Integer({ description: 'The last seq of the room; unread messages are counted up to it.' }),
  role: Type.Optional(RoomRole),
  read: Type.Integer({ description: 'The last seq that the person has read.' }),
  level: Level,
  unread: Type.Integer({ description: 'Unread messages of others; counting stops at 100.' }),
  mentions: Type.Integer({ description: 'Unread messages that mention the person; counting stops at 100.' }),
  hours: Type.Optional(HoursText),
  call: Type.Optional(Type.String({ description: 'The https address of its call.' })),
  staff: Type.Optional(
    Type.Literal(true, { description: 'A direct room with an owner or admin of the server in it.' }),
  ),
}
export const Listing = closed(listing, 'Listing')
export const SizedListing = closed({ ...listing, people: Type.Integer() }, 'SizedListing')
export const Member = closed(
  {
    person: Profile,
    role: RoomRole,
    mutedUntil: Instant,
    disabled: Type.Boolean(),
    status: Status,
  },
  'Member',
)

export const RoomInvitation = closed({ room: Room, by: Author, at: Instant }, 'Asked')
export type RoomInvitation = Static<typeof RoomInvitation>

/** How far a client has a room's log. Valid as long as the row at `seq` is of that epoch. */
export const Cursor = closed({ room: RoomId, epoch: Type.String({ maxLength: 64 }), seq: Seq }, 'Cursor')
export type Cursor = Static<typeof Cursor>

// --- events ----------------------------------------------------------------------------------------------

const eventFields = { room: RoomId, seq: Seq, author: Author, at: Instant }
export const Format = Type.Enum(['plain', 'markdown'], {
  description: 'plain: the text is shown as it was typed. markdown: it is formatted (docs/markdown.md).',
})
const Styled = closed(
  {
    from: Type.Integer(),
    to: Type.Integer(),
    style: Type.Enum(['bold', 'italic', 'underline', 'struck', 'code']),
  },
  'Styled',
)
export const Poll = closed(
  {
    question: Type.String(),
    options: Type.Array(closed({ text: Type.String(), votes: Type.Integer() }), {
      description: 'People call them by their numbers, from 1.',
    }),
    voters: Type.Integer({ description: 'How many people have voted.' }),
    multiple: Type.Optional(Type.Literal(true, { description: 'One may choose several options.' })),
    named: Type.Optional(Type.Literal(true, { description: 'Everybody may see who has chosen what.' })),
    until: Type.Optional(Type.Integer({ description: 'When it ends by itself.' })),
    closed: Type.Optional(Type.Literal(true)),
    mine: Type.Optional(
      Type.Array(Type.Integer(), {
        description: 'The numbers of the options that the caller has chosen; in answers to requests only.',
      }),
    ),
  },
  'Poll',
)
export type Poll = Static<typeof Poll>

const ThreadSummary = closed(
  {
    answers: Type.Integer({ description: 'Those to its answers included; counting stops at 1,000.' }),
    people: Type.Array(Author, { description: 'Who has answered, the latest first: up to four.' }),
    last: Type.Integer({ description: 'The seq of the latest answer.' }),
    at: Instant,
  },
  'ThreadSummary',
)
export type ThreadSummary = Static<typeof ThreadSummary>

export const Message = closed(
  {
    kind: Type.Literal('message'),
    ...eventFields,
    text: Type.String({
      description:
        '1–4,000 code points; lines are separated by \\n. Empty if deleted, and for some with attachments.',
    }),
    format: Format,
    styles: Type.Optional(
      Type.Array(Styled, {
        description: "Formatting of ranges of a plain text (IRC's), in UTF-16 units; `to` is exclusive.",
      }),
    ),
    action: Type.Optional(
      Type.Literal(true, { description: 'The text says what its author does (/me): ana + "baila".' }),
    ),
    reply: Type.Optional(
      closed({
        seq: Seq,
        username: Type.String(),
        thread: Type.Optional(
          Type.Integer({ description: 'The first message of the thread, unless it is that of `seq`.' }),
        ),
      }),
    ),
    threadOnly: Type.Optional(
      Type.Literal(true, { description: 'An answer that the web app shows in its thread alone.' }),
    ),
    notice: Type.Optional(
      Type.Literal(true, { description: 'Programs must not reply to it automatically (NOTICE in IRC).' }),
    ),
    attachments: Type.Optional(Type.Array(Attachment)),
    everyone: Type.Optional(Type.Literal(true)),
    poll: Type.Optional(Poll),
    teams: Type.Optional(
      Type.Array(Type.String(), { description: 'The folded names of the teams that it mentions.' }),
    ),
    thread: Type.Optional(ThreadSummary),
    reactions: Type.Optional(
      Type.Array(closed({ emoji: Type.String(), count: Type.Integer(), mine: Type.Boolean() })),
    ),
    previews: Type.Optional(Type.Array(LinkPreview)),
    scheduled: Type.Optional(
      Type.Integer({
        description: 'When it was meant to be sent: it was scheduled, and is over a minute late.',
      }),
    ),
    edited: Type.Optional(Type.Literal(true)),
    deleted: Type.Optional(Type.Literal(true)),
  },
  'Message',
)
export type Message = Static<typeof Message>
export type Format = Static<typeof Format>
export type Styled = Static<typeof Styled>

export const LogEvent = Type.Union(
  [
    Message,
    closed(
      {
        kind: Type.Literal('edit'),
        ...eventFields,
        target: Seq,
        text: Type.String(),
        format: Format,
        poll: Type.Optional(Poll),
      },
      'Edit',
    ),
    closed(
      {
        kind: Type.Literal('deletion'),
        ...eventFields,
        target: Seq,
        thread: Type.Optional(
          Type.Integer({ description: 'The first message of the thread that it was an answer in.' }),
        ),
        reason: Type.Optional(Type.String({ description: 'The reason that was given.' })),
      },
      'Deletion',
    ),
    closed(
      {
        kind: Type.Literal('reaction'),
        ...eventFields,
        target: Seq,
        emoji: Type.String(),
        on: Type.Boolean(),
      },
      'Reaction',
    ),
    closed(
      { kind: Type.Literal('pin'), ...eventFields, target: Seq, text: Type.String(), on: Type.Boolean() },
      'Pin',
    ),
    closed(
      {
        kind: Type.Literal('preview'),
        ...eventFields,
        target: Seq,
        links: Type.Array(LinkPreview, { description: "All that is shown of the message's links now." }),
      },
      'Preview',
    ),
    closed(
      {
        kind: Type.Literal('poll'),
        ...eventFields,
        target: Seq,
        how: Type.Enum(['voted', 'closed', 'expired']),
        poll: Type.Optional(Poll),
      },
      'PollChange',
    ),
    closed({ kind: Type.Literal('arrival'), ...eventFields, person: Author }, 'Arrival'),
    closed(
      {
        kind: Type.Literal('removal'),
        ...eventFields,
        person: Author,
        how: Type.Enum(['left', 'kicked', 'banned']),
        reason: Type.String(),
        until: Type.Optional(Type.Integer({ description: 'When a temporary ban ends.' })),
      },
      'Removal',
    ),
    closed(
      {
        kind: Type.Literal('appointment'),
        ...eventFields,
        person: Author,
        role: RoomRole,
        before: Type.Optional(RoomRole),
      },
      'Appointment',
    ),
    closed(
      {
        kind: Type.Literal('muting'),
        ...eventFields,
        person: Author,
        until: Instant,
        reason: Type.Optional(Type.String()),
      },
      'Muting',
    ),
    closed(
      { kind: Type.Literal('mask'), ...eventFields, list: MaskList, mask: Type.String(), on: Type.Boolean() },
      'Masking',
    ),
    closed(
      {
        kind: Type.Literal('alteration'),
        ...eventFields,
        what: Type.Enum([
          'name',
          'title',
          'topic',
          'archived',
          'silenced',
          'slow',
          'hours',
          'call',
          'kind',
          'key',
          'limit',
          'open-topic',
          'no-ctcp',
          'no-guests',
          'quiet-guests',
        ]),
        value: Type.String(),
        reason: Type.Optional(Type.String({ description: 'For a new name: the reason that was given.' })),
      },
      'Alteration',
    ),
  ],
  { title: 'Event' },
)
export type LogEvent = Static<typeof LogEvent>

export type Room = Static<typeof Room>
export type Listing = Static<typeof Listing>
export type Profile = Static<typeof Profile>
export type Author = Static<typeof Author>
export type Status = Static<typeof Status>
export type Grant = Static<typeof Grant>
