// When a room is open, as it is stored, told and typed: America/Bogota mon-fri 07:00-12:00 14:00-18:00; sat 09:00-12:00.
// Pure, and without Temporal, which not every browser has: the web app judges by it, too.

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Day = (typeof DAYS)[number]

/** Minutes since midnight. A span that ends before it begins goes on until the next day; 1440 is the end of its day. */
export interface Span {
  readonly days: readonly Day[]
  readonly from: number
  readonly to: number
}

export interface Hours {
  /** An IANA time zone: the spans are by its clocks, whatever those do. */
  readonly zone: string
  readonly spans: readonly Span[]
}

/** Spans of one room. */
export const MOST_SPANS = 28
/** UTF-16 units of the hours of a room, as typed. */
export const LONGEST_HOURS = 1000
const DAY = 24 * 60
const WEEK = 7 * DAY
const MINUTE_MS = 60_000
/** How far ahead an opening is looked for: a week, with the days on which the clocks are changed. */
const LOOKED_AHEAD = WEEK + DAY

// --- as text ---------------------------------------------------------------------------------------------

const TIME = /^(\d{1,2})(?::(\d\d))?$/

/**
 * Reads hours. The zone stands before or after the spans.
 * @param usual the zone where none is named; undefined if one must be
 * @param dayOf the day that a word of somebody's language names
 * @returns undefined for what is none: no spans or too many, or one that is never open
 */
export function parseHours(
  typed: string,
  usual?: string,
  dayOf: (word: string) => Day | undefined = known,
): Hours | undefined {
  if (typed.length > LONGEST_HOURS) return undefined
  let zone = usual
  const spans: Span[] = []
  for (const part of typed.split(';')) {
    let days: readonly Day[] | undefined
    let isUsed = true
    for (const word of part.trim().split(/\s+/)) {
      if (word === '') continue
      const times = timesIn(word)
      if (times && days) {
        spans.push({ days, ...times })
        isUsed = true
        continue
      }
      const named = times ? undefined : daysIn(word, dayOf)
      if (named) {
        if (!isUsed) return undefined
        ;[days, isUsed] = [named, false]
      } else if (/^[A-Za-z][\w+/-]*$/.test(word)) zone = word
      else return undefined
    }
    if (!isUsed) return undefined
  }
  if (zone === undefined || spans.length === 0 || spans.length > MOST_SPANS) return undefined
  return spans.every(({ from, to }) => from !== to) ? { zone, spans } : undefined
}

function known(word: string): Day | undefined {
  return DAYS.find(day => day === word.toLowerCase())
}

/** mon, mon-fri, or sat,sun. */
function daysIn(word: string, dayOf: (word: string) => Day | undefined): Day[] | undefined {
  const found = new Set<Day>()
  for (const part of word.split(',')) {
    const ends = part.split('-').map(dayOf)
    const [first, last = first] = ends
    if (!first || !last || ends.length > 2 || ends.includes(undefined)) return undefined
    for (let day = DAYS.indexOf(first); ; day = (day + 1) % 7) {
      const name = DAYS[day]
      if (name) found.add(name)
      if (name === last) break
    }
  }
  return DAYS.filter(day => found.has(day))
}

/** 07:00-12:00, or 7-12. */
function timesIn(word: string): Pick<Span, 'from' | 'to'> | undefined {
  const [from, to, ...rest] = word.split('-').map(minutesIn)
  if (from === undefined || to === undefined || rest.length > 0 || from === DAY) return undefined
  return { from, to }
}

/** @returns minutes since midnight, up to 24:00; undefined for no time of a day */
export function minutesIn(time: string): number | undefined {
  const [, hour, minute = '0'] = TIME.exec(time) ?? []
  const minutes = Number(hour) * 60 + Number(minute)
  return hour !== undefined && Number(minute) < 60 && minutes <= DAY ? minutes : undefined
}

/** @returns 07:00 */
export function timeText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/** @param names what the days are called; by default as they are stored */
export function hoursText({ zone, spans }: Hours, names?: Readonly<Record<Day, string>>): string {
  return `${zone} ${spansText(spans, names)}`
}

/** Spans of the same days stand together. */
export function spansText(spans: readonly Span[], names?: Readonly<Record<Day, string>>): string {
  const parts = new Map<string, string[]>()
  for (const { days, from, to } of spans) {
    const named = daysText(days, names)
    parts.set(named, [...(parts.get(named) ?? []), `${timeText(from)}-${timeText(to)}`])
  }
  return [...parts].map(([days, times]) => `${days} ${times.join(' ')}`).join('; ')
}

/** Three days and more in a row are a range. */
export function daysText(days: readonly Day[], names?: Readonly<Record<Day, string>>): string {
  const runs: Day[][] = []
  for (const day of days) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run && last && DAYS.indexOf(day) === DAYS.indexOf(last) + 1) run.push(day)
    else runs.push([day])
  }
  const name = (day: Day | undefined) => (day && (names?.[day] ?? day)) ?? ''
  return runs
    .flatMap(run => (run.length > 2 ? `${name(run[0])}-${name(run.at(-1))}` : run.map(name)))
    .join(',')
}

// --- by the clock ----------------------------------------------------------------------------------------

export function isOpenAt(hours: Hours, at: number): boolean {
  return isOpen(hours, minuteOfWeek(hours.zone, at))
}

/**
 * @param at milliseconds since 1970
 * @returns when it opens next, to the minute; `at` if it is open; undefined if it never does
 */
export function opensAt(hours: Hours, at: number): number | undefined {
  return firstMinute(hours, at, true)
}

/** @returns when it closes next; `at` if it is closed; undefined if it does not within a week */
export function closesAt(hours: Hours, at: number): number | undefined {
  return firstMinute(hours, at, false)
}

function firstMinute(hours: Hours, at: number, open: boolean): number | undefined {
  const { zone } = hours
  const end = at + LOOKED_AHEAD * MINUTE_MS
  let now = Math.floor(at / MINUTE_MS) * MINUTE_MS
  let minute = minuteOfWeek(zone, now)
  while (now < end) {
    if (isOpen(hours, minute) === open) return Math.max(at, now)
    let step = Math.min(untilNext(hours, minute), 60)
    let next = minuteOfWeek(zone, now + step * MINUTE_MS)
    if (next !== (minute + step) % WEEK) {
      step = 1 // the clocks are changed meanwhile
      next = minuteOfWeek(zone, now + MINUTE_MS)
    }
    now += step * MINUTE_MS
    minute = next
  }
  return undefined
}

/** @param minute of the week, from Monday on */
function isOpen({ spans }: Hours, minute: number): boolean {
  return spans.some(({ days, from, to }) =>
    days.some(day => {
      const since = (minute - DAYS.indexOf(day) * DAY - from + WEEK) % WEEK
      return since < (to > from ? to - from : to + DAY - from)
    }),
  )
}

/** Minutes until a span begins or ends. */
function untilNext({ spans }: Hours, minute: number): number {
  const waits = spans.flatMap(({ days, from, to }) =>
    days.flatMap(day =>
      [from, to].map(time => (DAYS.indexOf(day) * DAY + time - minute + WEEK) % WEEK || WEEK),
    ),
  )
  return Math.min(...waits)
}

/** Making one takes as long as using it a hundred times, and rooms share a few zones. */
const clocks = new Map<string, Intl.DateTimeFormat>()

/** By the clocks of the zone, from Monday on. */
function minuteOfWeek(zone: string, at: number): number {
  let clock = clocks.get(zone)
  if (!clock) {
    const shown = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
    clock = new Intl.DateTimeFormat('en', { timeZone: zone, ...shown })
    clocks.set(zone, clock)
  }
  const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]))
  const days: readonly string[] = DAYS
  const day = days.indexOf(parts.weekday?.toLowerCase() ?? '')
  return day * DAY + Number(parts.hour) * 60 + Number(parts.minute)
}
