// Search in all of one's rooms. Filters in the query show as chips, which can be inserted and removed.

import { type FormEvent, type ReactNode, useState } from 'react'
import X from '~icons/x'
import { errorMessage, showInRoom, useApp, useWords } from '../app.tsx'
import type { SearchHit, SearchPage } from '../model/api.ts'
import { zoneShown } from '../model/times.ts'
import { focusAtOnce } from '../ui/focus.ts'
import { useLocale } from '../ui/locale.ts'
import { useQuery } from '../ui/use-query.ts'
import { type Chip, chipsOf, withoutChip } from './chips.ts'
import { Frame } from './frame.tsx'
import { MessageCard } from './message-card.tsx'

export function SearchPanel({ typed: initial }: { typed: string }) {
  const { route } = useApp()
  const words = useWords()
  const [typed, setTyped] = useState(initial)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    route.open(`search/${typed.trim()}`)
  }
  const chips = chipsOf(typed)
  const filters = [
    words.search.from,
    words.search.in,
    words.search.before,
    words.search.after,
    words.search.has,
  ]
  return (
    <Frame title={words.search.title} ownFocus>
      <form className="search-form" role="search" onSubmit={submit}>
        <input
          type="search"
          value={typed}
          ref={focusAtOnce}
          onChange={event => setTyped(event.currentTarget.value)}
          placeholder={words.search.placeholder}
          aria-label={words.search.placeholder}
          enterKeyHint="search"
        />
        <Chips chips={chips} onDrop={chip => setTyped(withoutChip(typed, chip))} />
        <div className="filters" role="group" aria-label={words.search.filters}>
          {filters.map(filter => (
            <button
              key={filter}
              type="button"
              className="chip"
              onClick={event => {
                setTyped(
                  `${typed.trimEnd()}${typed.trim() === '' ? '' : ' '}${filterPrefix(filter, words.search)}`,
                )
                event.currentTarget.closest('form')?.querySelector('input')?.focus()
              }}
            >
              {filter}:
            </button>
          ))}
        </div>
      </form>
      <div className="scrolled">
        {initial.trim() === '' || initial.endsWith(' ') ? (
          <p className="quiet empty">{words.search.hint}</p>
        ) : (
          <SearchResults key={initial} query={initial} />
        )}
      </div>
    </Frame>
  )
}

function filterPrefix(filter: string, search: { has: string; link: string }): string {
  return filter === search.has ? `${filter}:${search.link} ` : `${filter}:`
}

function Chips({ chips, onDrop }: { chips: readonly Chip[]; onDrop: (chip: Chip) => void }) {
  const words = useWords()
  if (chips.length === 0) return null
  return (
    <ul className="chips">
      {chips.map(chip => (
        <li key={chip.from} className={`chip set ${chip.kind}`}>
          <bdi>{chip.text}</bdi>
          <button
            type="button"
            className="plain"
            onClick={() => onDrop(chip)}
            aria-label={words.search.drop(chip.text)}
          >
            <X size={12} />
          </button>
        </li>
      ))}
    </ul>
  )
}

function SearchResults({ query }: { query: string }) {
  const app = useApp()
  const { chat, wording } = app
  const words = useWords()
  const locale = useLocale()
  const zone = zoneShown(locale)
  const [laterHits, setLaterHits] = useState<readonly SearchHit[]>([])
  const [more, setMore] = useState<boolean>()
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const firstPage = useQuery<SearchPage>(`${zone} ${query}`, () => chat.api.search(query, { zone }))
  if (firstPage.is === 'loading') return <p className="quiet empty">{words.loading}</p>
  if (firstPage.is === 'failed') return <p className="error">{firstPage.error}</p>
  const all = [...firstPage.value.found, ...laterHits]
  const loadMore = async () => {
    setBusy(true)
    try {
      const next = await chat.api.search(query, { zone, skip: all.length })
      setLaterHits([...laterHits, ...next.found])
      setMore(next.more)
    } catch (error) {
      setError(errorMessage(wording.words, error))
    }
    setBusy(false)
  }
  return (
    <>
      <p className={all.length === 0 ? 'quiet empty' : 'visually-hidden'} role="status">
        {all.length === 0 ? words.search.nothing : words.search.found(all.length)}
      </p>
      {!firstPage.value.complete && <p className="banner">{words.search.incomplete}</p>}
      {all.map(({ message, room, hits }) => (
        <MessageCard
          key={`${room.id}/${message.seq}`}
          message={message}
          locale={locale}
          where={room.kind === 'direct' ? room.name : `#${room.name}`}
          onOpen={() => {
            const found = chat.rooms.get(room.id)
            if (found) showInRoom(app, found, message.seq)
          }}
        >
          <p className="text found" dir="auto">
            {marked(message.text, hits)}
          </p>
        </MessageCard>
      ))}
      {error !== undefined && <p className="error">{error}</p>}
      {(more ?? firstPage.value.more) && (
        <button type="button" disabled={busy} onClick={() => void loadMore()}>
          {words.search.more}
        </button>
      )}
    </>
  )
}

function marked(text: string, hits: SearchHit['hits']): ReactNode[] {
  const parts: ReactNode[] = []
  let at = 0
  for (const { from, to } of hits) {
    if (from < at) continue
    parts.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>)
    at = to
  }
  return [...parts, text.slice(at)]
}
