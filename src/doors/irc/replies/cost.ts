// The cost of a reply, in lines: the rate limit is charged for it.

import type { LogEvent } from '../../../core/model/model.ts'

/** The cost of one query to the store. */
export const QUERY_COST = 8

/** UTF-16 units of text read that cost as much as one line sent. */
const UNITS_PER_LINE = 512

/** The cost of reading these events from the store, however few of them are sent. */
export function readingCost(events: readonly LogEvent[]): number {
  const units = events.reduce((sum, event) => sum + ('text' in event ? event.text.length : 0), 0)
  return events.length + Math.floor(units / UNITS_PER_LINE)
}
