// What stands below a message that was answered: how often, by whom, when, and whether there is something new.

import { useSyncExternalStore } from 'react'
import type { Message } from '../../../wire/schemas.ts'
import { useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { clock, dayKey, shortDay } from '../model/times.ts'
import { Avatar } from '../ui/avatar.tsx'
import { useLocale } from '../ui/locale.ts'

interface SummaryProps {
  readonly room: Room
  readonly message: Message
  readonly onOpen: (seq: number) => void
}

export default function ThreadSummary({ room, message, onOpen }: SummaryProps) {
  const { chat } = useApp()
  const words = useWords()
  const locale = useLocale()
  const { seq, thread } = message
  const unread = useSyncExternalStore(chat.subscribe, () => chat.threads.unreadOf(room.id, seq))
  if (!thread) return null
  const { answers, people, at } = thread
  const isToday = dayKey(locale, at) === dayKey(locale, chat.now())
  const time = isToday ? clock(locale, at) : `${shortDay(locale, at)} ${clock(locale, at)}`
  return (
    <button
      type="button"
      className={`thread-summary plain${unread > 0 ? ' new' : ''}`}
      data-thread={seq}
      onClick={() => onOpen(seq)}
    >
      <span className="faces">
        {people.map(({ id, username }) => (
          <Avatar key={id} id={id} username={username} size={20} />
        ))}
      </span>
      <span className="count">{words.thread.answers(answers)}</span>
      <span className="quiet">
        <span className="visually-hidden">{words.thread.lastAnswer} </span>
        {time}
      </span>
      {unread > 0 && <span className="badge">{words.thread.unread(unread)}</span>}
    </button>
  )
}
