// What is valid as the hours of a room, and as the address of its call. Pure; every door and both databases share it.

import { type Hours, hoursText, parseHours } from '../text/hours.ts'
import { refuse, refusedBy } from './refusals.ts'
import { checkZone, isZone } from './rules.ts'

/** @returns hours as they will be stored (text/hours.ts); empty for none. Refuses 'bad-hours', 'bad-zone'. */
export function checkHours(typed: string): string {
  if (typed.trim() === '') return ''
  const { zone, spans } = parseHours(typed) ?? refuse('bad-hours')
  return hoursText({ zone: checkZone(zone), spans })
}

/** Decodes stored hours; undefined for none, and for some that nobody could have set. */
export function hoursFrom(stored: string): Hours | undefined {
  const hours = stored === '' ? undefined : parseHours(stored)
  return hours && isZone(hours.zone) ? hours : undefined
}

/** Of the address of a room's call, in UTF-16 units. The refusal's sentences name the number. */
const LONGEST_CALL = 500

/** @returns the address of a call as it will be opened; empty for none. Refuses 'bad-call'. */
export function checkCall(typed: string): string {
  const address = typed.trim()
  if (address === '') return ''
  const url = address.length > LONGEST_CALL ? null : URL.parse(address)
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') refuse('bad-call')
  return url.href.length > LONGEST_CALL ? refuse('bad-call') : url.href
}

/** Whether the address could have been set; empty for none. */
export function isCall(address: string): boolean {
  return refusedBy(() => checkCall(address)) === undefined
}
