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

/** Quiet events that come within this long are read out as one sentence, and messages together. */
const TOGETHER_MS = 1000
/** More messages at once are only counted: a screen reader would be behind for minutes. */
const MOST_READ = 3

export function LiveRegion({ room }: { room: Room }) {
  const { chat } = useApp()
  const words = useWords()
  const locale = useLocale()
  // Each with a number of its own, so that an equal message that follows is another one.
  const [said, setSaid] = useState<readonly { readonly id: number; readonly text: string }[]>([])
  useEffect(() => {
    let run: QuietEvent[] = []
    let messages: string[] = []
    let last = 0
    const say = (texts: readonly string[]) => setSaid(texts.map(text => ({ id: ++last, text })))
    const readMessages = () => {
      if (messages.length === 0) return
      say(messages.length > MOST_READ ? [words.list.newMessages(messages.length)] : messages)
      messages = []
    }
    const readOut = () => {
      const [first] = run
      if (first)
        say([run.length === 1 ? eventText(first, words, locale) : words.events.folded(countsOf(run))])
      run = []
    }
    const stop = room.listen(event => {
      if (event.kind === 'message') {
        if (event.threadOnly || event.author.id === chat.me) return
        messages.push(`${event.author.username}${event.action ? '' : ':'} ${excerpt(event)}`)
        if (messages.length === 1) setTimeout(readMessages, TOGETHER_MS)
      } else if (!isChange(event)) {
        run.push(event)
        if (run.length === 1) setTimeout(readOut, TOGETHER_MS)
      }
    })
    return () => {
      run = []
      messages = []
      stop()
    }
  }, [chat, room, words, locale])
  return (
    <div className="visually-hidden" aria-live="polite">
      {said.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  )
}
