// Moments as the doors that speak lines say them.

import type { Wording } from './es.ts'

/** The last moment that a clock can show is for ever. */
const LAST_TIME = 8.64e15

export function until(time: number, wording: Pick<Wording, 'until' | 'forEver'>): string {
  return isEnding(time) ? wording.until(clockTime(time)) : wording.forEver
}

export function isEnding(time: number): boolean {
  return time <= LAST_TIME
}

/** 2026-11-23 10:32. @param zone IANA's name; this machine's where there is none */
export function clockTime(time: number, zone: string = Temporal.Now.timeZoneId()): string {
  const there = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone).toPlainDateTime()
  return there.toString({ smallestUnit: 'minute' }).replace('T', ' ')
}
