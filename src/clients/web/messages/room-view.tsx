// A room: its header, its messages and the composer.

import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react'
import { useApp, useObservable } from '../app.tsx'
import { Composer } from '../composer/composer.tsx'
import type { Room } from '../model/room.ts'
import { messageActions } from './message-actions.ts'
import { MessageList } from './message-list.tsx'
import { RoomHeader } from './room-header.tsx'
import { StatusLine } from './status-line.tsx'
import './room-view.css'

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
  const [editing, setEditing] = useState<number>()
  const onEdited = useCallback(() => setEditing(undefined), [])
  useObservable(room)
  const isOpen = useInitialTarget(room, target.seq)
  const actions = useMemo(
    () => messageActions(app, room, { reply: setReply, edit: setEditing }),
    [app, room, setReply],
  )
  return (
    <main className="room" aria-labelledby="room-title" data-draft={draft}>
      <RoomHeader room={room} />
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
  const [isOpen, setOpen] = useState(false)
  useLayoutEffect(() => {
    const { listing, timeline } = room
    setOpen(true)
    if (seq !== undefined) {
      void timeline.go({ to: 'message', seq })
      return
    }
    const { read, unread, head } = listing
    room.unreadFrom = unread > 0 ? read : undefined
    if (unread > 0 && read < head) void timeline.go({ to: 'unread', seq: read, unread })
    else void timeline.go({ to: 'newest' })
  }, [room, seq])
  useEffect(() => {
    // When one comes back, the unread line stands after what was seen.
    const leave = () => {
      if (room.listing.unread === 0) room.unreadFrom = room.lastSeq
    }
    addEventListener('blur', leave)
    return () => {
      removeEventListener('blur', leave)
      room.atEnd = false
    }
  }, [room])
  return isOpen
}
