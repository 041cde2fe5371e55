// The way to the threads that one follows, with how many of them have something new.

import MessagesSquare from '~icons/messages-square'
import { useApp, useObservable, useWords } from '../app.tsx'

export default function ThreadsLink() {
  const { chat, route } = useApp()
  const words = useWords()
  useObservable(chat)
  const { panel } = useObservable(route).location
  const unread = chat.threads.countUnread(chat.rooms)
  return (
    <button
      type="button"
      className={`room${unread > 0 ? ' new' : ''}`}
      aria-current={panel === 'threads' ? 'true' : undefined}
      onClick={() => route.open('threads')}
    >
      <span className="room-icon s20">
        <MessagesSquare size={16} />
      </span>
      <span className="name">{words.threads.title}</span>
      {unread > 0 && (
        <span className="badge">
          {unread}
          <span className="visually-hidden"> {words.threads.withNew}</span>
        </span>
      )}
    </button>
  )
}
