// What cannot be taken back is asked once more.

import { attempt, useApp, useWords } from '../app.tsx'
import { excerpt } from '../model/excerpt.ts'
import type { Room } from '../model/room.ts'
import { Sheet } from './dialog.tsx'

interface SureProps {
  readonly title: string
  readonly text: string
  readonly yes: string
  readonly doing: () => Promise<unknown>
  readonly quoted?: string
}

function Sure({ title, text, yes, doing, quoted }: SureProps) {
  const app = useApp()
  const words = useWords()
  const act = async () => {
    if (await attempt(app, doing)) app.route.close()
  }
  return (
    <Sheet title={title}>
      <p>{text}</p>
      {quoted !== undefined && (
        <blockquote className="quiet" dir="auto">
          {quoted}
        </blockquote>
      )}
      <div className="buttons end">
        <button type="button" onClick={() => app.route.close()}>
          {words.cancel}
        </button>
        <button type="button" className="danger" onClick={() => void act()}>
          {yes}
        </button>
      </div>
    </Sheet>
  )
}

export function EraseDialog({ room, seq }: { room: Room; seq: number }) {
  const { api } = useApp().chat
  const words = useWords()
  const message = room.timeline.message(seq)
  return (
    <Sure
      title={words.erase.title}
      text={words.erase.text}
      yes={words.erase.yes}
      doing={() => api.erase(room.id, seq)}
      {...(message && { quoted: excerpt(message) })}
    />
  )
}

export function LeaveDialog({ id }: { id: number }) {
  const { chat } = useApp()
  const words = useWords()
  const room = chat.rooms.get(id)
  const me = encodeURIComponent(chat.person?.username ?? '')
  const { name = '', kind = 'open' } = room?.listing ?? {}
  return (
    <Sure
      title={words.leave.title(kind === 'direct' ? name : `#${name}`)}
      text={words.leave[kind === 'announcement' ? 'open' : kind]}
      yes={kind === 'direct' ? words.leave.yesDirect : words.leave.yes}
      doing={() => chat.api.do('DELETE', `/rooms/${id}/members/${me}`)}
    />
  )
}
