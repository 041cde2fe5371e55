// Times of day in the reader's zone, as instants: by the server's clock, whatever the browser's says.

import { dayKey, type Locale, zoneShown } from '../model/times.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MORNING = '08:00'

export interface Preset {
  readonly name: 'inAnHour' | 'tomorrow' | 'monday'
  readonly at: number
}

export function presets(now: number, locale: Locale): readonly Preset[] {
  const today = dayKey(locale, now)
  const weekday = new Date(`${today}T12:00:00Z`).getUTCDay()
  const toMonday = (8 - weekday) % 7 || 7
  return [
    { name: 'inAnHour', at: now + HOUR_MS },
    { name: 'tomorrow', at: instantOf(`${plusDays(today, 1)}T${MORNING}`, locale) },
    ...(toMonday > 1
      ? [{ name: 'monday', at: instantOf(`${plusDays(today, toMonday)}T${MORNING}`, locale) } as const]
      : []),
  ]
}

function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** @param wall what a field for a date and a time holds: 2026-12-01T09:00. NaN when it is empty */
export function instantOf(wall: string, locale: Locale): number {
  const asUtc = Date.parse(`${wall}Z`)
  if (Number.isNaN(asUtc)) return Number.NaN
  // A zone's distance from UTC depends on the instant that is looked for: the second look is behind a change of clocks.
  const first = asUtc - distanceAt(asUtc, locale)
  return asUtc - distanceAt(first, locale)
}

/** The same the other way round. */
export function wallTime(at: number, locale: Locale): string {
  return new Date(at + distanceAt(at, locale)).toISOString().slice(0, 16)
}

/** How far the zone's clocks are ahead of UTC then, in milliseconds. */
function distanceAt(at: number, locale: Locale): number {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zoneShown(locale),
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  return Date.parse(`${format.format(at).replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000
}
