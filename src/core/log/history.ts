// The log as it is read for seats that catch up: in aligned blocks, each read once and rendered once per cohort, so
// that a crowd that reconnects costs one read.

import { BoundedMap } from '../limits/bounded-map.ts'
import type { LinkPreview, LogEvent, RoomEvent, RoomId, Seq, Tag } from '../model/model.ts'
import type { Poll } from '../model/polls.ts'
import type { Cohort, Rendering } from '../ports/delivery.ts'
import type { Log } from '../ports/log.ts'

/** Seqs in a block: 1–256, 257–512, … */
export const BLOCK = 256
/**
 * Bytes of one part, about: a block of long texts is shown in parts, so that a connection that takes a little holds
 * no more of it in memory.
 */
const PART = 64 << 10
/**
 * Renderings kept of one part: there are hundreds of kinds of IRC connections, and one person may have one of each.
 */
const MOST_RENDERINGS = 8
/** Memory that complete blocks may hold, in bytes, about. */
const CAPACITY = 8 << 20
/** What an event costs besides its text, rendered once, in bytes, about. */
const EVENT_COST = 240
/** The same for each further line of its text: in IRC they are lines with heads and tags of their own. */
const LINE_COST = 240

/** Events with consecutive seqs, rendered once per cohort; a few renderings are kept. */
export class EventRange {
  readonly first: Seq
  readonly events: readonly LogEvent[]
  /** Bytes rendered so far, for all cohorts together. */
  rendered = 0
  readonly #renderings = new BoundedMap<Cohort, Rendering>(MOST_RENDERINGS)

  constructor(first: Seq, events: readonly LogEvent[]) {
    this.first = first
    this.events = events
  }

  /** One less than `first` when it is empty. */
  get last(): Seq {
    return (this.first + this.events.length - 1) as Seq
  }

  rendering(cohort: Cohort): Rendering {
    const kept = this.#renderings.get(cohort)
    if (kept) return kept
    const rendering = cohort.render(this.events)
    this.rendered += rendering.ends.at(-1) ?? 0
    this.#renderings.set(cohort, rendering)
    return rendering
  }

  /** @returns the last seq that fits into that many bytes when it is shown after `after`, but at least one event */
  lastWithin(bytes: number, cohort: Cohort, after: Seq): Seq {
    const { ends } = this.rendering(cohort)
    const first = after + 1 - this.first
    const limit = (ends[first - 1] ?? 0) + bytes
    let last = first
    while (last + 1 < ends.length && (ends[last + 1] ?? 0) <= limit) last++
    return (this.first + last) as Seq
  }

  get cost(): number {
    return this.events.reduce((sum, event) => sum + showingCost(event), 0)
  }
}

/** @returns what an event costs when it is shown, in bytes, about: what it holds, and a rendering of each of its lines */
export function showingCost(event: RoomEvent): number {
  return costOf(event) + ('text' in event ? LINE_COST * lineEndsIn(event.text) : 0)
}

function lineEndsIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}

/** @returns the memory that an event holds, in bytes, about */
export function costOf(event: RoomEvent): number {
  const tagsCost = 'tags' in event && event.tags ? costOfTags(event.tags) : 0
  const linksCost = event.kind === 'preview' ? costOfLinks(event.links) : 0
  const pollCost = 'poll' in event && event.poll ? costOfPoll(event.poll) : 0
  return EVENT_COST + ('text' in event ? 2 * event.text.length : 0) + tagsCost + linksCost + pollCost
}

function costOfPoll({ question, options }: Poll): number {
  return options.reduce(
    (sum, { text }) => sum + EVENT_COST + 2 * text.length,
    EVENT_COST + 2 * question.length,
  )
}

function costOfLinks(links: readonly LinkPreview[]): number {
  return links.reduce((sum, { url, title = '', description = '' }) => {
    return sum + EVENT_COST + 2 * (url.length + title.length + description.length)
  }, 0)
}

function costOfTags(tags: readonly Tag[]): number {
  return tags.reduce((sum, [name, value]) => sum + 2 * (name.length + value.length), 0)
}

interface Reading {
  readonly upto: Seq
  readonly parts: Promise<readonly EventRange[]>
}

/** Cuts events into consecutive parts, none of them empty. */
function* inParts(first: Seq, events: readonly LogEvent[]): Generator<EventRange> {
  let from = 0
  let cost = 0
  for (const [i, event] of events.entries()) {
    cost += showingCost(event)
    if (cost < PART && i + 1 < events.length) continue
    yield new EventRange((first + from) as Seq, events.slice(from, i + 1))
    from = i + 1
    cost = 0
  }
}

/** @returns the part that holds the seq after `after`; an empty one where none does */
function partBehind(after: Seq, parts: readonly EventRange[]): EventRange {
  return parts.find(({ last }) => last > after) ?? new EventRange((after + 1) as Seq, [])
}

function costOfAll(parts: readonly EventRange[]): number {
  return parts.reduce((sum, { cost }) => sum + cost, 0)
}

/** Keeps the blocks that were used last, and shares the reads that are under way. */
export class History {
  readonly #log: Pick<Log, 'read'>
  /** Complete blocks, in parts. */
  readonly #blocks = new BoundedMap<string, readonly EventRange[]>(CAPACITY, { costOf: costOfAll })
  readonly #readings = new Map<string, Reading>()

  constructor(log: Pick<Log, 'read'>) {
    this.#log = log
  }

  /**
   * Reads the part of a block that holds the seq after `after`, up to `upto` at most. `after` < `upto`, and `upto` is
   * in the store.
   */
  async range(room: RoomId, after: Seq, upto: Seq): Promise<EventRange> {
    return partBehind(after, await this.#block(room, after, upto))
  }

  #block(room: RoomId, after: Seq, upto: Seq): Promise<readonly EventRange[]> {
    const start = startOf(after)
    const key = keyOf(room, start)
    const block = this.#blocks.use(key)
    if (block) return Promise.resolve(block)
    const reading = this.#readings.get(key)
    if (reading && reading.upto > after) return reading.parts
    return this.#read(key, room, start, Math.min(upto, start + BLOCK) as Seq)
  }

  /** Anyone who asks for the same block meanwhile shares the read. */
  #read(key: string, room: RoomId, start: Seq, upto: Seq): Promise<readonly EventRange[]> {
    const parts = this.#log
      .read(room, start, upto, BLOCK)
      .then(events => {
        const read = [...inParts((start + 1) as Seq, events)]
        if (events.length === BLOCK && this.#readings.get(key)?.parts === parts && !this.#blocks.has(key))
          this.#blocks.set(key, read)
        return read
      })
      .finally(() => {
        if (this.#readings.get(key)?.parts === parts) this.#readings.delete(key)
      })
    this.#readings.set(key, { upto, parts })
    return parts
  }

  /**
   * A text of the room was changed or deleted. It may be in several blocks, since an edit carries its message's text.
   * Blocks that are being read are not kept either.
   */
  forget(room: RoomId): void {
    for (const key of [...this.#blocks.keys(), ...this.#readings.keys()]) {
      if (key.startsWith(`${room}/`)) this.#drop(key)
    }
  }

  #drop(key: string): void {
    this.#readings.delete(key)
    this.#blocks.delete(key)
  }
}

/** The seq before the block that holds the seq after `after`. */
function startOf(after: Seq): Seq {
  return (after - (after % BLOCK)) as Seq
}

function keyOf(room: RoomId, start: Seq): string {
  return `${room}/${start}`
}
