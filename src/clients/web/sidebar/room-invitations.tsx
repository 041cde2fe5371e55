// Invitations to rooms, to accept or decline.

import Check from '~icons/check'
import Close from '~icons/x'
import type { RoomInvitation } from '../../../wire/schemas.ts'
import { attempt, openRoom, useApp, useObservable, useWords } from '../app.tsx'

export function RoomInvitations() {
  const { chat } = useApp()
  const words = useWords()
  useObservable(chat)
  if (chat.roomInvitations.length === 0) return null
  return (
    <section aria-label={words.roomInvitations.title}>
      <header>
        <h2>{words.roomInvitations.title}</h2>
      </header>
      <ul aria-live="polite">
        {chat.roomInvitations.map(each => (
          <Item key={each.room.id} invitation={each} />
        ))}
      </ul>
    </section>
  )
}

function Item({ invitation: { room, by } }: { invitation: RoomInvitation }) {
  const app = useApp()
  const words = useWords()
  const { chat, route } = app
  const accept = () =>
    attempt(app, async () => {
      await chat.acceptInvitation(room.id)
      const joined = chat.rooms.get(room.id)
      if (joined) openRoom(app, joined)
      else route.go(`/r/${encodeURIComponent(room.name)}`)
    })
  return (
    <li className="invitation">
      <span>{words.roomInvitations.by(by.username, room.name)}</span>
      <button
        type="button"
        className="icon"
        onClick={() => void accept()}
        aria-label={words.roomInvitations.follow(room.name)}
        title={words.roomInvitations.follow(room.name)}
      >
        <Check size={16} />
      </button>
      <button
        type="button"
        className="icon"
        onClick={() => void attempt(app, () => chat.declineInvitation(room.id))}
        aria-label={words.roomInvitations.decline(room.name)}
        title={words.roomInvitations.decline(room.name)}
      >
        <Close size={16} />
      </button>
    </li>
  )
}
