// A room's settings, for its moderators.

import Hash from '~icons/hash'
import { attempt, useApp, useObservable, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { PictureField } from '../pictures/picture-field.tsx'
import { RoomIcon } from '../ui/avatar.tsx'
import { Dialog } from './dialog.tsx'
import { RoomPace } from './room-pace.tsx'
import { RoomRules } from './room-rules.tsx'
import { SingleFieldForm } from './single-field-form.tsx'

/** The id of `general`, which everybody is in. */
const GENERAL = 1

export default function RoomDialog({ room }: { room: Room }) {
  const app = useApp()
  const words = useWords()
  const { name, topic, archived } = useObservable(room).listing
  const alter = (change: object) =>
    attempt(app, async () => {
      await app.chat.api.do('PATCH', `/rooms/${room.id}`, change)
      app.toasts.add(words.saved)
    })
  return (
    <Dialog title={words.roomSettings.title(name)}>
      {room.id !== GENERAL && room.mayGovern && (
        <SingleFieldForm
          key={`name${name}`}
          label={words.rooms.name}
          value={name}
          longest={32}
          onSave={value => alter({ name: value })}
        />
      )}
      <SingleFieldForm
        key={`topic${topic}`}
        label={words.roomSettings.topic}
        value={topic}
        longest={300}
        onSave={value => alter({ topic: value })}
      />
      <PictureField title={words.avatar.ofRoom} bearer={{ room: room.id }}>
        <RoomIcon id={room.id} size={64}>
          <span className="avatar s64 plain">
            <Hash size={32} />
          </span>
        </RoomIcon>
      </PictureField>
      <RoomRules room={room} onAlter={alter} />
      <RoomPace room={room} onAlter={alter} />
      {room.id !== GENERAL && room.mayGovern && (
        <>
          <h3>{words.roomSettings.archive}</h3>
          <p className="quiet">{words.roomSettings.archiveHint}</p>
          <button
            type="button"
            className={archived ? '' : 'danger'}
            onClick={() => void alter({ archived: !archived })}
          >
            {archived ? words.roomSettings.reopen : words.roomSettings.archive}
          </button>
        </>
      )}
    </Dialog>
  )
}
