// What is overwritten in a copy of a file: zeros, and in some places a few bytes.

import { BrokenMedia, type Range } from './iso-media.ts'

/** A video of ten hours, with two pieces of what sensors measured in each second, has 72,000. */
const MOST_EDITS = 200_000
/** What is written at once. */
const ZEROS = Buffer.alloc(64 * 1024)

interface Write {
  readonly at: number
  readonly bytes: Buffer
}

export class Edits {
  readonly #ranges: Range[] = []
  readonly #puts: Write[] = []

  get isEmpty(): boolean {
    return this.#ranges.length === 0
  }

  /**
   * Overwrites a range with zeros. Throws BrokenMedia beyond a number of ranges.
   * @param put what is written at its beginning; not longer than it
   */
  add(range: Range, put?: Buffer): void {
    if (range.to <= range.from) return
    if (this.#ranges.length >= MOST_EDITS) throw new BrokenMedia('too much to remove')
    this.#ranges.push(range)
    if (put) this.#puts.push({ at: range.from, bytes: put })
  }

  /** In the order of the file. No byte is written twice, however often it was named. */
  *writes(): Generator<Write> {
    const puts = apart(this.#puts).values()
    let put = puts.next().value
    for (const { from, to } of joined(this.#ranges)) {
      for (let at = from; at < to; ) {
        const isPut = put?.at === at
        const zeros = ZEROS.subarray(0, Math.min(to, put?.at ?? to) - at)
        const bytes = put && isPut ? put.bytes : zeros
        yield { at, bytes }
        at += bytes.length
        if (isPut) put = puts.next().value
      }
    }
  }
}

/** Ranges in their order, with those that overlap or touch as one. */
function joined(ranges: readonly Range[]): Range[] {
  const all: Range[] = []
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = all.at(-1)
    if (last && range.from <= last.to) all[all.length - 1] = { ...last, to: Math.max(last.to, range.to) }
    else all.push(range)
  }
  return all
}

/** Those that begin behind the end of the one before. */
function apart(puts: readonly Write[]): Write[] {
  let end = 0
  return puts
    .toSorted((one, other) => one.at - other.at)
    .filter(({ at, bytes }) => {
      const isApart = at >= end
      if (isApart) end = at + bytes.length
      return isApart
    })
}
