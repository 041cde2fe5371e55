// The line between the list and the composer: who is typing, or that one is offline. It is always there, so that nothing
// moves when somebody begins to type.

import WifiOff from '~icons/wifi-off'
import { useApp, useObservable, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import './status-line.css'

export function StatusLine({ room }: { room: Room }) {
  const { chat } = useApp()
  const words = useWords()
  const { state } = useObservable(chat)
  const { typing } = useObservable(room)
  const waiting = chat.outbox.posts.filter(({ seq, refused }) => seq === undefined && !refused).length
  if (state.is !== 'open')
    return (
      <p className="status-line cut" role="status">
        <WifiOff size={14} />
        <span>{words.cut(waiting)}</span>
        {state.is === 'waiting' && (
          <button type="button" className="link" onClick={() => chat.client.tryNow()}>
            {words.tryNow}
          </button>
        )}
      </p>
    )
  return <p className="status-line quiet">{typing.length > 0 && words.typing(typing)}</p>
}
