// An event other than a message, on one quiet line.

import { memo } from 'react'
import { because } from '../../../wording/reason.ts'
import { useWords } from '../app.tsx'
import type { QuietEvent } from '../model/timeline.ts'
import { clock, dayAndTime, type Locale, untilOf } from '../model/times.ts'
import type { Words } from '../words.ts'
import type { MessageActions } from './message-actions.ts'
import './event-row.css'

interface EventProps {
  readonly event: QuietEvent
  readonly locale: Locale
  readonly actions: MessageActions
  /** The row of the fold above stands for it where the list looks for seqs. */
  readonly isInFold?: true
}

export const EventRow = memo(function EventRow({ event, locale, actions, isInFold }: EventProps) {
  const words = useWords()
  return (
    <p className="event quiet" data-seq={isInFold ? undefined : event.seq} data-at={event.at}>
      <time dateTime={new Date(event.at).toISOString()} title={dayAndTime(locale, event.at)}>
        {clock(locale, event.at)}
      </time>{' '}
      {eventText(event, words, locale)}
      {event.kind === 'pin' && event.on && (
        <>
          {' '}
          <button type="button" className="link" onClick={() => actions.goTo(event.target)}>
            {words.events.seePinned}
          </button>
        </>
      )}
    </p>
  )
})

export function eventText(event: QuietEvent, words: Words, locale: Locale): string {
  const { events } = words
  const author = event.author.username
  switch (event.kind) {
    case 'pin':
      return (event.on ? events.pinned : events.unpinned)(author)
    case 'arrival': {
      const { username } = event.person
      return username === author ? events.arrived(username) : events.brought(author, username)
    }
    case 'removal':
      return removalText(event, words, locale)
    case 'appointment':
      return events.appointed(event.person.username, words.roles[event.role])
    case 'muting':
      return event.until <= event.at
        ? events.unmuted(event.person.username)
        : because(
            events.muted(event.person.username, untilOf(event.until, words, locale)),
            event.reason ?? '',
          )
    case 'mask':
      return (event.on ? events.masked : events.unmasked)[event.list](author, event.mask)
    case 'alteration':
      return alterationText(event, words, locale)
  }
}

function removalText(event: Extract<QuietEvent, { kind: 'removal' }>, words: Words, locale: Locale): string {
  const { how, person, author, reason, until } = event
  const lasting = until === undefined ? '' : untilOf(until, words, locale)
  return words.events[how](person.username, author.username, reason, lasting)
}

function alterationText(
  event: Extract<QuietEvent, { kind: 'alteration' }>,
  words: Words,
  locale: Locale,
): string {
  const { events } = words
  const { author, what, value } = event
  switch (what) {
    case 'name':
      return because(events.renamed(author.username, value), event.reason ?? '')
    case 'title':
      return value === '' ? events.groupUnnamed(author.username) : events.groupNamed(author.username, value)
    case 'topic':
      return value === '' ? events.untitled(author.username) : events.retitled(author.username, value)
    case 'archived':
      return value === 'yes' ? events.archived : events.unarchived
    case 'silenced':
      return Number(value) <= event.at
        ? events.unsilenced
        : events.silenced(untilOf(Number(value), words, locale))
    case 'slow':
      return value === '0' ? events.notSlow : events.slow(Number(value))
    case 'hours':
      return value === ''
        ? events.unhoured(author.username)
        : events.rehoured(author.username, hoursShown(value, words))
    case 'call':
      return (value === '' ? events.uncalled : events.called)(author.username)
    case 'kind':
      return events.rekinded[value === 'closed' || value === 'announcement' ? value : 'open']
    case 'key':
      return value === '' ? events.unkeyed : events.keyed(value)
    case 'limit':
      return value === '0' ? events.unlimited : events.limited(Number(value))
    case 'open-topic':
    case 'no-ctcp':
    case 'no-guests':
    case 'quiet-guests':
      return (value === 'yes' ? events.flagged : events.unflagged)[what]
  }
}

/** America/Bogota mon-fri 07:00-12:00 with the days in the reader's language. Parsing it is for those who change it. */
function hoursShown(value: string, { dayNames }: Words): string {
  return value.replace(/\b(?:mon|tue|wed|thu|fri|sat|sun)\b/g, day => dayNames[day as keyof typeof dayNames])
}
