// Above the first message of a room.

import Hash from '~icons/hash'
import { useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { Avatar } from './avatar.tsx'
import './welcome.css'

export function Welcome({ room }: { room: Room }) {
  const { chat } = useApp()
  const words = useWords()
  const { name, id } = room.listing
  const isEmpty = room.timeline.entries.every(({ kind }) => kind !== 'message')
  return (
    <div className="welcome">
      {room.isDirect ? (
        <Avatar id={id} username={name} size={64} />
      ) : (
        <span className="avatar s64 plain" aria-hidden="true">
          <Hash size={32} />
        </span>
      )}
      <p>
        <strong>{room.isDirect ? words.welcome.direct(name) : words.welcome.room(name)}</strong>
      </p>
      {isEmpty && (
        <p className="quiet">{chat.presence.online === 1 ? words.welcome.alone : words.welcome.sayHello}</p>
      )}
    </div>
  )
}
