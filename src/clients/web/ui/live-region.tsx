// Reads new messages of others out to screen readers: politely, and none that are only loaded.

import { useEffect, useState } from 'react'
import { useApp } from '../app.tsx'
import { excerpt } from '../model/excerpt.ts'
import type { Room } from '../model/room.ts'

export function LiveRegion({ room }: { room: Room }) {
  const { chat } = useApp()
  const [text, setText] = useState('')
  useEffect(
    () =>
      room.listen(event => {
        if (event.kind === 'message' && !event.threadOnly && event.author.id !== chat.me)
          setText(`${event.author.username}${event.action ? '' : ':'} ${excerpt(event)}`)
      }),
    [chat, room],
  )
  return (
    <p className="visually-hidden" aria-live="polite">
      {text}
    </p>
  )
}
