// Search over all of one's rooms. What narrows it shows as chips, and can be put in and taken out by hand.

import { type FormEvent, type ReactNode, useState } from 'react'
import X from '~icons/x'
import { showInRoom, troubleOf, useApp, useWords } from '../app.tsx'
import type { Found, Results } from '../model/api.ts'
import { zoneShown } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { useAsked } from '../ui/use-query.ts'
import { type Chip, chipsOf, without } from './chips.ts'
import { Frame } from './frame.tsx'
import { ShownMessage } from './shown-message.tsx'

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
          // biome-ignore lint/a11y/noAutofocus: one has just asked to search
          autoFocus
          onChange={event => setTyped(event.currentTarget.value)}
          placeholder={words.search.placeholder}
          aria-label={words.search.placeholder}
          enterKeyHint="search"
        />
        <Chips chips={chips} onDrop={chip => setTyped(without(typed, chip))} />
        <div className="filters" role="group" aria-label={words.search.filters}>
          {filters.map(filter => (
            <button
              key={filter}
              type="button"
              className="chip"
              onClick={event => {
                setTyped(`${typed.trimEnd()}${typed.trim() === '' ? '' : ' '}${begun(filter, words.search)}`)
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
          <Listed key={initial} query={initial} />
        )}
      </div>
    </Frame>
  )
}

function begun(filter: string, search: { has: string; link: string }): string {
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

function Listed({ query }: { query: string }) {
  const app = useApp()
  const { chat, wording } = app
  const words = useWords()
  const locale = useLocale()
  const zone = zoneShown(locale)
  const [further, setFurther] = useState<readonly Found[]>([])
  const [more, setMore] = useState<boolean>()
  const [trouble, setTrouble] = useState<string>()
  const [busy, setBusy] = useState(false)
  const asked = useAsked<Results>(`${zone} ${query}`, () => chat.api.search(query, { zone }))
  if (asked.is === 'asking') return <p className="quiet empty">{words.loading}</p>
  if (asked.is === 'failed') return <p className="trouble">{asked.why}</p>
  const all = [...asked.value.found, ...further]
  const goOn = async () => {
    setBusy(true)
    try {
      const next = await chat.api.search(query, { zone, skip: all.length })
      setFurther([...further, ...next.found])
      setMore(next.more)
    } catch (error) {
      setTrouble(troubleOf(wording.words, error))
    }
    setBusy(false)
  }
  return (
    <>
      <p className={all.length === 0 ? 'quiet empty' : 'unseen'} role="status">
        {all.length === 0 ? words.search.nothing : words.search.found(all.length)}
      </p>
      {!asked.value.complete && <p className="banner">{words.search.incomplete}</p>}
      {all.map(({ message, room, hits }) => (
        <ShownMessage
          key={`${room.id}/${message.seq}`}
          message={message}
          locale={locale}
          where={room.kind === 'direct' ? room.name : `#${room.name}`}
          onOpen={() => {
            const there = chat.rooms.get(room.id)
            if (there) showInRoom(app, there, message.seq)
          }}
        >
          <p className="text found" dir="auto">
            {marked(message.text, hits)}
          </p>
        </ShownMessage>
      ))}
      {trouble !== undefined && <p className="trouble">{trouble}</p>}
      {(more ?? asked.value.more) && (
        <button type="button" disabled={busy} onClick={() => void goOn()}>
          {words.search.more}
        </button>
      )}
    </>
  )
}

function marked(text: string, hits: Found['hits']): ReactNode[] {
  const parts: ReactNode[] = []
  let at = 0
  for (const { from, to } of hits) {
    if (from < at) continue
    parts.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>)
    at = to
  }
  return [...parts, text.slice(at)]
}
