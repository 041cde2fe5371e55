// Rendering events of a room as IRC lines (docs/doors.md): with their line ends; empty if the event does not show.

import { Buffer } from 'node:buffer'
import { isUnreadable } from '../../../core/log/unreadable.ts'
import type {
  Edit,
  Message,
  Poll,
  PollChange,
  Reaction,
  RoomEvent,
  Seq,
  Signal,
  Tag,
} from '../../../core/model/model.ts'
import { printableLine } from '../../../wire/printable.ts'
import { because } from '../../../wording/reason.ts'
import { attachmentLines } from '../../shared/attachments.ts'
import { results, standing } from '../../shared/polls.ts'
import { firstWords } from '../replies/quotes.ts'
import { hasCap } from '../wire/caps.ts'
import { sanitized } from '../wire/client-tags.ts'
import { ACTION_BYTES, actionOf, carryCodes, LONGEST_CODES, withCodes } from '../wire/formatting.ts'
import { LONGEST_LINE, lineOf, pieces, tagPrefix } from '../wire/message.ts'
import { alteration, appointment, arrival, masking, muting, removal } from './room-lines.ts'
import {
  actorTags,
  type EventHead,
  identityTags,
  lineFrom,
  msgidOf,
  notice,
  type RenderContext,
  sourceOf,
  tagsOf,
  withLineEnd,
} from './tags.ts'

export function render(event: RoomEvent, context: RenderContext): string {
  switch (event.kind) {
    case 'message':
      return message(event, context)
    case 'edit':
      return event.text === '' ? '' : edit(event, context)
    case 'deletion':
      return deletion(event, context)
    case 'reaction':
      return reaction(event, context)
    case 'pin': {
      const sentence = event.on ? context.wording.irc.pinned : context.wording.irc.unpinned
      return notice(sentence(event.author.username, firstWords(event.text)), event, context)
    }
    case 'preview':
      return '' // IRC clients have their own
    case 'poll':
      return pollChange(event, context)
    case 'arrival':
      return context.isChannel ? arrival(event, context) : ''
    case 'removal':
      return context.isChannel ? removal(event, context) : ''
    case 'appointment':
      return appointment(event, context)
    case 'muting':
      return muting(event, context)
    case 'mask':
      return masking(event, context)
    case 'alteration':
      return alteration(event, context)
    case 'typing':
      if (!hasCap(context.caps, 'message-tags')) return ''
      return withLineEnd(
        tagPrefix([...identityTags(event.person, context), ['+typing', 'active']]) +
          lineFrom(event.person, context, ['TAGMSG', context.target(event.person)]),
      )
    case 'signal':
      return signal(event, context)
    case 'presence':
      return '' // presence.ts tells it in every channel that is shared
  }
}

function message(event: Message, context: RenderContext): string {
  if (isUnreadable(event)) return notice(context.wording.unreadableHere, event, context)
  if (event.deleted) return ''
  keepQuotation(event, context)
  const lines = textLines(event, context, event.reply?.seq)
  return event.poll ? lines + howToVote(event, event.poll, context) : lines
}

/** How to vote, from the server, since IRC clients show no numbers of messages. */
function howToVote(event: Message, poll: Poll, context: RenderContext): string {
  const { wording } = context
  const how = `/msg ChanServ VOTE ${context.target(event.author, event.seq)}`
  const irc = { ...wording, poll: { ...wording.poll, ...wording.irc.poll } }
  return notice(standing(poll, event.seq, { wording: irc, how }), event, context, 'beside')
}

/** Votes are not told one by one. */
function pollChange(event: PollChange, context: RenderContext): string {
  const { how, author, poll } = event
  if (how === 'voted' || !poll) return ''
  const { irc } = context.wording
  const tell = how === 'closed' ? irc.pollEnded : irc.pollExpired
  return notice(
    tell(author.username, firstWords(poll.question), results(poll, context.wording)),
    event,
    context,
  )
}

function edit(event: Edit, context: RenderContext): string {
  keepQuotation({ ...event, seq: event.target }, context)
  return textLines(event, context, event.target)
}

/** Keeps the beginning of a message for clients that will be told of its deletion in words. */
function keepQuotation(
  { room, seq, text, attachments }: Pick<Message, 'room' | 'seq' | 'text' | 'attachments'>,
  { caps, quotations }: RenderContext,
): void {
  if (hasCap(caps, 'draft/message-redaction')) return
  quotations.keep({ room, seq, text: text === '' ? (attachments?.[0]?.name ?? '') : text })
}

/** The reply tag by its present name, and by the one that clients have known for years. */
function replyTags(msgid: string): Tag[] {
  return [
    ['+reply', msgid],
    ['+draft/reply', msgid],
  ]
}

/** The tags for clients with message-tags: what the message answers, and its author's client-only tags. */
function messageTags({ room, tags }: Pick<Message, 'room' | 'tags'>, answered: Seq | undefined): Tag[] {
  const reply = answered === undefined ? [] : replyTags(msgidOf(room, answered))
  return tags ? [...reply, ...sanitized(tags)] : reply
}

/** Renders a message or an edit. @param answered the seq that it answers or edits */
function textLines(
  event: (Message | Edit) & Pick<Partial<Message>, 'notice' | 'styles' | 'action' | 'tags' | 'attachments'>,
  context: RenderContext,
  answered: Seq | undefined,
): string {
  const { caps } = context
  const about = hasCap(caps, 'message-tags') ? messageTags(event, answered) : []
  const tags = tagsOf(event, context, about)
  const target = context.target(event.author, event.seq)
  const head = lineOf(sourceOf(event.author, context.host), event.notice ? 'NOTICE' : 'PRIVMSG', [target, ''])
  const own = event.action ? ACTION_BYTES : 0
  const most = Math.max(4, LONGEST_LINE - 2 - Buffer.byteLength(head) - own)
  const stamp = context.stamp ? `${context.stamp(event.at)} ` : ''
  const sign = event.kind === 'edit' ? '✎ ' : ''
  const unstamped = sign + withCodes(event)
  const text = stamp === '' ? unstamped : unstamped.replace(/[^\n]+/g, line => stamp + line)
  const wrap = (line: string) => (event.action && line !== '' ? actionOf(line) : line)
  const files = attachmentLines(event.attachments, context)
  const isShort = files.length === 0 && text.length * 3 <= most && !text.includes('\n')
  if (isShort) return withLineEnd(tagPrefix(tags) + head + wrap(text))
  const said = files.length > 0 && event.text === '' ? [] : text.split('\n')
  const lines = [
    ...said.map(line => carryCodes(pieces(line, most - LONGEST_CODES)).map(wrap)),
    ...files.map(line => pieces(stamp + line, most)),
  ]
  const isMany = lines.length > 1 || (lines[0]?.length ?? 0) > 1
  // An action and its files are lines of two kinds, of which clients would make one text.
  const isOneText = !event.action || files.length === 0 || said.length === 0
  if (isMany && isOneText && hasCap(caps, 'draft/multiline') && hasCap(caps, 'batch'))
    return multiline(lines, { event, context, tags, head, target })
  return plain(lines.flat(), { tags, rest: tagsOf(event, context).filter(([key]) => key !== 'msgid'), head })
}

/** One line after the other: only the first has the msgid (draft/multiline, Fallback). Empty lines are left out. */
function plain(
  lines: readonly string[],
  { tags, rest, head }: { tags: Tag[]; rest: Tag[]; head: string },
): string {
  const sendable = lines.filter(line => line !== '')
  return sendable.map((line, i) => withLineEnd(tagPrefix(i === 0 ? tags : rest) + head + line)).join('')
}

interface Many {
  readonly event: EventHead
  readonly context: RenderContext
  readonly tags: Tag[]
  readonly head: string
  readonly target: string
}

function multiline(
  lines: readonly (readonly string[])[],
  { event, context, tags, head, target }: Many,
): string {
  const batch = `m${event.room}-${event.seq}`
  const inside = lines.flatMap(parts =>
    parts.map((part, i) => {
      const joined: Tag[] = i === 0 ? [] : [['draft/multiline-concat', '']]
      return withLineEnd(tagPrefix([['batch', batch], ...joined]) + head + part)
    }),
  )
  const begin = lineFrom(event.author, context, ['BATCH', `+${batch}`, 'draft/multiline', target])
  const end = lineOf(context.host, 'BATCH', [`-${batch}`])
  return withLineEnd(tagPrefix(tags) + begin) + inside.join('') + withLineEnd(end)
}

function deletion(event: Extract<RoomEvent, { kind: 'deletion' }>, context: RenderContext): string {
  const reason = printableLine(event.reason ?? '')
  if (!hasCap(context.caps, 'draft/message-redaction')) {
    const words = context.quotations.of(event.room, event.target)
    return notice(because(context.wording.irc.erased(event.author.username, words), reason), event, context)
  }
  const line = lineFrom(event.author, context, [
    'REDACT',
    context.target(event.author, event.seq),
    msgidOf(event.room, event.target),
    ...(reason === '' ? [] : [reason]),
  ])
  return withLineEnd(tagPrefix(tagsOf(event, context)) + line)
}

function signal({ person, at, tags }: Signal, context: RenderContext): string {
  if (!hasCap(context.caps, 'message-tags')) return ''
  return withLineEnd(
    actorTags(person, at, context, sanitized(tags)) +
      lineFrom(person, context, ['TAGMSG', context.target(person)]),
  )
}

function reaction(event: Reaction, context: RenderContext): string {
  if (!hasCap(context.caps, 'message-tags')) return ''
  const tags = tagsOf(event, context, [
    ...replyTags(msgidOf(event.room, event.target)),
    [event.on ? '+draft/react' : '+draft/unreact', event.emoji],
  ])
  return withLineEnd(
    tagPrefix(tags) + lineFrom(event.author, context, ['TAGMSG', context.target(event.author, event.seq)]),
  )
}
