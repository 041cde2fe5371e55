// Renders events as lines of text. The contract is docs/doors.md.

import { isUnreadable } from '../../core/log/unreadable.ts'
import type {
  Alteration,
  LogEvent,
  Message,
  Poll,
  PollChange,
  Presence,
  Profile,
  Removal,
  RoomEvent,
} from '../../core/model/model.ts'
import { CROWD } from '../../core/presence/presence.ts'
import { printable, printableLine } from '../../wire/printable.ts'
import type { Wording } from '../../wording/es.ts'
import { isLanguage, type Language, languages } from '../../wording/languages.ts'
import { because } from '../../wording/reason.ts'
import { until } from '../../wording/times.ts'
import { attachmentLines, type LinkContext } from '../shared/attachments.ts'
import { shownHours } from '../shared/hours.ts'
import { results, standing } from '../shared/polls.ts'

/** What lines depend on besides their event. */
export interface LineContext extends LinkContext {
  readonly wording: Wording
}

/** How a room is displayed on a connection. */
export interface RenderOptions extends LineContext {
  /** The name of the room in lines: #sala. */
  readonly label: string
  readonly isOther: boolean
}

/** Renders an event as lines, each with its LF; empty if it is not shown. Nothing in a text can pass for another's line. */
export function renderEvent(event: RoomEvent, options: RenderOptions): string {
  const text = textOf(event, options)
  if (text === '') return ''
  const tells = event.kind === 'presence' || namesRoom(event)
  if (!options.isOther || tells) return `${text}\n`
  return `${options.label} ${text.replaceAll('\n', `\n${options.label} `)}\n`
}

/** Whether the line of the event names its room already. */
function namesRoom({ kind }: RoomEvent): boolean {
  return kind === 'arrival' || kind === 'removal' || kind === 'alteration' || kind === 'mask'
}

function textOf(event: RoomEvent, { wording, label, webUrl }: RenderOptions): string {
  switch (event.kind) {
    case 'message':
      return renderMessage(event, { wording, webUrl })
    case 'presence':
      return presence(event, wording)
    case 'typing':
    case 'signal':
      return '' // not worth breaking into the lines that others read
    case 'arrival': {
      const { author, person } = event
      if (author.id === person.id) return wording.arrived(person.username, label)
      return wording.brought(author.username, person.username, label)
    }
    case 'removal':
      return removal(event, wording, label)
    default:
      return change(event, wording, label)
  }
}

/** Empty when more than CROWD people are online (core/presence). */
function presence({ people, among }: Presence, wording: Wording): string {
  if (among > CROWD) return ''
  return people
    .map(({ person, status, before }) => {
      if (status === 'offline') return wording.left(person.username)
      if (status === 'away') return wording.wentAway(person.username)
      return before === 'away' ? wording.cameBack(person.username) : wording.came(person.username)
    })
    .join('\n')
}

/**
 * Renders a message. A reply names whom it answers; further lines of a text follow the name and a bar. An action stands
 * between stars, the first of them right at the name: other events begin with a star and a space, so neither can pass for
 * the other. Files follow, each on a line of its own.
 */
export function renderMessage(message: Message, context: LineContext): string {
  const { author, text, reply, deleted, attachments } = message
  if (isUnreadable(message)) return context.wording.unreadableHere
  if (deleted) return ''
  const { username } = author
  const from = reply ? context.wording.reply(username, reply.username) : username
  if (message.poll) return `${renderText(message, from)}\n${howToVote(message.poll, message.seq, context)}`
  if (!attachments) return renderText(message, from)
  const lines = attachmentLines(attachments, context)
  if (text !== '') return [renderText(message, from), ...lines.map(line => `${username}: ${line}`)].join('\n')
  return lines.map((line, i) => `${i === 0 ? from : username}: ${line}`).join('\n')
}

function howToVote(poll: Poll, seq: number, { wording }: LineContext): string {
  return standing(poll, seq, { wording, how: `/${wording.commands.vote.word} ${seq}` })
}

/** @param from the author, and whom they answer */
function renderText({ author: { username }, text, action }: Message, from: string): string {
  const safe = printable(text)
  const lines = safe.includes('\n') ? safe.replaceAll('\n', `\n${username}| `) : safe
  return action ? `*${from} ${lines}*` : `${from}: ${lines}`
}

/**
 * Renders a message as the line door shows it in the current room, in the reader's language: for the web door's view of
 * how each door shows a message. @param usual the language of people who have chosen none
 */
export function lineDisplay(usual: Language, webUrl: LineContext['webUrl']) {
  return {
    door: 'line',
    text(message: Message, { person: { language } }: { person: Profile }): string {
      const wording = languages[isLanguage(language) ? language : usual]
      return renderEvent(message, { wording, webUrl, label: '', isOther: false })
    },
  }
}

function removal(
  { author, person, how, reason, until: end }: Removal,
  wording: Wording,
  label: string,
): string {
  if (how === 'left') return wording.departed(person.username, label)
  const tell = how === 'kicked' ? wording.kicked : wording.banned
  const lasting = end === undefined ? '' : ` ${until(end, wording)}`
  const text = `${tell(author.username, person.username, label)}${lasting}`
  return reason === '' ? `${text}.` : `${text}: ${printableLine(reason)}`
}

type Change = Exclude<LogEvent, { kind: 'message' | 'arrival' | 'removal' }>

function change(event: Change, wording: Wording, label: string): string {
  const { username } = event.author
  switch (event.kind) {
    case 'edit':
      return event.text === '' ? '' : wording.edited(username, event.target, printableLine(event.text))
    case 'deletion':
      return because(wording.erased(username, event.target), printableLine(event.reason ?? ''))
    case 'reaction':
      return (event.on ? wording.reacted : wording.unreacted)(username, event.emoji, event.target)
    case 'pin':
      return (event.on ? wording.pinned : wording.unpinned)(username, event.target)
    case 'preview':
      return '' // the link says enough
    case 'poll':
      return pollChange(event, wording)
    case 'appointment':
      return wording.appointed[event.role](username, event.person.username)
    case 'muting':
      if (event.until <= event.at) return wording.unmuted(username, event.person.username)
      return because(
        wording.muted(username, event.person.username, until(event.until, wording)),
        printableLine(event.reason ?? ''),
      )
    case 'mask':
      return (event.on ? wording.masked : wording.unmasked)[event.list](username, event.mask, label)
    case 'alteration':
      return alteration(event, wording, label)
  }
}

/** Votes are not told one by one: that would break into the lines that others read. */
function pollChange({ how, author, target, poll }: PollChange, wording: Wording): string {
  if (how === 'voted' || !poll) return ''
  const tell = how === 'closed' ? wording.poll.ended : wording.poll.expired
  return tell(author.username, target, results(poll, wording))
}

function alteration(
  { author, what, value, at, reason = '' }: Alteration,
  wording: Wording,
  label: string,
): string {
  const { username } = author
  switch (what) {
    case 'name':
      return because(wording.renamed(username, `#${value}`), printableLine(reason))
    case 'archived':
      return (value === 'yes' ? wording.archivedRoom : wording.unarchivedRoom)(username, label)
    case 'silenced':
      if (Number(value) <= at) return wording.unsilenced(username, label)
      return wording.silenced(username, label, until(Number(value), wording))
    case 'slow':
      return value === '0' ? wording.unslowed(username, label) : wording.slowed(username, label, value)
    case 'hours':
      if (value === '') return wording.unhoured(username, label)
      return wording.rehoured(username, label, shownHours(value, wording))
    case 'call':
      if (value === '') return wording.uncalled(username, label)
      return wording.called(username, label, printableLine(value))
    case 'title':
      return value === ''
        ? wording.groupUnnamed(username)
        : wording.groupNamed(username, printableLine(value))
    case 'topic':
      if (value === '') return wording.untitled(username, label)
      return wording.retitled(username, label, printableLine(value))
    case 'kind':
      return wording.rekinded[kindOf(value)](username, label)
    case 'key':
      return value === '' ? wording.unkeyed(username, label) : wording.keyed(username, label, value)
    case 'limit':
      return value === '0' ? wording.unlimited(username, label) : wording.limited(username, label, value)
    case 'open-topic':
    case 'no-ctcp':
    case 'no-guests':
    case 'quiet-guests':
      return (value === 'yes' ? wording.flagged : wording.unflagged)[what](username, label)
  }
}

/** The new kind of a room; a direct room never changes its kind. */
function kindOf(value: string): 'open' | 'closed' | 'announcement' {
  return value === 'closed' || value === 'announcement' ? value : 'open'
}

/** A count, which stops at a hundred: 99+. */
export function counted(count: number): string {
  return count >= 100 ? '99+' : `${count}`
}
