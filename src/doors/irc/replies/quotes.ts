// Quoting the beginning of a message, to say which one is meant: IRC clients show no message numbers.

import type { Message, RoomId, Seq } from '../../../core/model/model.ts'
import { printable } from '../../../wire/printable.ts'

/** The longest quotation, in graphemes, and in UTF-16 units, since a grapheme may have any length. */
const MOST = 40
const MOST_UNITS = 160
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The first words of the first line that is not blank, with … if there is more. No grapheme is cut. */
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

/** The latest messages of all rooms whose beginnings are kept: at least this many, at most twice as many. */
const LEAST_KEPT = 2_500

/**
 * The beginnings of messages that were sent lately to clients without REDACT. A notice of a deletion quotes the message
 * that they still show; its text is nowhere else by then.
 */
export class Quotations {
  // Two generations: finding the oldest entry of one map would step over all that were deleted before, each time.
  #young = new Map<string, string>()
  #old: ReadonlyMap<string, string> = new Map()

  keep({ room, seq, text }: Pick<Message, 'room' | 'seq' | 'text'>): void {
    this.#young.set(`${room}-${seq}`, text.slice(0, MOST_UNITS + 1))
    if (this.#young.size < LEAST_KEPT) return
    this.#old = this.#young
    this.#young = new Map()
  }

  /** The quotation; empty if the message is not known. */
  of(room: RoomId, seq: Seq): string {
    const key = `${room}-${seq}`
    const text = this.#young.get(key) ?? this.#old.get(key)
    return text === undefined ? '' : firstWords(text)
  }
}
