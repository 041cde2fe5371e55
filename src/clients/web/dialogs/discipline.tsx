// Banning or muting somebody in a room: until when, and why.

import { type FormEvent, useState } from 'react'
import { attempt, useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { dayKey, startOfDay } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { useModerationWords } from '../ui/moderation-words.ts'
import { Dialog } from './dialog.tsx'
import { RadioList } from './radio-list.tsx'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const ENDS = ['hour', 'day', 'week', 'date', 'ever'] as const
type End = (typeof ENDS)[number]
const LASTING: Readonly<Partial<Record<End, number>>> = { hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS }
/** In code points, as for a topic (core/model/rules.ts). */
const LONGEST_REASON = 300

interface DisciplineProps {
  readonly room: Room
  readonly what: 'ban' | 'mute'
  readonly username: string
}

export default function DisciplineDialog({ room, what, username }: DisciplineProps) {
  const app = useApp()
  const { chat } = app
  const words = useWords()
  const said = useModerationWords()
  const locale = useLocale()
  const [end, setEnd] = useState<End>(what === 'ban' ? 'day' : 'hour')
  const [day, setDay] = useState(dayKey(locale, chat.now() + DAY_MS))
  const [reason, setReason] = useState('')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const milliseconds = end === 'date' ? endOfDay(day) - chat.now() : (LASTING[end] ?? null)
    const done = await attempt(app, () =>
      chat.api.do('PUT', `/rooms/${room.id}/${what}s/${encodeURIComponent(username)}`, {
        for: milliseconds === null ? null : Math.max(1, Math.round(milliseconds)),
        reason: reason.trim(),
      }),
    )
    if (!done) return
    app.toasts.add(said[what].done(username))
    app.route.close()
  }
  /** The first instant after the day, in one's own time zone. */
  const endOfDay = (chosen: string) => startOfDay(dayAfter(chosen), locale)
  return (
    <Dialog title={said[what].title(username, room.listing.name)}>
      <form onSubmit={event => void submit(event)}>
        <p>{said[what].text(username)}</p>
        <RadioList
          title={said.end}
          name="end"
          values={ENDS}
          value={end}
          names={said.ends}
          onChoose={setEnd}
        />
        {end === 'date' && (
          <label className="field">
            {said.lastDay}
            <input
              type="date"
              value={day}
              min={dayKey(locale, chat.now())}
              required
              onChange={event => setDay(event.currentTarget.value)}
            />
          </label>
        )}
        <label className="field">
          {said.reason}
          <input
            value={reason}
            maxLength={LONGEST_REASON}
            dir="auto"
            aria-describedby="reason-hint"
            onChange={event => setReason(event.currentTarget.value)}
          />
        </label>
        <p id="reason-hint" className="quiet">
          {said.reasonHint}
        </p>
        <div className="buttons end">
          <button type="button" onClick={() => app.route.close()}>
            {words.cancel}
          </button>
          <button type="submit" className="danger">
            {said[what].yes}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** @param day yyyy-mm-dd, as the one after it */
function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + DAY_MS).toISOString().slice(0, 10)
}
