// The code that transfers this session to another door.

import { useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { useQuery } from '../ui/use-query.ts'
import { Dialog } from './dialog.tsx'

export function TransferSessionDialog({ room }: { room: Room | undefined }) {
  const { chat } = useApp()
  const words = useWords()
  const query = useQuery('move', () =>
    chat.api.do<{ code: string }>('POST', '/session/moves', room ? { room: room.id } : {}),
  )
  return (
    <Dialog title={words.move.title}>
      <p>{words.move.text}</p>
      <p className="code" role="status">
        {query.is === 'ready' ? query.value.code : query.is === 'failed' ? query.error : '…'}
      </p>
      <p className="quiet">{words.move.where(`nc ${location.hostname} ${location.port || '8000'}`)}</p>
    </Dialog>
  )
}
