import { type FormEvent, useState } from 'react'
import { useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { dayKey, startOfDay } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { Dialog } from './dialog.tsx'

export function DateDialog({ room }: { room: Room }) {
  const { chat, route } = useApp()
  const words = useWords()
  const locale = useLocale()
  const today = dayKey(locale, chat.now())
  const [day, setDay] = useState(today)
  const go = (event: FormEvent) => {
    event.preventDefault()
    const at = startOfDay(day, locale)
    route.close()
    if (!Number.isNaN(at)) void room.timeline.go({ to: 'date', at: Math.max(0, at) })
  }
  return (
    <Dialog title={words.date.title}>
      <form onSubmit={go}>
        <label className="field">
          {words.date.day}
          <input
            type="date"
            value={day}
            max={today}
            min="1970-01-01"
            required
            onChange={event => setDay(event.currentTarget.value)}
          />
        </label>
        <div className="buttons end">
          <button type="submit" className="primary">
            {words.date.go}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
