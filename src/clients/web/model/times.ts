// Days and times as people say them, in their language and time zone.

import type { Words } from '../words.ts'

/** Formats are costly to make, and there are few. */
const formats = new Map<string, Intl.DateTimeFormat>()

export interface Locale {
  readonly language: string
  /** Empty: the browser's. */
  readonly zone: string
}

function format(locale: Locale, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale.language}/${locale.zone}/${name}`
  let there = formats.get(key)
  if (!there) {
    const zone = locale.zone === '' ? {} : { timeZone: locale.zone }
    formats.set(key, (there = new Intl.DateTimeFormat(locale.language, { ...options, ...zone })))
  }
  return there
}

export function clock(locale: Locale, at: number): string {
  return format(locale, 'clock', { hour: 'numeric', minute: '2-digit' }).format(at)
}

/** Where there is hardly any room. */
export function shortClock(locale: Locale, at: number): string {
  return format(locale, 'short clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}

export function dayAndTime(locale: Locale, at: number): string {
  return format(locale, 'full', { dateStyle: 'full', timeStyle: 'short' }).format(at)
}

/** Beyond that it has no end. */
const FAR = 8.64e15 / 2

export function untilOf(until: number, words: Pick<Words, 'until' | 'forEver'>, locale: Locale): string {
  return until > FAR || Number.isNaN(until) ? words.forEver : words.until(dayAndTime(locale, until))
}

export function shortDay(locale: Locale, at: number): string {
  return format(locale, 'short', { dateStyle: 'medium' }).format(at)
}

/** The same for all instants of one day there. */
export function dayKey(locale: Locale, at: number): string {
  return format({ ...locale, language: 'en-CA' }, 'key', { dateStyle: 'short' }).format(at)
}

export function longDay(locale: Locale, at: number): string {
  return format(locale, 'day', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(at)
}

/** When a day begins in a time zone: yyyy-mm-dd → milliseconds. */
export function startOfDay(day: string, { zone }: Locale): number {
  const guess = Date.parse(`${day}T00:00:00Z`)
  const name = zone === '' ? Intl.DateTimeFormat().resolvedOptions().timeZone : zone
  const local = new Date(guess).toLocaleString('sv-SE', { timeZone: name }).replace(' ', 'T')
  return guess - (Date.parse(`${local}Z`) - guess)
}
