// When a room is open, for clients: how it is written, and when it opens next.

export {
  DAYS,
  type Day,
  daysText,
  type Hours,
  isOpenAt,
  MOST_SPANS,
  minutesIn,
  opensAt,
  parseHours,
  type Span,
  spansText,
  timeText,
} from '../core/text/hours.ts'
