// Invitations to rooms, to accept or decline.

import Check from '~icons/check'
import Close from '~icons/x'
import type { RoomInvitation } from '../../../wire/schemas.ts'
import { attempt, openRoom, useApp, useObservable, useWords } from '../app.tsx'
import { IconButton } from '../ui/icon-button.tsx'

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
      <IconButton
        icon={Check}
        size={16}
        label={words.roomInvitations.follow(room.name)}
        onClick={() => void accept()}
      />
      <IconButton
        icon={Close}
        size={16}
        label={words.roomInvitations.decline(room.name)}
        onClick={() => void attempt(app, () => chat.declineInvitation(room.id))}
      />
    </li>
  )
}
