// A time of day as people type it in doors that show text: 30m, 9:00, mañana 9:00, lunes 8:00, 2026-12-01 9:00.

import type { Instant } from '../../core/model/model.ts'
import { normalized } from '../../core/text/normal-forms.ts'
import { languages } from '../../wording/languages.ts'

/** The hour that is meant where only a day is named. */
const MORNING = '8:00'
/** UTF-16 units; no known word is longer. */
const LONGEST_WORD = 16
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Parses the words at the beginning, of any language.
 * @param zone in which times of day are meant, an IANA name
 * @returns undefined where they name no time, or one that there is not; `rest` is what follows, less one space
 */
export function whenTyped(
  typed: string,
  now: Instant,
  zone: string,
): { readonly at: Instant; readonly rest: string } | undefined {
  const [, first = '', afterFirst = ''] = /^\s*(\S+)(.*)$/s.exec(typed) ?? []
  const [, digits, unit = ''] = /^(\d{1,5})([mhd])$/i.exec(first) ?? []
  if (digits !== undefined) {
    const at = now + Number(digits) * (UNITS[unit.toLowerCase()] ?? 0)
    return { at: at as Instant, rest: afterFirst.slice(1) }
  }
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone)
  const today = here.toPlainDate()
  const day = dayTyped(first, today)
  if (!day) {
    const time = timeTyped(first)
    if (!time) return undefined
    const at = instantOf(today, time, zone)
    return { at: at > now ? at : instantOf(today.add({ days: 1 }), time, zone), rest: afterFirst.slice(1) }
  }
  const [, second = '', afterSecond = ''] = /^\s+(\S+)(.*)$/s.exec(afterFirst) ?? []
  const named = timeTyped(second)
  const time = named ?? timeTyped(MORNING)
  if (!time) return undefined
  return { at: instantOf(day, time, zone), rest: (named ? afterSecond : afterFirst).slice(1) }
}

/** The next such day of the week is after today. */
function dayTyped(word: string, today: Temporal.PlainDate): Temporal.PlainDate | undefined {
  if (/^\d{4}-\d\d-\d\d$/.test(word)) return dateOf(word)
  const wanted = folded(word)
  for (const { days } of Object.values(languages)) {
    if (folded(days.today) === wanted) return today
    if (folded(days.tomorrow) === wanted) return today.add({ days: 1 })
    const weekday = days.week.findIndex(each => folded(each) === wanted) + 1
    if (weekday > 0) return today.add({ days: (weekday - today.dayOfWeek + 7) % 7 || 7 })
  }
  return undefined
}

function dateOf(word: string): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(word)
  } catch {
    return undefined
  }
}

function timeTyped(word: string): Temporal.PlainTime | undefined {
  const [, hour, minute] = /^([01]?\d|2[0-3])[:.]([0-5]\d)$/.exec(word) ?? []
  return hour === undefined ? undefined : new Temporal.PlainTime(Number(hour), Number(minute))
}

function instantOf(day: Temporal.PlainDate, time: Temporal.PlainTime, zone: string): Instant {
  return day.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds as Instant
}

function folded(word: string): string {
  return normalized(word.slice(0, LONGEST_WORD), 'NFD', LONGEST_WORD).replace(/\p{M}/gu, '').toLowerCase()
}
