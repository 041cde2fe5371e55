import { showInRoom, useApp, useObservable, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { useLocale } from '../ui/locale.ts'
import { useQuery } from '../ui/use-query.ts'
import { Frame } from './frame.tsx'
import { MessageCard } from './message-card.tsx'

export function Pins({ room }: { room: Room }) {
  const app = useApp()
  const { chat } = app
  const words = useWords()
  const locale = useLocale()
  const { pins } = useObservable(room)
  const query = useQuery(`${room.id}/${pins}`, () => chat.api.pins(room.id))
  return (
    <Frame title={words.room.pins}>
      <div className="scrolled">
        {query.is === 'failed' && <p className="error">{query.error}</p>}
        {query.is === 'ready' && query.value.length === 0 && (
          <p className="quiet empty">{room.mayPin ? words.pins.noneYours : words.pins.none}</p>
        )}
        {query.is === 'ready' &&
          query.value.map(message => (
            <MessageCard
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
