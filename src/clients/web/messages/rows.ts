// The rows of a message list by day: messages, events, the unread line, pending posts.

import type { Message } from '../../../wire/schemas.ts'
import { isFolded, isQuiet, type Quiet } from '../model/fold.ts'
import type { Pending } from '../model/outbox.ts'
import type { QuietEvent, TimelineEntry } from '../model/timeline.ts'
import { dayKey, type Locale } from '../model/times.ts'

export type Row =
  | { readonly kind: 'message'; readonly key: string; readonly message: Message; readonly leads: boolean }
  | { readonly kind: 'event'; readonly key: string; readonly event: QuietEvent }
  | { readonly kind: 'fold'; readonly key: string; readonly run: readonly Quiet[] }
  | { readonly kind: 'unread'; readonly key: string }
  | { readonly kind: 'pending'; readonly key: string; readonly post: Pending; readonly leads: boolean }

export interface Day {
  readonly key: string
  readonly at: number
  readonly rows: readonly Row[]
}

/** Messages of one person that follow each other within this long are a group under one name. */
const TOGETHER_MS = 5 * 60_000

interface RowOptions {
  readonly locale: Locale
  readonly me: number
  /** The unread line stands after this seq; undefined for no line. */
  readonly unreadFrom: number | undefined
  /** There is more before the first entry. */
  readonly hasOlder: boolean
  readonly pending: readonly Pending[]
  readonly now: number
}

export function daysOf(entries: readonly TimelineEntry[], options: RowOptions): Day[] {
  // The first unread message may come before the first entry.
  const [first] = entries
  const isAbove = options.hasOlder && first !== undefined && first.seq > (options.unreadFrom ?? 0)
  const rows = new Rows(isAbove ? { ...options, unreadFrom: undefined } : options)
  for (const entry of entries) rows.add(entry)
  rows.endRun()
  for (const post of options.pending) rows.addPending(post)
  return rows.days
}

class Rows {
  readonly days: { key: string; at: number; rows: Row[] }[] = []
  readonly #options: RowOptions
  #before: { author: number; at: number } | undefined
  #quarter = -1
  #marked = false
  #run: Quiet[] = []

  constructor(options: RowOptions) {
    this.#options = options
  }

  add(entry: TimelineEntry): void {
    if (isQuiet(entry)) return void this.#run.push(entry)
    this.endRun()
    this.#addMessage(entry)
  }

  /** A run is folded as a whole, also over the end of a day, so that it is the same however much of it is loaded. */
  endRun(): void {
    const run = this.#run
    const [first] = run
    this.#run = []
    if (!first) return
    if (isFolded(run)) {
      this.#rowsAt(first.at).push({ kind: 'fold', key: `f${first.seq}`, run })
      this.#before = undefined
    } else for (const each of run) this.#addQuiet(each)
  }

  #addQuiet(entry: Quiet): void {
    if (entry.kind === 'message') return this.#addMessage(entry)
    if (entry.kind !== 'fold')
      this.#rowsAt(entry.at).push({ kind: 'event', key: `h${entry.seq}`, event: entry })
    this.#before = undefined
  }

  #addMessage(entry: Message): void {
    const rows = this.#rowsAt(entry.at)
    this.#mark(entry, rows)
    const leads = this.#leads(entry.author.id, entry.at) || entry.reply !== undefined
    rows.push({ kind: 'message', key: `m${entry.seq}`, message: entry, leads })
    this.#before = { author: entry.author.id, at: entry.at }
  }

  /** At the time of our own clock, but never before the last entry. */
  addPending(post: Pending): void {
    const at = Math.max(this.#options.now, this.days.at(-1)?.at ?? 0)
    const leads = this.#leads(this.#options.me, at) || post.reply !== undefined
    this.#rowsAt(at).push({ kind: 'pending', key: post.key, post, leads })
    this.#before = { author: this.#options.me, at }
  }

  /** Puts the unread line before the first unread message of somebody else. */
  #mark(entry: Message, rows: Row[]): void {
    const { unreadFrom, me } = this.#options
    if (this.#marked || unreadFrom === undefined || entry.seq <= unreadFrom) return
    if (entry.author.id === me || entry.deleted) return
    this.#marked = true
    this.#before = undefined
    rows.push({ kind: 'unread', key: 'unread' })
  }

  #leads(author: number, at: number): boolean {
    return this.#before?.author !== author || at - this.#before.at > TOGETHER_MS
  }

  #rowsAt(at: number): Row[] {
    let day = this.days.at(-1)
    const quarter = Math.floor(at / QUARTER_MS)
    if (day && quarter === this.#quarter) return day.rows
    this.#quarter = quarter
    const key = dayAt(this.#options.locale, at)
    if (day?.key !== key) {
      this.days.push((day = { key, at, rows: [] }))
      this.#before = undefined
    }
    return day.rows
  }
}

/** In every time zone, days begin at a multiple of 15 minutes: a key is computed once for each. */
const QUARTER_MS = 15 * 60_000
const MOST_KEPT = 5000
const dayKeys = new Map<string, string>()

function dayAt(locale: Locale, at: number): string {
  const quarter = `${locale.zone}/${Math.floor(at / QUARTER_MS)}`
  let key = dayKeys.get(quarter)
  if (key === undefined) {
    if (dayKeys.size > MOST_KEPT) dayKeys.clear()
    dayKeys.set(quarter, (key = dayKey(locale, at)))
  }
  return key
}
