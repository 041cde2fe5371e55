// The buttons over a list that jump to what is unread above, and to the end.

import ArrowDown from '~icons/arrow-down'
import ArrowUp from '~icons/arrow-up'
import X from '~icons/x'
import { useApp, useObservable, useWords } from '../app.tsx'
import type { UnreadAbove } from '../model/reading.ts'
import { MOST_COUNTED, type Room } from '../model/room.ts'
import { clock, dayKey, type Locale, shortDay } from '../model/times.ts'
import { IconButton } from '../ui/icon-button.tsx'
import './jumps.css'

interface JumpsProps {
  readonly room: Room
  readonly above: UnreadAbove | undefined
  /** The end is below what one sees. */
  readonly isAway: boolean
  readonly locale: Locale
}

export default function Jumps({ room, above, isAway, locale }: JumpsProps) {
  return (
    <>
      {above && <UnreadAboveButton room={room} above={above} locale={locale} />}
      {isAway && <ToNewest room={room} />}
    </>
  )
}

function UnreadAboveButton({ room, above, locale }: UnreadProps) {
  const { chat } = useApp()
  const words = useWords()
  const { count, since } = above
  const when = since === undefined ? '' : timeOf(since, chat.now(), locale)
  return (
    <div className="unread-above">
      <button type="button" onClick={() => room.goToUnread()}>
        <ArrowUp size={16} />
        {words.list.newSince(shown(count), when, count)}
      </button>
      <IconButton icon={X} size={16} label={words.list.allRead} onClick={() => chat.readMarks.all(room)} />
    </div>
  )
}

interface UnreadProps {
  readonly room: Room
  readonly above: UnreadAbove
  readonly locale: Locale
}

function ToNewest({ room }: { room: Room }) {
  const words = useWords()
  const { unread } = useObservable(room).listing
  const label = unread > 0 ? words.list.newOnes(shown(unread), unread) : words.list.newest
  return (
    <button
      type="button"
      className="to-newest"
      aria-label={label}
      title={label}
      onClick={() => void room.timeline.go({ to: 'newest' })}
    >
      <ArrowDown size={20} />
      {unread > 0 && <span className="badge corner">{shown(unread)}</span>}
    </button>
  )
}

function shown(count: number): string {
  return count >= MOST_COUNTED ? `${MOST_COUNTED - 1}+` : String(count)
}

/** The time alone on the same day. */
function timeOf(at: number, now: number, locale: Locale): string {
  const time = clock(locale, at)
  return dayKey(locale, at) === dayKey(locale, now) ? time : `${shortDay(locale, at)}, ${time}`
}
