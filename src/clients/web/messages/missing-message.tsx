// Above the list, when the address names a message that is not in the room.

import { openRoom, useApp, useObservable, useWords } from '../app.tsx'
import { lastSeqOf } from '../model/fold.ts'
import type { Room } from '../model/room.ts'
import './missing-message.css'

export default function MissingMessage({ room, seq }: { room: Room; seq: number }) {
  const app = useApp()
  const words = useWords()
  const { entries, isLoaded, target } = useObservable(room.timeline)
  const { panel } = useObservable(app.route).location
  const isInThread = panel === `thread/${seq}`
  const isThere = isInThread || entries.some(each => each.seq <= seq && seq <= lastSeqOf(each))
  if (!isLoaded || isThere || target.to !== 'message' || target.seq !== seq) return null
  return (
    <p className="banner missing-message" role="status">
      <span>{words.nothingThere.message}</span>
      <button type="button" onClick={() => openRoom(app, room)}>
        {words.list.newest}
      </button>
    </p>
  )
}
