// Above the first message of a room.

import Hash from '~icons/hash'
import { useApp, useObservable, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { Avatar, Initial, RoomIcon } from './avatar.tsx'
import { useQuery } from './use-query.ts'
import './welcome.css'

export function Welcome({ room }: { room: Room }) {
  const { chat } = useApp()
  const words = useWords()
  const { settings } = useObservable(chat)
  const { name, id } = room.listing
  const isEmpty = room.timeline.entries.every(({ kind }) => kind !== 'message')
  return (
    <div className="welcome">
      {room.isDirect ? (
        <Others room={room} />
      ) : (
        <RoomIcon id={id} size={64}>
          <span className="avatar s64 plain">
            <Hash size={32} />
          </span>
        </RoomIcon>
      )}
      <p>
        <strong>{room.isDirect ? words.welcome.direct(name) : words.welcome.room(name)}</strong>
      </p>
      {room.isGroup && <p className="quiet">{words.group.fromThenOn}</p>}
      {settings.editHistory === 'on' && <p className="quiet">{words.versions.kept}</p>}
      {isEmpty && (
        <p className="quiet">{chat.presence.online === 1 ? words.welcome.alone : words.welcome.sayHello}</p>
      )}
    </div>
  )
}

/** The other person of a conversation, or one letter for several. */
function Others({ room }: { room: Room }) {
  const { chat } = useApp()
  const query = useQuery(`${room.id}`, () => chat.members(room))
  const { name, id } = room.listing
  const others = query.is === 'ready' ? query.value.filter(({ person }) => person.id !== chat.me) : []
  const [other] = others
  return other && others.length === 1 ? (
    <Avatar id={other.person.id} username={other.person.username} size={64} />
  ) : (
    <Initial id={id} name={name} size={64} />
  )
}
