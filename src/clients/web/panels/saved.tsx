// One's saved messages, of all rooms, the latest first. More come as one scrolls.

import { useEffect, useRef, useState } from 'react'
import { attempt, errorMessage, showInRoom, useApp, useObservable, useWords } from '../app.tsx'
import type { SavedMessage } from '../model/api.ts'
import { dayAndTime } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { Frame } from './frame.tsx'
import { MessageCard } from './message-card.tsx'

export function SavedMessages() {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  const { chat } = app
  const { saved, hasMore, error, loadMore } = useSaved()
  const open = ({ room, seq }: SavedMessage) => {
    const there = chat.rooms.get(room)
    if (there) showInRoom(app, there, seq)
  }
  return (
    <Frame title={words.savedMessages.title}>
      <div className="scrolled">
        {saved?.length === 0 && <p className="quiet empty">{words.savedMessages.none}</p>}
        {saved?.map(each => (
          <div key={each.number} className="saved">
            {each.found ? (
              <MessageCard
                message={each.found.message}
                locale={locale}
                where={(each.found.room.kind === 'direct' ? '' : '#') + each.found.room.name}
                onOpen={() => open(each)}
              />
            ) : (
              <p className="quiet gone">{words.savedMessages.gone(dayAndTime(locale, each.at))}</p>
            )}
            <button
              type="button"
              className="link"
              onClick={() => void attempt(app, () => chat.api.save(each.room, each.seq, false))}
            >
              {words.savedMessages.remove}
            </button>
          </div>
        ))}
        {error !== undefined && <p className="error">{error}</p>}
        {hasMore && <More onSeen={loadMore} />}
      </div>
    </Frame>
  )
}

/** Reads again what is shown when something was saved or removed, here or elsewhere, or a message was deleted. */
function useSaved() {
  const { chat, wording } = useApp()
  const { savedChanges, connections } = useObservable(chat)
  const [saved, setSaved] = useState<readonly SavedMessage[]>()
  const [hasMore, setHasMore] = useState(false)
  const [error, setError] = useState<string>()
  const shown = useRef(0)
  shown.current = saved?.length ?? 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again with each change and connection
  useEffect(() => {
    let isCurrent = true
    const read = async () => {
      try {
        const page = await chat.api.saved(undefined, Math.max(FIRST, shown.current))
        if (!isCurrent) return
        setSaved(page.saved)
        setHasMore(page.more)
        setError(undefined)
      } catch (error) {
        if (isCurrent) setError(errorMessage(wording.words, error))
      }
    }
    void read()
    return () => {
      isCurrent = false
    }
  }, [chat, savedChanges, connections])
  const loadMore = async () => {
    const page = await chat.api.saved(saved?.at(-1)?.number, FIRST).catch(() => undefined)
    if (!page) return
    setSaved([...(saved ?? []), ...page.saved])
    setHasMore(page.more)
  }
  return { saved, hasMore, error, loadMore }
}

/** Messages in a page. */
const FIRST = 30

/** Asks for more when it is scrolled to; a button too, for those who do not scroll. */
function More({ onSeen }: { onSeen: () => Promise<void> }) {
  const words = useWords()
  const button = useRef<HTMLButtonElement>(null)
  const seen = useRef(onSeen)
  seen.current = onSeen
  useEffect(() => {
    if (!button.current) return
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) void seen.current()
    })
    observer.observe(button.current)
    return () => observer.disconnect()
  }, [])
  return (
    <button ref={button} type="button" onClick={() => void onSeen()}>
      {words.search.more}
    </button>
  )
}
