// The moderation log: a room's or the server's, newest first, of everybody or of one person.

import { type FormEvent, useCallback, useEffect, useState } from 'react'
import type { Act, FoundActs } from '../../../wire/acts.ts'
import type { LogEvent } from '../../../wire/schemas.ts'
import { because } from '../../../wording/reason.ts'
import { errorMessage, useApp, useWords } from '../app.tsx'
import { eventText } from '../messages/event-row.tsx'
import { dayAndTime, type Locale, untilOf } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { type ModerationWords, useModerationWords } from '../ui/moderation-words.ts'
import type { Words } from '../words.ts'
import './act-list.css'

interface ActListProps {
  /** The room's number; undefined for the whole server. */
  readonly room?: number
  /** Another one when there may be new acts. */
  readonly version?: number
}

export function ActList({ room, version = 0 }: ActListProps) {
  const locale = useLocale()
  const words = useWords()
  const moderation = useModerationWords()
  const said = moderation.log
  const [person, setPerson] = useState('')
  const { acts, next, error, isLoaded, readMore } = useActs({ room, version, person })
  return (
    <>
      <PersonFilter key={person} person={person} onChoose={setPerson} />
      {error !== undefined && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      {isLoaded && acts.length === 0 && <p className="quiet empty">{said.none}</p>}
      <ol className="acts" aria-busy={!isLoaded}>
        {acts.map(act => (
          <li key={act.id}>
            <time className="quiet" dateTime={new Date(act.at).toISOString()}>
              {dayAndTime(locale, act.at)}
              {room === undefined && act.room && ` · ${said.inRoom(act.room.name)}`}
            </time>
            <span dir="auto">{sentence(act, { words, moderation, locale })}</span>
          </li>
        ))}
      </ol>
      {next !== undefined && (
        <button type="button" onClick={readMore}>
          {said.more}
        </button>
      )}
    </>
  )
}

function PersonFilter({ person, onChoose }: { person: string; onChoose: (person: string) => void }) {
  const said = useModerationWords().log
  const [typed, setTyped] = useState(person)
  const choose = (event: FormEvent) => {
    event.preventDefault()
    onChoose(typed.replace(/^@/, '').trim())
  }
  return (
    <>
      <form className="inline" onSubmit={choose}>
        <input
          type="search"
          value={typed}
          onChange={event => {
            setTyped(event.currentTarget.value)
            if (event.currentTarget.value === '') onChoose('')
          }}
          placeholder={said.person}
          aria-label={said.person}
          autoCapitalize="none"
          maxLength={64}
        />
        <button type="submit">{said.show}</button>
      </form>
      {person !== '' && (
        <p className="quiet" role="status">
          {said.onlyOf(person)}{' '}
          <button type="button" className="link" onClick={() => onChoose('')}>
            {said.everybody}
          </button>
        </p>
      )}
    </>
  )
}

function useActs({
  room,
  version,
  person,
}: Required<Pick<ActListProps, 'version'>> & { room: number | undefined; person: string }) {
  const { chat, wording } = useApp()
  const [acts, setActs] = useState<readonly Act[]>([])
  const [next, setNext] = useState<number>()
  const [error, setError] = useState<string>()
  const [isLoaded, setLoaded] = useState(false)
  const path = room === undefined ? '/acts' : `/rooms/${room}/acts`
  const read = useCallback(
    async (before: number | undefined) => {
      const query = {
        ...(person !== '' && { person }),
        ...(before !== undefined && { before: String(before) }),
      }
      return chat.api.get<FoundActs>(`${path}?${new URLSearchParams(query)}`)
    },
    [chat, path, person],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is read from its beginning
  useEffect(() => {
    let isGone = false
    read(undefined).then(
      found => {
        if (isGone) return
        setActs(found.acts)
        setNext(found.next)
        setError(undefined)
        setLoaded(true)
      },
      failure => isGone || setError(errorMessage(wording.words, failure)),
    )
    return () => {
      isGone = true
    }
  }, [read, version, wording])
  const readMore = () => {
    read(next).then(
      found => {
        setActs(before => [...before, ...found.acts])
        setNext(found.next)
        setError(undefined)
      },
      failure => setError(errorMessage(wording.words, failure)),
    )
  }
  return { acts, next, error, isLoaded, readMore }
}

interface Saying {
  readonly words: Words
  readonly moderation: ModerationWords
  readonly locale: Locale
}

function sentence({ by, person, event, act }: Act, saying: Saying): string {
  const { acts } = saying.moderation
  const named = (each: Act['by']) =>
    each === undefined ? acts.operator : each.gone ? acts.gone(each.username) : each.username
  const [doer, whom] = [named(by), named(person)]
  if (act) {
    const { kind, value, detail } = act
    const role = saying.words.serverRoles[value as keyof Words['serverRoles']] ?? value
    return acts.kinds[kind]({ by: doer, whom, value: kind === 'role' ? role : value, detail })
  }
  return event ? ofEvent(event, { doer, whom }, saying) : ''
}

function ofEvent(event: LogEvent, { doer, whom }: { doer: string; whom: string }, saying: Saying): string {
  const { words, locale } = saying
  const said = saying.moderation.log
  switch (event.kind) {
    case 'deletion':
      return because(said.erased(doer, whom), event.reason ?? '')
    case 'muting':
      return event.until <= event.at
        ? said.unmuted(doer, whom)
        : because(said.muted(doer, whom, untilOf(event.until, words, locale)), event.reason ?? '')
    case 'appointment':
      return said.appointed(doer, whom, words.roles[event.role])
    case 'removal':
      return words.events[event.how](
        whom,
        doer,
        event.reason,
        event.until === undefined ? '' : untilOf(event.until, words, locale),
      )
    case 'mask':
      return eventText(event, words, locale)
    case 'alteration':
      return ['name', 'topic'].includes(event.what)
        ? eventText(event, words, locale)
        : said.changed(doer, eventText(event, words, locale))
    default:
      return ''
  }
}
