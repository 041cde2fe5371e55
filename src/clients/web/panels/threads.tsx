// The threads that one follows: those with unread answers first.

import { attempt, useApp, useObservable, useWords } from '../app.tsx'
import { excerpt } from '../model/excerpt.ts'
import { pathOf } from '../model/route.ts'
import type { FollowedThread } from '../model/threads.ts'
import { clock, shortDay } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { Frame } from './frame.tsx'
import './thread.css'

export default function Threads() {
  const app = useApp()
  const words = useWords()
  const { chat } = app
  useObservable(chat)
  const threads = chat.threads.current
  const followed = threads?.followed.filter(({ room }) => chat.rooms.has(room)) ?? []
  const unread = followed.filter(each => each.unread > 0)
  const readAll = () => {
    for (const { room, root, last } of unread) if (last) threads?.markRead(room, root, last.seq)
  }
  return (
    <Frame title={words.threads.title}>
      <div className="scrolled threads">
        {threads && followed.length === 0 && <p className="quiet empty">{words.threads.none}</p>}
        {unread.length > 1 && (
          <button type="button" onClick={readAll}>
            {words.threads.readAll}
          </button>
        )}
        <ul>
          {followed.map(each => (
            <Item key={`${each.room}/${each.root}`} thread={each} />
          ))}
        </ul>
        {threads?.hasMore && (
          <button type="button" onClick={() => void attempt(app, () => threads.more())}>
            {words.threads.more}
          </button>
        )}
      </div>
    </Frame>
  )
}

function Item({ thread }: { thread: FollowedThread }) {
  const { chat, route } = useApp()
  const words = useWords()
  const locale = useLocale()
  const { message, last, unread, root } = thread
  const room = chat.rooms.get(thread.room)
  if (!room) return null
  const path = `${pathOf(room.slug)}#thread/${root}`
  const { at } = last ?? message
  return (
    <li className={unread > 0 ? 'new' : ''}>
      <a
        href={path}
        onClick={event => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          route.go(path)
        }}
      >
        <small className="quiet">
          <bdi>{room.isDirect ? room.listing.name : `#${room.listing.name}`}</bdi> · {shortDay(locale, at)}{' '}
          {clock(locale, at)}
        </small>
        {unread > 0 ? (
          <span className="badge">{words.thread.unread(unread)}</span>
        ) : (
          <small className="quiet">{words.thread.answers(message.thread?.answers ?? 0)}</small>
        )}
        <span className="line first">
          <bdi className="author">{message.author.username}</bdi>{' '}
          <span dir="auto">{message.deleted ? words.list.deleted : excerpt(message)}</span>
        </span>
        {last && (
          <span className="line quiet">
            <bdi>{last.author.username}</bdi>: <span dir="auto">{excerpt(last)}</span>
          </span>
        )}
      </a>
    </li>
  )
}
