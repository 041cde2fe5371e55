// Chooses a time: one of a few that are often meant, or any within a year, in one's own zone.

import { type FormEvent, useState } from 'react'
import { useApp, useWords } from '../app.tsx'
import { Dialog } from '../dialogs/dialog.tsx'
import { dayAndTime, zoneShown } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { instantOf, presets, wallTime } from './zoned-times.ts'
import './put-off.css'

const YEAR_MS = 365 * 86_400_000
/** A clock that is off by more is told, in milliseconds. */
const OFF_MS = 120_000

export default function WhenDialog() {
  const { chat, route } = useApp()
  const words = useWords()
  const locale = useLocale()
  const [asked] = useState(chat.putOff.asked)
  const now = chat.now()
  const offered = presets(now, locale)
  const [wall, setWall] = useState(() => wallTime(offered[1]?.at ?? now, locale))
  if (!asked) return null
  const choose = (at: number) => {
    route.close()
    asked.choose(at)
  }
  const at = instantOf(wall, locale)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (at > chat.now()) choose(at)
  }
  const off = chat.client.clockOffset
  return (
    <Dialog title={asked.title}>
      <div className="when">
        {offered.map(each => (
          <button type="button" key={each.name} onClick={() => choose(each.at)}>
            <span>{words.putOff.presets[each.name]}</span>
            <small className="quiet">{dayAndTime(locale, each.at)}</small>
          </button>
        ))}
      </div>
      <form onSubmit={onSubmit}>
        <label className="field">
          {words.putOff.dateAndTime(zoneShown(locale))}
          <input
            type="datetime-local"
            value={wall}
            min={wallTime(now, locale)}
            max={wallTime(now + YEAR_MS, locale)}
            required
            onChange={event => setWall(event.currentTarget.value)}
          />
        </label>
        {at <= now && <p className="error">{words.putOff.past}</p>}
        {Math.abs(off) > OFF_MS && (
          <p className="quiet">{words.putOff.clockIsOff(Math.round(Math.abs(off) / 60_000), off < 0)}</p>
        )}
        <div className="buttons end">
          <button type="submit" className="primary" disabled={!(at > now)}>
            {words.putOff.choose}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
