// Dialogs that ask for confirmation.

import { attempt, useApp, useWords } from '../app.tsx'
import { excerpt } from '../model/excerpt.ts'
import type { Room } from '../model/room.ts'
import { Dialog } from './dialog.tsx'

interface ConfirmProps {
  readonly title: string
  readonly text: string
  readonly yes: string
  readonly action: () => Promise<unknown>
  readonly quote?: string
}

function Confirm({ title, text, yes, action, quote }: ConfirmProps) {
  const app = useApp()
  const words = useWords()
  const confirm = async () => {
    if (await attempt(app, action)) app.route.close()
  }
  return (
    <Dialog title={title}>
      <p>{text}</p>
      {quote !== undefined && (
        <blockquote className="quiet" dir="auto">
          {quote}
        </blockquote>
      )}
      <div className="buttons end">
        <button type="button" onClick={() => app.route.close()}>
          {words.cancel}
        </button>
        <button type="button" className="danger" onClick={() => void confirm()}>
          {yes}
        </button>
      </div>
    </Dialog>
  )
}

export function EraseDialog({ room, seq }: { room: Room; seq: number }) {
  const { api } = useApp().chat
  const words = useWords()
  const message = room.message(seq)
  return (
    <Confirm
      title={words.erase.title}
      text={words.erase.text}
      yes={words.erase.yes}
      action={() => api.erase(room.id, seq)}
      {...(message && { quote: excerpt(message) })}
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
    <Confirm
      title={words.leave.title(kind === 'direct' ? name : `#${name}`)}
      text={words.leave[kind === 'announcement' ? 'open' : kind]}
      yes={kind === 'direct' ? words.leave.yesDirect : words.leave.yes}
      action={() => chat.api.do('DELETE', `/rooms/${id}/members/${me}`)}
    />
  )
}
