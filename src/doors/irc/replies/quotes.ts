// The beginning of a message, by which people know which one is meant: IRC shows them no numbers.

import type { Message, RoomId, Seq } from '../../../core/model/model.ts'
import { printable } from '../../../wire/printable.ts'

/** Of a quotation, in graphemes, and in UTF-16 units, since a grapheme may be of any length. */
const MOST = 40
const MOST_UNITS = 160
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The first words of the first line that has any, … where there is more. No grapheme is cut. */
export function firstWords(text: string): string {
  const lines = printable(text).split('\n')
  const line = lines.find(each => each.trim() !== '')?.trim() ?? ''
  const kept = beginning(line)
  const isWhole = kept === line && lines.filter(each => each.trim() !== '').length <= 1
  if (isWhole) return kept
  const space = kept === line ? -1 : kept.lastIndexOf(' ')
  return `${(space > kept.length / 2 ? kept.slice(0, space) : kept).trimEnd()}…`
}

function beginning(line: string): string {
  let [kept, count] = ['', 0]
  for (const { segment } of graphemes.segment(line)) {
    if (++count > MOST || kept.length + segment.length > MOST_UNITS) break
    kept += segment
  }
  return kept
}

/** Messages whose beginning is kept, of all rooms: at least so many, and at most twice as many. */
const LEAST_KEPT = 2_500

/**
 * What this door has shown lately to clients that know no REDACT: when something is deleted its text is nowhere else any
 * more, and these have it before their eyes.
 */
export class Quotations {
  // Two generations: to delete the oldest of one map, each time, would go past all that were deleted before.
  #young = new Map<string, string>()
  #old: ReadonlyMap<string, string> = new Map()

  keep({ room, seq, text }: Pick<Message, 'room' | 'seq' | 'text'>): void {
    this.#young.set(`${room}-${seq}`, text.slice(0, MOST_UNITS + 1))
    if (this.#young.size < LEAST_KEPT) return
    this.#old = this.#young
    this.#young = new Map()
  }

  /** Empty where it is not known. */
  of(room: RoomId, seq: Seq): string {
    const key = `${room}-${seq}`
    const text = this.#young.get(key) ?? this.#old.get(key)
    return text === undefined ? '' : firstWords(text)
  }
}
