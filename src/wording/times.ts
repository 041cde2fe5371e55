// Moments as the line and the IRC door write them.

import type { Wording } from './es.ts'

/** The last moment that a Date can hold, in milliseconds. A later one means: without end. */
const LAST_TIME = 8.64e15

export function until(time: number, wording: Pick<Wording, 'until' | 'forEver'>): string {
  return isEnding(time) ? wording.until(clockTime(time)) : wording.forEver
}

export function isEnding(time: number): boolean {
  return time <= LAST_TIME
}

/** Such as 2026-11-23 10:32. @param zone IANA's name; this machine's by default */
export function clockTime(time: number, zone: string = Temporal.Now.timeZoneId()): string {
  const there = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone).toPlainDateTime()
  return there.toString({ smallestUnit: 'minute' }).replace('T', ' ')
}
