// What was said in a room, as far as one is looking.

import { memo, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import ArrowDown from '~icons/arrow-down'
import { isCovered, useApp, useWatch, useWords } from '../app.tsx'
import { MOST_COUNTED, type Room } from '../model/room.ts'
import { type Locale, longDay } from '../model/times.ts'
import { fetchTheRest } from '../ui/lazy.ts'
import { Announced } from '../ui/live-region.tsx'
import { useLocale } from '../ui/locale.ts'
import { Welcome } from '../ui/welcome.tsx'
import { saidOf } from '../words.ts'
import { HappeningRow } from './event-row.tsx'
import type { Acts } from './message-actions.ts'
import { MessageRow } from './message-row.tsx'
import { PendingRow } from './pending-row.tsx'
import { type Day, daysOf, type Row } from './rows.ts'
import { useScrolling } from './scrolling.ts'

interface ListProps {
  readonly room: Room
  readonly acts: Acts
  readonly editing: number | undefined
  readonly highlighted: number | undefined
  readonly onEdited: () => void
}

export function MessageList({ room, acts, editing, highlighted, onEdited }: ListProps) {
  const { chat, route } = useApp()
  const words = useWords()
  const locale = useLocale()
  const timeline = useWatch(room.timeline)
  const [active, setActive] = useState<number>()
  const { posts } = chat.outbox
  // biome-ignore lint/correctness/useExhaustiveDependencies: `posts` is another whenever one is
  const pending = useMemo(() => chat.outbox.in(room.id), [chat, posts, room])
  const { entries, hasOlder, hasNewer, isThere, trouble } = timeline
  const { unreadFrom } = room
  const { me } = chat
  // The same array while there is nothing: days are made anew for another one.
  const shownPending = hasNewer || pending.length === 0 ? NONE : pending
  const days = useMemo(
    () => daysOf(entries, { locale, me, unreadFrom, hasOlder, pending: shownPending, now: chat.now() }),
    [entries, locale, me, unreadFrom, hasOlder, shownPending, chat],
  )
  const looked = useCallback(
    (seq: number, atEnd: boolean) => {
      room.atEnd = atEnd
      if (document.hasFocus() && !isCovered(route)) chat.seen(room, atEnd ? room.heard : seq)
    },
    [chat, room, route],
  )
  const near = useCallback((end: 'older' | 'newer') => void timeline[end](), [timeline])
  const { scroller, onScroll } = useScrolling({
    journey: timeline.journey,
    target: timeline.target,
    isThere,
    shown: days,
    isLive: isThere && !hasNewer,
    near,
    looked,
  })
  const [atEnd, setAtEnd] = useState(true)
  useEffect(() => {
    if (isThere) fetchTheRest()
  }, [isThere])
  const show = { acts, active, editing, highlighted, locale, onEdited, room }
  return (
    <div className="messages">
      <div
        ref={scroller}
        className="scroller"
        role="log"
        aria-live="off"
        aria-label={words.list.label(room.listing.name)}
        aria-busy={timeline.loading !== undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it too
        tabIndex={0}
        onScroll={event => {
          const list = event.currentTarget
          setAtEnd(list.scrollHeight - list.scrollTop - list.clientHeight < 200)
          onScroll()
        }}
        onKeyDown={event => moveFocus(event, acts, room)}
        onPointerOver={event => setActive(seqOf(event.target))}
        onPointerLeave={() => setActive(undefined)}
        onFocus={event => setActive(seqOf(event.target))}
      >
        <div className="content">
          {isThere && !hasOlder && <Welcome room={room} />}
          {days.map(day => (
            <DaySection key={day.key} day={day} {...show} />
          ))}
        </div>
      </div>
      {!isThere && trouble !== undefined && (
        <p className="empty-state" role="alert">
          {trouble === 'offline' ? words.list.offline : saidOf(words, trouble)}
          <button type="button" onClick={() => void timeline.go(timeline.target)}>
            {words.again}
          </button>
        </p>
      )}
      {isThere && (!atEnd || hasNewer) && <ToNewest room={room} />}
      <Announced room={room} />
    </div>
  )
}

const NONE: readonly never[] = []

function seqOf(target: EventTarget): number | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-seq]') : null
  return row ? Number(row.dataset.seq) : undefined
}

function ToNewest({ room }: { room: Room }) {
  const words = useWords()
  const { unread } = useWatch(room).listing
  const count = unread >= MOST_COUNTED ? `${MOST_COUNTED - 1}+` : String(unread)
  return (
    <button type="button" className="to-newest" onClick={() => void room.timeline.go({ to: 'newest' })}>
      <ArrowDown size={16} />
      {unread > 0 ? words.list.newOnes(count, unread) : words.list.newest}
    </button>
  )
}

// --- rows ------------------------------------------------------------------------------------------------

interface Show {
  readonly room: Room
  readonly acts: Acts
  readonly active: number | undefined
  readonly editing: number | undefined
  readonly highlighted: number | undefined
  readonly locale: Locale
  readonly onEdited: () => void
}

const DaySection = memo(function DaySection({ day, ...show }: { day: Day } & Show) {
  return (
    <section aria-label={longDay(show.locale, day.at)}>
      <h2 className="day">
        <span>{longDay(show.locale, day.at)}</span>
      </h2>
      {day.rows.map(row => shown(row, show))}
    </section>
  )
})

/** Not a component: there are hundreds, and all are looked at whenever one is added. */
function shown(row: Row, show: Show): ReactNode {
  const { active, editing, highlighted, acts, locale, room, onEdited } = show
  switch (row.kind) {
    case 'message': {
      const { seq } = row.message
      return (
        <MessageRow
          key={row.key}
          message={row.message}
          leads={row.leads}
          room={room}
          acts={acts}
          locale={locale}
          isActive={active === seq}
          isEditing={editing === seq}
          isHighlighted={highlighted === seq}
          onEdited={onEdited}
        />
      )
    }
    case 'pending':
      return <PendingRow key={row.key} post={row.post} leads={row.leads} />
    case 'happening':
      return <HappeningRow key={row.key} event={row.event} locale={locale} />
    case 'unread':
      return <UnreadLine key={row.key} />
  }
}

function UnreadLine() {
  const words = useWords()
  return (
    <div className="unread-line" role="separator">
      <span>{words.list.unreadLine}</span>
    </div>
  )
}

/** Up and down go from message to message; letters do what their buttons do. */
function moveFocus(event: React.KeyboardEvent<HTMLDivElement>, acts: Acts, room: Room): void {
  const target = event.target as HTMLElement
  if (target.closest('input, textarea, [role="menu"]') || event.ctrlKey || event.metaKey || event.altKey)
    return
  const row = target.closest<HTMLElement>('[data-seq]')
  if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
    if (!row && target !== event.currentTarget) return
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('article[data-seq]')]
    const at = row ? rows.indexOf(row) : rows.length
    const next = rows[at + (event.key === 'ArrowUp' ? -1 : 1)]
    if (!next) return
    event.preventDefault()
    next.focus()
    return
  }
  const message = row && room.timeline.message(Number(row.dataset.seq))
  if (!message || message.deleted || target !== row) return
  const act = KEYS[event.key]
  if (!act) return
  event.preventDefault()
  act(acts, message.seq)
}

const KEYS: Readonly<Record<string, (acts: Acts, seq: number) => void>> = {
  r: (acts, seq) => acts.reply(seq),
  t: (acts, seq) => acts.thread(seq),
  e: (acts, seq) => acts.edit(seq),
  d: (acts, seq) => acts.doors(seq),
  Delete: (acts, seq) => acts.erase(seq),
}
