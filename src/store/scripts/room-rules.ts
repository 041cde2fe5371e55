// Decodes what decides who may write in a room, and when: slow mode, hours, private messages; and the address of its call.

import { hoursFrom, isCall } from '../../core/model/hours-and-call.ts'
import type { Privacy } from '../../core/model/permissions.ts'
import { SLOWEST } from '../../core/model/rules.ts'
import { serverSettingsFrom } from '../../core/model/server-settings.ts'
import type { Listing } from '../../core/ports/rooms.ts'
import type { Hours } from '../../core/text/hours.ts'
import { number, type Row, text } from './sql.ts'

/** undefined for none, and for some that could not have been set. */
export function hoursIn(found: Row): Hours | undefined {
  return hoursFrom(text(found, 'hours'))
}

/** What the list of one's rooms says of them. */
export function listedRules(found: Row): Pick<Listing, 'hours' | 'call' | 'staff'> {
  const hours = text(found, 'hours')
  const call = callIn(found)
  return {
    ...(hours !== '' && hoursFrom(hours) && { hours }),
    ...(call !== '' && { call }),
    ...(number(found, 'staff') > 0 && { staff: true }),
  }
}

/** Of rooms that are not direct it is never asked. */
const PUBLIC: Privacy = { setting: 'everyone', hasStaff: false }

export function privacyIn(found: Row): Privacy {
  if (found.private_messages === null) return PUBLIC
  const { privateMessages } = serverSettingsFrom({ privateMessages: text(found, 'private_messages') })
  return { setting: privateMessages, hasStaff: number(found, 'staff') > 0 }
}

/** The address of a room's call; empty for one that could not have been set. */
export function callIn(found: Row): string {
  const address = text(found, 'call')
  return isCall(address) ? address : ''
}

/** Seconds of slow mode; 0 for a value that could not have been set. */
export function pauseIn(found: Row): number {
  const seconds = number(found, 'slow_seconds')
  return seconds <= SLOWEST ? Math.max(0, seconds) : 0
}
