// A code by which the session goes on at another door.

import { useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { useAsked } from '../ui/use-query.ts'
import { Sheet } from './dialog.tsx'

export function MoveDialog({ room }: { room: Room | undefined }) {
  const { chat } = useApp()
  const words = useWords()
  const asked = useAsked('move', () =>
    chat.api.do<{ code: string }>('POST', '/session/moves', room ? { room: room.id } : {}),
  )
  return (
    <Sheet title={words.move.title}>
      <p>{words.move.text}</p>
      <p className="code" role="status">
        {asked.is === 'there' ? asked.value.code : asked.is === 'failed' ? asked.why : '…'}
      </p>
      <p className="quiet">{words.move.where(`nc ${location.hostname} ${location.port || '8000'}`)}</p>
    </Sheet>
  )
}
