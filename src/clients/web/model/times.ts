// Days and times in the reader's language and time zone. All instants are milliseconds since 1970.

import type { Words } from '../words.ts'

/** Formatters are costly to create, and few are needed. */
const formats = new Map<string, Intl.DateTimeFormat>()

export interface Locale {
  readonly language: string
  /** Empty: the browser's. */
  readonly zone: string
}

function formatter(locale: Locale, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale.language}/${locale.zone}/${name}`
  let there = formats.get(key)
  if (!there) {
    const zone = locale.zone === '' ? {} : { timeZone: locale.zone }
    formats.set(key, (there = new Intl.DateTimeFormat(locale.language, { ...options, ...zone })))
  }
  return there
}

export function clock(locale: Locale, at: number): string {
  return formatter(locale, 'clock', { hour: 'numeric', minute: '2-digit' }).format(at)
}

/** As short as possible, for the gutter. */
export function shortClock(locale: Locale, at: number): string {
  return formatter(locale, 'short clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}

export function dayAndTime(locale: Locale, at: number): string {
  return formatter(locale, 'full', { dateStyle: 'full', timeStyle: 'short' }).format(at)
}

/** Anything later has no end. */
const FAR = 8.64e15 / 2

export function untilOf(until: number, words: Pick<Words, 'until' | 'forEver'>, locale: Locale): string {
  return until > FAR || Number.isNaN(until) ? words.forEver : words.until(dayAndTime(locale, until))
}

export function shortDay(locale: Locale, at: number): string {
  return formatter(locale, 'short', { dateStyle: 'medium' }).format(at)
}

/** The day as yyyy-mm-dd: the same for all its instants. */
export function dayKey(locale: Locale, at: number): string {
  return formatter({ ...locale, language: 'en-CA' }, 'key', { dateStyle: 'short' }).format(at)
}

export function longDay(locale: Locale, at: number): string {
  return formatter(locale, 'day', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(
    at,
  )
}

/** The IANA name of the zone. */
export function zoneShown({ zone }: Locale): string {
  return zone === '' ? Intl.DateTimeFormat().resolvedOptions().timeZone : zone
}

/** More than the greatest distance of a zone's midnight from UTC's. */
const FARTHEST_MS = 27 * 3_600_000

/** The first instant of a day (yyyy-mm-dd) in a time zone, which may be one o'clock there. NaN when `day` is no date. */
export function startOfDay(day: string, locale: Locale): number {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  let [before, there] = [midnight - FARTHEST_MS, midnight + FARTHEST_MS]
  while (there - before > 1) {
    const middle = Math.floor((before + there) / 2)
    if (dayKey(locale, middle) < day) before = middle
    else there = middle
  }
  return there
}
