// What the work behind a reply costs, in lines sent.

import type { LogEvent } from '../../../core/model/model.ts'

/** Lines that can be said while the store answers one question. */
export const QUERY_COST = 8

/** UTF-16 units of texts that are read while one line is said. */
const UNITS_PER_LINE = 512

/** What it costs to read these, in lines, whatever is shown of them. */
export function readingCost(events: readonly LogEvent[]): number {
  const units = events.reduce((sum, event) => sum + ('text' in event ? event.text.length : 0), 0)
  return events.length + Math.floor(units / UNITS_PER_LINE)
}
