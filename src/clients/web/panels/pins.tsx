import { showInRoom, useApp, useWatch, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { useLocale } from '../ui/locale.ts'
import { useAsked } from '../ui/use-query.ts'
import { Frame } from './frame.tsx'
import { ShownMessage } from './shown-message.tsx'

export function Pins({ room }: { room: Room }) {
  const app = useApp()
  const { chat } = app
  const words = useWords()
  const locale = useLocale()
  const { pins } = useWatch(room)
  const asked = useAsked(`${room.id}/${pins}`, () => chat.api.pins(room.id))
  return (
    <Frame title={words.room.pins}>
      <div className="scrolled">
        {asked.is === 'failed' && <p className="trouble">{asked.why}</p>}
        {asked.is === 'there' && asked.value.length === 0 && (
          <p className="quiet empty">{room.mayPin ? words.pins.noneYours : words.pins.none}</p>
        )}
        {asked.is === 'there' &&
          asked.value.map(message => (
            <ShownMessage
              key={message.seq}
              message={message}
              locale={locale}
              onOpen={() => showInRoom(app, room, message.seq)}
            />
          ))}
      </div>
    </Frame>
  )
}
