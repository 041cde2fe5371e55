// Reports a message: says first who will read what.

import { type FormEvent, useState } from 'react'
import { attempt, useApp, useWords } from '../app.tsx'
import { Dialog } from '../dialogs/dialog.tsx'
import { excerpt } from '../model/excerpt.ts'
import type { Room } from '../model/room.ts'
import './reports.css'
import { useRulesWords } from './words.ts'

const LONGEST_REASON = 300

export default function ReportDialog({ room, seq }: { room: Room; seq: number }) {
  const app = useApp()
  const words = useWords()
  const said = useRulesWords().report
  const [reason, setReason] = useState('')
  const message = room.message(seq)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const { api } = app.chat
    const done = await attempt(app, () =>
      api.do('POST', `/rooms/${room.id}/messages/${seq}/reports`, { reason }),
    )
    if (done) app.toasts.add(said.done)
    app.route.close()
  }
  return (
    <Dialog title={said.title}>
      <form onSubmit={event => void send(event)}>
        {message && (
          <blockquote className="quiet" dir="auto">
            {message.author.username}: {excerpt(message)}
          </blockquote>
        )}
        <p>{room.isDirect ? said.direct : said.room}</p>
        <label className="field report-reason">
          {said.reason}
          <textarea
            value={reason}
            rows={3}
            maxLength={LONGEST_REASON}
            onChange={event => setReason(event.currentTarget.value)}
          />
        </label>
        <div className="buttons end">
          <button type="button" onClick={() => app.route.close()}>
            {words.cancel}
          </button>
          <button type="submit" className="danger">
            {said.yes}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
