// Messages as they are after what has happened to them.

import type { LinkPreview } from '../../../wire/attachment-schemas.ts'
import { linksIn } from '../../../wire/marks.ts'
import type { LogEvent, Message, Poll } from '../../../wire/schemas.ts'
import type { Answer } from './answers.ts'

export type ChangeOf = Extract<LogEvent, { kind: 'edit' | 'deletion' | 'reaction' | 'preview' | 'poll' }>

export function isChange(event: LogEvent): event is ChangeOf {
  return ['edit', 'deletion', 'reaction', 'preview', 'poll'].includes(event.kind)
}

/** The message as it is after the event. @param me the reader's id */
export function applyChange(event: ChangeOf, message: Message, me: number): Message {
  if (event.kind === 'reaction') return reacted(message, event, me)
  if (event.kind === 'preview') return withPreviews(message, event.links)
  if (event.kind === 'poll') return withPoll(message, event.poll)
  const { reactions, previews = [], styles: _, ...rest } = message
  if (event.kind === 'deletion') {
    const { attachments: _, poll: __, ...left } = rest
    return { ...left, text: '', deleted: true }
  }
  const edited = withPoll({ ...rest, text: event.text, format: event.format, edited: true }, event.poll)
  const links = linksIn(edited)
  return {
    ...withPreviews(
      edited,
      previews.filter(({ url }) => links.includes(url)),
    ),
    ...(reactions && { reactions }),
  }
}

/** What everybody is told does not say what one has chosen oneself. */
function withPoll(message: Message, poll: Poll | undefined): Message {
  if (!poll || message.deleted) return message
  const mine = message.poll?.mine
  return { ...message, poll: { ...poll, ...(mine && { mine }) } }
}

function withPreviews({ previews: _, ...message }: Message, links: readonly LinkPreview[]): Message {
  return links.length === 0 || message.deleted ? message : { ...message, previews: [...links] }
}

function reacted(message: Message, event: Extract<LogEvent, { kind: 'reaction' }>, me: number): Message {
  if (message.deleted) return message
  const mine = event.author.id === me
  const change = event.on ? 1 : -1
  const reactions = [...(message.reactions ?? [])]
  const at = reactions.findIndex(({ emoji }) => emoji === event.emoji)
  const there = reactions[at]
  if (!there) {
    if (event.on) reactions.push({ emoji: event.emoji, count: 1, mine })
  } else {
    const count = there.count + change
    if (count > 0) reactions[at] = { ...there, count, mine: mine ? event.on : there.mine }
    else reactions.splice(at, 1)
  }
  return { ...message, reactions }
}

/** Who has answered last is shown first; so many of them. */
const MOST_PEOPLE = 4
/** Answers are counted up to this, as the server does. */
const MOST_ANSWERS = 1000

/** The first message of a thread with one more answer below it. */
export function withAnswer(root: Message, { seq, at, author }: Answer): Message {
  const { answers = 0, people = [], last = 0 } = root.thread ?? {}
  if (seq <= last) return root
  const others = people.filter(({ id }) => id !== author.id)
  return {
    ...root,
    thread: {
      answers: Math.min(answers + 1, MOST_ANSWERS),
      people: [author, ...others].slice(0, MOST_PEOPLE),
      last: seq,
      at,
    },
  }
}
