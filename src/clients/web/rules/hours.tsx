// When others than moderators may write in a room: spans of days and times, in a time zone.

import { useState } from 'react'
import Plus from '~icons/plus'
import X from '~icons/x'
import {
  DAYS,
  type Day,
  type Hours,
  MOST_SPANS,
  minutesIn,
  parseHours,
  type Span,
  spansText,
  timeText,
} from '../../../wire/hours.ts'
import { zoneShown } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import './hours.css'
import { useRulesWords } from './words.ts'

/** What a new span is: a morning of school. */
const MORNING: Span = { days: DAYS.slice(0, 5), from: 7 * 60, to: 12 * 60 }

interface HoursProps {
  /** As in the settings of the room; empty for none. */
  readonly stored: string
  readonly onSave: (stored: string) => void
}

export function RoomHours({ stored, onSave }: HoursProps) {
  const words = useRulesWords().hours
  const locale = useLocale()
  const [hours, setHours] = useState<Hours>(parseHours(stored) ?? { zone: zoneShown(locale), spans: [] })
  const { zone, spans } = hours
  const setSpans = (next: readonly Span[]) => setHours({ zone, spans: next })
  const written = spans.length === 0 ? '' : `${zone} ${spansText(spans)}`
  const isValid = spans.every(({ days, from, to }) => days.length > 0 && from !== to)
  return (
    <fieldset className="room-hours">
      <legend>{words.title}</legend>
      <p className="quiet">{words.hint}</p>
      {spans.map((span, i) => (
        <SpanFields
          // biome-ignore lint/suspicious/noArrayIndexKey: spans are told apart by nothing but their place
          key={i}
          span={span}
          number={i + 1}
          onChange={next => setSpans(spans.with(i, next))}
          onRemove={() => setSpans(spans.toSpliced(i, 1))}
        />
      ))}
      {!isValid && (
        <p className="error" role="alert">
          {words.never}
        </p>
      )}
      {spans.length > 0 && (
        <label className="field">
          {words.zone}
          <select value={zone} onChange={event => setHours({ spans, zone: event.currentTarget.value })}>
            {zonesWith(zone).map(each => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      )}
      <div className="buttons">
        <button
          type="button"
          disabled={spans.length >= MOST_SPANS}
          onClick={() => setSpans([...spans, spans.at(-1) ?? MORNING])}
        >
          <Plus size={16} /> {words.add}
        </button>
        <button
          type="button"
          className="primary"
          disabled={!isValid || written === stored}
          onClick={() => onSave(written)}
        >
          {words.save}
        </button>
      </div>
    </fieldset>
  )
}

function zonesWith(zone: string): readonly string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return known.includes(zone) ? known : [zone, ...known]
}

interface SpanProps {
  readonly span: Span
  readonly number: number
  readonly onChange: (span: Span) => void
  readonly onRemove: () => void
}

function SpanFields({ span, number, onChange, onRemove }: SpanProps) {
  const words = useRulesWords().hours
  const { days, from, to } = span
  const toggle = (day: Day) =>
    onChange({ ...span, days: DAYS.filter(each => (each === day) !== days.includes(each)) })
  const set = (end: 'from' | 'to', time: string) => {
    const minutes = minutesIn(time)
    // A field of a time has no 24:00; 00:00 as an end is that.
    if (minutes !== undefined) onChange({ ...span, [end]: end === 'to' && minutes === 0 ? 24 * 60 : minutes })
  }
  return (
    <div className="span">
      <div className="days" role="group" aria-label={words.days(number)}>
        {DAYS.map(day => (
          <button key={day} type="button" aria-pressed={days.includes(day)} onClick={() => toggle(day)}>
            {words.day[day]}
          </button>
        ))}
      </div>
      <div className="times">
        <label>
          {words.from}
          <input
            type="time"
            value={timeText(from)}
            required
            onChange={event => set('from', event.currentTarget.value)}
          />
        </label>
        <label>
          {words.to}
          <input
            type="time"
            value={timeText(to % (24 * 60))}
            required
            onChange={event => set('to', event.currentTarget.value)}
          />
        </label>
        <button type="button" className="icon" aria-label={words.remove(number)} onClick={onRemove}>
          <X size={18} />
        </button>
      </div>
      {to < from && <small className="quiet">{words.overnight}</small>}
    </div>
  )
}
