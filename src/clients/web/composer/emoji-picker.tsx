// Choosing an emoji: a search above a grid, by the APG's pattern of a combobox that controls a grid. The focus stays in the
// search; arrows, Home and End move through the grid, Enter chooses.

import { Popover } from '@base-ui/react/popover'
import { type KeyboardEvent, memo, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useApp, useObservable, useWords } from '../app.tsx'
import type { Language } from '../model/preferences.ts'
import { focusAtOnce, useReturnFocus } from '../ui/focus.ts'
import {
  chooseTone,
  chosenTone,
  type Emoji,
  type EmojiList,
  loadEmoji,
  noteRecent,
  recentEmoji,
  searchEmoji,
  toned,
} from './emoji.ts'
import '../ui/menu.css'
import './emoji-picker.css'

interface PickerProps {
  readonly anchor: HTMLElement
  readonly onPick: (emoji: string) => void
  readonly onClose: () => void
}

/** Emoji in a row. */
const COLUMNS = 8
const MOST_FOUND = 96
const HANDS = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿']

export default function EmojiPicker({ anchor, onPick, onClose }: PickerProps) {
  const words = useWords()
  const home = useReturnFocus(anchor)
  const pick = (emoji: string) => {
    noteRecent(emoji)
    onPick(emoji)
    onClose()
  }
  return (
    <Popover.Root open onOpenChange={open => open || onClose()}>
      <Popover.Portal>
        <Popover.Positioner anchor={anchor} align="end" sideOffset={6} className="positioner">
          <Popover.Popup className="popover emoji" aria-label={words.composer.emoji} finalFocus={home}>
            <Grid onPick={pick} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

interface Cell {
  readonly emoji: string
  readonly name: string
}

interface Section {
  readonly title: string
  readonly rows: readonly (readonly Cell[])[]
}

function Grid({ onPick }: { onPick: (emoji: string) => void }) {
  const { wording } = useApp()
  const words = useWords()
  const { language } = useObservable(wording)
  const id = useId()
  const grid = useRef<HTMLDivElement>(null)
  const { list, hasFailed } = useEmojiList()
  const [typed, setTyped] = useState('')
  const [tone, setTone] = useState(chosenTone)
  const [at, setAt] = useState<readonly [row: number, column: number]>()
  const recent = words.emoji.recent
  const sections = useMemo(
    () => (list ? sectionsOf(list, { typed, tone, language, recent, found: words.emoji.found }) : []),
    [list, typed, tone, language, recent, words],
  )
  const rows = useMemo(() => sections.flatMap(each => each.rows), [sections])
  // What is found by its name can be chosen at once.
  const active = at ?? (typed === '' ? undefined : ([0, 0] as const))
  const activeCell = active && rows[active[0]]?.[active[1]]
  useEffect(() => {
    if (at) grid.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') {
      event.preventDefault()
      if (activeCell) onPick(activeCell.emoji)
      return
    }
    const next = moved(rows, at, event)
    if (!next) return
    event.preventDefault()
    setAt(next)
  }
  let first = 0
  return (
    <>
      <div className="emoji-search">
        <input
          type="search"
          role="combobox"
          className="search"
          ref={focusAtOnce}
          value={typed}
          placeholder={words.search.title}
          aria-label={words.emoji.search}
          aria-expanded="true"
          aria-haspopup="grid"
          aria-autocomplete="list"
          aria-controls={`${id}-grid`}
          aria-activedescendant={activeCell ? `${id}-${active[0]}-${active[1]}` : undefined}
          onChange={event => {
            setTyped(event.currentTarget.value)
            setAt(undefined)
          }}
          onKeyDown={onKeyDown}
        />
        <select
          value={tone}
          aria-label={words.emoji.tone}
          onChange={event => {
            const wanted = Number(event.currentTarget.value)
            chooseTone(wanted)
            setTone(wanted)
          }}
        >
          {HANDS.map((hand, i) => (
            <option key={hand} value={i} aria-label={words.emoji.tones[i]}>
              {hand}
            </option>
          ))}
        </select>
      </div>
      <div
        ref={grid}
        id={`${id}-grid`}
        role="grid"
        className="emoji-grid"
        aria-label={words.composer.emoji}
        aria-busy={!list}
      >
        {sections.map(section => {
          const start = first
          first += section.rows.length
          return (
            <div key={section.title} role="rowgroup" aria-label={section.title} className="emoji-group">
              <div className="emoji-title" aria-hidden="true">
                {section.title}
              </div>
              {section.rows.map((row, i) => (
                <Row
                  key={row[0]?.emoji}
                  id={`${id}-${start + i}`}
                  cells={row}
                  active={active?.[0] === start + i ? active[1] : undefined}
                  onPick={onPick}
                />
              ))}
            </div>
          )
        })}
      </div>
      <p className="emoji-shown quiet" role="status">
        {hasFailed
          ? words.noConnection
          : !list
            ? words.loading
            : rows.length === 0
              ? words.composer.noEmoji
              : (activeCell?.name ?? '')}
      </p>
    </>
  )
}

interface RowProps {
  readonly id: string
  readonly cells: readonly Cell[]
  /** The column of the active cell. */
  readonly active: number | undefined
  readonly onPick: (emoji: string) => void
}

const Row = memo(function Row({ id, cells, active, onPick }: RowProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the search
    <div role="row" className="emoji-row">
      {cells.map(({ emoji, name }, i) => (
        <button
          key={emoji}
          id={`${id}-${i}`}
          type="button"
          role="gridcell"
          tabIndex={-1}
          aria-label={name}
          aria-selected={active === i}
          title={name}
          data-active={active === i ? '' : undefined}
          onPointerDown={event => event.preventDefault()}
          onClick={() => onPick(emoji)}
        >
          {emoji}
        </button>
      ))}
    </div>
  )
})

function useEmojiList(): { list: EmojiList | undefined; hasFailed: boolean } {
  const [list, setList] = useState<EmojiList>()
  const [hasFailed, setFailed] = useState(false)
  useEffect(() => {
    let isGone = false
    loadEmoji().then(
      found => isGone || setList(found),
      () => isGone || setFailed(true),
    )
    return () => {
      isGone = true
    }
  }, [])
  return { list, hasFailed }
}

interface Shown {
  readonly typed: string
  readonly tone: number
  readonly language: Language
  /** Titles. */
  readonly recent: string
  readonly found: string
}

function sectionsOf(list: EmojiList, { typed, tone, language, recent, found }: Shown): Section[] {
  const cellOf = (each: Emoji): Cell => ({ emoji: toned(each, tone), name: each.names[language] })
  if (typed.trim() !== '')
    return sectionOf(found, searchEmoji(list, typed, language).slice(0, MOST_FOUND).map(cellOf))
  const names = new Map(
    list.emoji.flatMap(each =>
      [each.emoji, ...each.tones].map(emoji => [emoji, each.names[language]] as const),
    ),
  )
  const last = recentEmoji().map(emoji => ({ emoji, name: names.get(emoji) ?? emoji }))
  const groups = list.groups[language].flatMap((title, group) =>
    sectionOf(capitalized(title), list.emoji.filter(each => each.group === group).map(cellOf)),
  )
  return [...sectionOf(recent, last), ...groups]
}

function sectionOf(title: string, cells: readonly Cell[]): Section[] {
  if (cells.length === 0) return []
  const count = Math.ceil(cells.length / COLUMNS)
  const rows = Array.from({ length: count }, (_, i) => cells.slice(i * COLUMNS, (i + 1) * COLUMNS))
  return [{ title, rows }]
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** Where a key leads; undefined for keys that belong to the search. */
function moved(
  rows: readonly (readonly Cell[])[],
  at: readonly [row: number, column: number] | undefined,
  { key, ctrlKey }: KeyboardEvent,
): readonly [row: number, column: number] | undefined {
  const last = rows.length - 1
  if (last < 0) return undefined
  if (!at) return key === 'ArrowDown' ? [0, 0] : undefined
  const [row, column] = at
  const end = (of: number) => (rows[of]?.length ?? 1) - 1
  const to = (of: number) => [of, Math.min(column, end(of))] as const
  switch (key) {
    case 'ArrowDown':
      return to(Math.min(row + 1, last))
    case 'ArrowUp':
      return to(Math.max(row - 1, 0))
    case 'ArrowRight':
      return column < end(row) ? [row, column + 1] : row < last ? [row + 1, 0] : at
    case 'ArrowLeft':
      return column > 0 ? [row, column - 1] : row > 0 ? [row - 1, end(row - 1)] : at
    case 'Home':
      return ctrlKey ? [0, 0] : [row, 0]
    case 'End':
      return ctrlKey ? [last, end(last)] : [row, end(row)]
    case 'PageDown':
      return to(Math.min(row + 5, last))
    case 'PageUp':
      return to(Math.max(row - 5, 0))
  }
  return undefined
}
