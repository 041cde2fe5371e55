// Reads new messages of others, and what else happens, out to screen readers: politely, and none that are only loaded.

import { useEffect, useState } from 'react'
import { useApp, useWords } from '../app.tsx'
import { eventText } from '../messages/event-row.tsx'
import { isChange } from '../model/changes.ts'
import { excerpt } from '../model/excerpt.ts'
import { countsOf } from '../model/fold.ts'
import type { Room } from '../model/room.ts'
import type { QuietEvent } from '../model/timeline.ts'
import { useLocale } from './locale.ts'

/** Quiet events that come within this long are read out as one sentence. */
const TOGETHER_MS = 1000

export function LiveRegion({ room }: { room: Room }) {
  const { chat } = useApp()
  const words = useWords()
  const locale = useLocale()
  const [text, setText] = useState('')
  useEffect(() => {
    let run: QuietEvent[] = []
    const readOut = () => {
      const [first] = run
      if (first)
        setText(run.length === 1 ? eventText(first, words, locale) : words.events.folded(countsOf(run)))
      run = []
    }
    const stop = room.listen(event => {
      if (event.kind === 'message') {
        if (!event.threadOnly && event.author.id !== chat.me)
          setText(`${event.author.username}${event.action ? '' : ':'} ${excerpt(event)}`)
      } else if (!isChange(event)) {
        run.push(event)
        if (run.length === 1) setTimeout(readOut, TOGETHER_MS)
      }
    })
    return () => {
      run = []
      stop()
    }
  }, [chat, room, words, locale])
  return (
    <p className="visually-hidden" aria-live="polite">
      {text}
    </p>
  )
}
