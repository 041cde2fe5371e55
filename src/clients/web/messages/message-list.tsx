// The message list of a room.

import { memo, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import type { Message } from '../../../wire/schemas.ts'
import { isListInView, useApp, useObservable, useWords } from '../app.tsx'
import { lastSeqOf, type Quiet } from '../model/fold.ts'
import type { UnreadAbove } from '../model/reading.ts'
import type { Room } from '../model/room.ts'
import { type Locale, longDay } from '../model/times.ts'
import { lazyWithRetry } from '../ui/lazy.ts'
import { LiveRegion } from '../ui/live-region.tsx'
import { useLocale } from '../ui/locale.ts'
import { loadJumps, prefetchParts } from '../ui/parts.ts'
import { Welcome } from '../ui/welcome.tsx'
import { refusalText } from '../words.ts'
import { EventRow } from './event-row.tsx'
import { FoldRow } from './fold-row.tsx'
import type { MessageActions } from './message-actions.ts'
import { MessageRow } from './message-row.tsx'
import { PendingRow } from './pending-row.tsx'
import { type Day, daysOf, type Row } from './rows.ts'
import { type InView, useScrolling } from './scrolling.ts'
import './message-list.css'

const Jumps = lazyWithRetry(loadJumps)

interface ListProps {
  readonly room: Room
  readonly actions: MessageActions
  readonly editing: number | undefined
  readonly highlighted: number | undefined
  readonly onEdited: () => void
}

export function MessageList({ room, actions, editing, highlighted, onEdited }: ListProps) {
  const { chat, route } = useApp()
  const words = useWords()
  const locale = useLocale()
  const timeline = useObservable(room.timeline)
  const [active, setActive] = useState<number>()
  const { opened, toggle } = useFolds()
  const { posts } = chat.outbox
  // biome-ignore lint/correctness/useExhaustiveDependencies: `posts` is another whenever one is
  const pending = useMemo(() => chat.outbox.pendingIn(room.id), [chat, posts, room])
  const { entries, hasOlder, hasNewer, isLoaded: isThere, error } = timeline
  const { lineAfter: unreadFrom } = room.reading
  const { me } = chat
  // NONE is always the same array, so that the days are not computed again.
  const pendingPosts = hasNewer || pending.length === 0 ? NONE : pending
  const days = useMemo(
    () => daysOf(entries, { locale, me, unreadFrom, hasOlder, pending: pendingPosts, now: chat.now() }),
    [entries, locale, me, unreadFrom, hasOlder, pendingPosts, chat],
  )
  const [above, setAbove] = useState<UnreadAbove>()
  const looked = useCallback(
    ({ first, last, atEnd }: InView) => {
      room.atEnd = atEnd
      const now = room.reading.above(first)
      setAbove(before => (before?.count === now?.count && before?.since === now?.since ? before : now))
      // What one has jumped over is not read.
      if (!now && isListInView(route)) chat.readMarks.inView(room, atEnd ? room.lastSeq : last)
    },
    [chat, room, route],
  )
  const near = useCallback(
    (end: 'older' | 'newer', turn: () => Promise<void>) => void timeline[end](turn),
    [timeline],
  )
  const { scroller, onScroll } = useScrolling({
    navigation: timeline.navigation,
    target: timeline.target,
    isLoaded: isThere,
    rows: days,
    isLive: isThere && !hasNewer,
    near,
    looked,
  })
  const [atEnd, setAtEnd] = useState(true)
  const isAway = !atEnd || hasNewer
  const { panel, overlay } = route.location
  // biome-ignore lint/correctness/useExhaustiveDependencies: what covered the list may be gone, or it was marked as read
  useEffect(onScroll, [onScroll, panel, overlay, room.listing.read])
  useEffect(() => {
    if (isThere)
      prefetchParts(() => {
        chat.threads.begin()
        chat.teams.begin()
      })
  }, [isThere, chat])
  const rowContext = { actions, active, editing, highlighted, locale, onEdited, opened, room, toggle }
  return (
    <div className="messages">
      <div
        ref={scroller}
        className="scroller"
        role="log"
        aria-live="off"
        aria-label={words.list.label(room.listing.name)}
        aria-busy={timeline.loading !== undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it can be scrolled without a mouse
        tabIndex={0}
        onScroll={event => {
          const list = event.currentTarget
          setAtEnd(list.scrollHeight - list.scrollTop - list.clientHeight < 200)
          onScroll()
        }}
        onKeyDown={event => onRowKey(event, actions, seq => room.timeline.message(seq))}
        onPointerOver={event => setActive(seqOf(event.target))}
        onPointerLeave={() => setActive(undefined)}
        onFocus={event => setActive(seqOf(event.target))}
      >
        <div className="content">
          {isThere && !hasOlder && <Welcome room={room} />}
          {days.map(day => (
            <DaySection key={day.key} day={day} {...rowContext} />
          ))}
        </div>
      </div>
      {!isThere && error !== undefined && (
        <p className="empty-state" role="alert">
          {error === 'offline' ? words.list.offline : refusalText(words, error)}
          <button type="button" onClick={() => void timeline.go(timeline.target)}>
            {words.again}
          </button>
        </p>
      )}
      {isThere && (above || isAway) && <Jumps room={room} above={above} isAway={isAway} locale={locale} />}
      <LiveRegion room={room} />
    </div>
  )
}

const NONE: readonly never[] = []

/** Which folds are open. */
function useFolds() {
  const [opened, setOpened] = useState<readonly number[]>(NONE)
  const toggle = useCallback((run: readonly Quiet[]) => {
    const [first] = run
    setOpened(before =>
      isIn(run, before) ? before.filter(seq => !isIn(run, [seq])) : [...before, first?.seq ?? 0],
    )
  }, [])
  return { opened, toggle }
}

/** Whether one of the seqs is in the run, which may have grown at both ends. */
function isIn(run: readonly Quiet[], seqs: readonly number[]): boolean {
  const [first, last] = [run[0], run.at(-1)]
  return (
    first !== undefined && last !== undefined && seqs.some(seq => first.seq <= seq && seq <= lastSeqOf(last))
  )
}

export function seqOf(target: EventTarget): number | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-seq]') : null
  return row ? Number(row.dataset.seq) : undefined
}

// --- rows ------------------------------------------------------------------------------------------------

interface RowContext {
  readonly room: Room
  readonly actions: MessageActions
  readonly active: number | undefined
  readonly editing: number | undefined
  readonly highlighted: number | undefined
  readonly locale: Locale
  readonly onEdited: () => void
  /** The first seqs of the folds that are open, as they were when they were opened. */
  readonly opened: readonly number[]
  readonly toggle: (run: readonly Quiet[]) => void
}

const DaySection = memo(function DaySection({ day, ...rowContext }: { day: Day } & RowContext) {
  return (
    <section aria-label={longDay(rowContext.locale, day.at)}>
      <h2 className="day">
        <span>{longDay(rowContext.locale, day.at)}</span>
      </h2>
      {day.rows.map(row => renderRow(row, rowContext))}
    </section>
  )
})

/** Not a component: React would compare hundreds of them whenever a row is added. */
function renderRow(row: Row, rowContext: RowContext): ReactNode {
  const { active, editing, highlighted, actions, locale, room, onEdited, opened, toggle } = rowContext
  switch (row.kind) {
    case 'message': {
      const { seq } = row.message
      return (
        <MessageRow
          key={row.key}
          message={row.message}
          leads={row.leads}
          room={room}
          actions={actions}
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
    case 'event':
      return <EventRow key={row.key} event={row.event} locale={locale} actions={actions} />
    case 'fold':
      return (
        <FoldRow
          key={row.key}
          run={row.run}
          locale={locale}
          actions={actions}
          isOpen={isIn(row.run, opened)}
          onToggle={toggle}
        />
      )
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

/** Up and down move the focus between messages; letters do what the buttons do. */
export function onRowKey(
  event: React.KeyboardEvent<HTMLDivElement>,
  actions: MessageActions,
  messageOf: (seq: number) => Message | undefined,
): void {
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
  const message = row && messageOf(Number(row.dataset.seq))
  if (!message || message.deleted || target !== row) return
  const act = KEYS[event.key]
  if (!act) return
  event.preventDefault()
  act(actions, message.seq)
}

const KEYS: Readonly<Record<string, (actions: MessageActions, seq: number) => void>> = {
  r: (actions, seq) => actions.reply(seq),
  t: (actions, seq) => actions.thread?.(seq),
  e: (actions, seq) => actions.edit(seq),
  u: (actions, seq) => actions.unread(seq),
  d: (actions, seq) => actions.doors(seq),
  Delete: (actions, seq) => actions.erase(seq),
}
