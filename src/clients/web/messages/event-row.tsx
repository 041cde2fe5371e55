// What happened in a room besides messages, on one quiet line.

import { memo } from 'react'
import { because } from '../../../wording/reason.ts'
import { useWords } from '../app.tsx'
import type { RoomEvent } from '../model/timeline.ts'
import { clock, dayAndTime, type Locale, untilOf } from '../model/times.ts'
import type { Words } from '../words.ts'
import './event-row.css'

export const EventRow = memo(function EventRow(props: { event: RoomEvent; locale: Locale }) {
  const { event, locale } = props
  const words = useWords()
  return (
    <p className="event quiet" data-seq={event.seq} data-at={event.at}>
      <time dateTime={new Date(event.at).toISOString()} title={dayAndTime(locale, event.at)}>
        {clock(locale, event.at)}
      </time>{' '}
      {eventText(event, words, locale)}
    </p>
  )
})

function eventText(event: RoomEvent, words: Words, locale: Locale): string {
  const { happenings } = words
  const author = event.author.username
  switch (event.kind) {
    case 'arrival': {
      const { username } = event.person
      return username === author ? happenings.arrived(username) : happenings.brought(author, username)
    }
    case 'removal':
      return removalText(event, words, locale)
    case 'appointment':
      return happenings.appointed(event.person.username, words.roles[event.role])
    case 'muting':
      return event.until <= event.at
        ? happenings.unmuted(event.person.username)
        : happenings.muted(event.person.username, untilOf(event.until, words, locale))
    case 'mask':
      return (event.on ? happenings.masked : happenings.unmasked)[event.list](author, event.mask)
    case 'alteration':
      return alterationText(event, words, locale)
  }
}

function removalText(event: Extract<RoomEvent, { kind: 'removal' }>, words: Words, locale: Locale): string {
  const { how, person, author, reason, until } = event
  const lasting = until === undefined ? '' : untilOf(until, words, locale)
  return words.happenings[how](person.username, author.username, reason, lasting)
}

function alterationText(
  event: Extract<RoomEvent, { kind: 'alteration' }>,
  words: Words,
  locale: Locale,
): string {
  const { happenings } = words
  const { author, what, value } = event
  switch (what) {
    case 'name':
      return because(happenings.renamed(author.username, value), event.reason ?? '')
    case 'topic':
      return value === '' ? happenings.untitled(author.username) : happenings.retitled(author.username, value)
    case 'archived':
      return value === 'yes' ? happenings.archived : happenings.unarchived
    case 'silenced':
      return Number(value) <= event.at
        ? happenings.unsilenced
        : happenings.silenced(untilOf(Number(value), words, locale))
    case 'slow':
      return value === '0' ? happenings.notSlow : happenings.slow(Number(value))
    case 'kind':
      return happenings.rekinded[value === 'closed' || value === 'announcement' ? value : 'open']
    case 'key':
      return value === '' ? happenings.unkeyed : happenings.keyed(value)
    case 'limit':
      return value === '0' ? happenings.unlimited : happenings.limited(Number(value))
    case 'open-topic':
    case 'no-ctcp':
    case 'no-guests':
    case 'quiet-guests':
      return (value === 'yes' ? happenings.flagged : happenings.unflagged)[what]
  }
}
