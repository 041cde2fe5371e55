// A room: its header, its messages and the composer.

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { showMessage, useApp, useObservable } from '../app.tsx'
import { Composer } from '../composer/composer.tsx'
import type { Room } from '../model/room.ts'
import { focusOnEntry } from '../ui/focus.ts'
import { lazyWithRetry } from '../ui/lazy.ts'
import { messageActions } from './message-actions.ts'
import { MessageList } from './message-list.tsx'
import { RoomHeader } from './room-header.tsx'
import { StatusLine } from './status-line.tsx'
import './room-view.css'

const MissingMessage = lazyWithRetry(() => import('./missing-message.tsx'))

export function RoomView({ room }: { room: Room }) {
  const app = useApp()
  const { location: target } = useObservable(app.route)
  const draft = String(room.id)
  const [reply, setReplyNow] = useState(() => app.chat.drafts.get(draft).reply)
  const setReply = useCallback(
    (seq: number | undefined) => {
      const { text } = app.chat.drafts.get(draft)
      app.chat.drafts.set(draft, { text, ...(seq !== undefined && { reply: seq }) })
      setReplyNow(seq)
    },
    [app, draft],
  )
  useEffect(() => app.chat.drafts.listen(draft, ({ reply }) => setReplyNow(reply)), [app, draft])
  const [editing, setEditing] = useState<number>()
  const onEdited = useCallback(() => setEditing(undefined), [])
  useObservable(room)
  // biome-ignore lint/correctness/useExhaustiveDependencies: one has come to the room
  useEffect(focusOnEntry, [room])
  const isOpen = useInitialTarget(room, target.seq)
  const actions = useMemo(
    () => messageActions(app, room, { reply: setReply, edit: setEditing }),
    [app, room, setReply],
  )
  return (
    <main className="room" aria-labelledby="room-title" data-draft={draft}>
      <RoomHeader room={room} />
      {target.seq !== undefined && <MissingMessage room={room} seq={target.seq} />}
      {isOpen ? (
        <MessageList
          room={room}
          actions={actions}
          editing={editing}
          highlighted={target.seq}
          onEdited={onEdited}
        />
      ) : (
        <div className="messages" />
      )}
      <StatusLine room={room} />
      <Composer room={room} draftKey={draft} reply={reply} onReply={setReply} actions={actions} />
    </main>
  )
}

/**
 * Goes to the message that the path names, else to the first unread one, else to the newest.
 * @returns whether that has begun: a list that is rendered before would mark what it showed the last time as read
 */
function useInitialTarget(room: Room, seq: number | undefined): boolean {
  const app = useApp()
  const { chat } = app
  const [isOpen, setOpen] = useState(false)
  const wasThere = useRef(false)
  useLayoutEffect(() => {
    setOpen(true)
    if (seq !== undefined) {
      if (!wasThere.current) room.reading.enter()
      wasThere.current = true
      return void showMessage(app, room, seq)
    }
    wasThere.current = true
    room.enter()
  }, [app, room, seq])
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'hidden' || !document.hasFocus()) room.reading.leave()
      else room.reading.comeBack()
      room.notify()
    }
    const ended = new AbortController()
    for (const event of ['blur', 'focus']) addEventListener(event, look, { signal: ended.signal })
    document.addEventListener('visibilitychange', look, { signal: ended.signal })
    return () => {
      ended.abort()
      room.atEnd = false
      chat.leftRoom(room)
    }
  }, [chat, room])
  return isOpen
}
