// In place of the composer, where one may not write: one sentence that says why, and until when.

import { useEffect, useRef, useState } from 'react'
import { attempt, useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { type Locale, untilOf } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { refusalText, type Words } from '../words.ts'

export function ClosedComposer({ room }: { room: Room }) {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  const why = room.whyClosed ?? ''
  const line = useRef<HTMLDivElement>(null)
  // While this is rendered for the first time, the box in which somebody was writing is still there.
  const [wasWriting] = useState(() => document.activeElement?.closest('form.composer') != null)
  useEffect(() => {
    if (wasWriting) line.current?.focus({ preventScroll: true })
  }, [wasWriting])
  const run = (action: () => Promise<unknown>) => void attempt(app, action)
  const { api } = app.chat
  const { id, name } = room.listing
  return (
    <div ref={line} className="composer closed quiet" role="status" tabIndex={-1}>
      {sentence(room, { why, words, locale })}
      {why === 'archived' && room.mayGovern && (
        <button
          type="button"
          className="link"
          onClick={() => run(() => api.do('PATCH', `/rooms/${id}`, { archived: false }))}
        >
          {words.composer.reopen}
        </button>
      )}
      {why === 'blocked' && !name.includes(', ') && (
        <button
          type="button"
          className="link"
          onClick={() => run(() => api.do('DELETE', `/me/blocks/${encodeURIComponent(name)}`))}
        >
          {words.composer.unblock}
        </button>
      )}
    </div>
  )
}

function sentence(room: Room, { why, words, locale }: { why: string; words: Words; locale: Locale }): string {
  const { closed } = words.composer
  const until = untilOf(room.standing.current?.until ?? Number.POSITIVE_INFINITY, words, locale)
  return why in closed
    ? closed[why as keyof typeof closed](until, room.listing.name)
    : refusalText(words, why)
}
