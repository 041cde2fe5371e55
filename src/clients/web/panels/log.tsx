// The moderation log of a room, for those who moderate it.

import { useObservable, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { ActList } from './act-list.tsx'
import { Frame } from './frame.tsx'

export default function RoomLog({ room }: { room: Room }) {
  const words = useWords()
  const { acts } = useObservable(room)
  return (
    <Frame title={words.room.log}>
      <div className="scrolled">
        <ActList room={room.id} version={acts} />
      </div>
    </Frame>
  )
}
