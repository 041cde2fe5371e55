// Boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2): MP4, QuickTime, M4A, 3GP, HEIC. Only headers are
// read.

import type { FileHandle } from 'node:fs/promises'

/** A file that is not what it claims to be. */
export class BrokenMedia extends Error {}

export interface Box {
  readonly type: string
  /** Where it begins, where its content does, and where it ends; in bytes of the file. */
  readonly at: number
  readonly content: number
  readonly end: number
}

export interface Range {
  readonly from: number
  readonly to: number
}

/** A film of ten hours, in fragments of a second, has 72,000 at its top. */
const MOST_BOXES = 100_000
/** Bytes that are read at a time: many boxes are smaller. */
const WINDOW = 16 * 1024
/** The largest box that is read whole: a table of 400,000 entries. */
const MOST_READ = 4 * 1024 * 1024

export class IsoMedia {
  readonly #file: FileHandle
  readonly size: number
  #boxes = 0
  /** What was read last, and where it begins. */
  #window = { from: 0, bytes: Buffer.alloc(0) }

  constructor(file: FileHandle, size: number) {
    this.#file = file
    this.size = size
  }

  /** The boxes between two places. The last box of the file may be cut off: a film may break off. */
  async *boxes({ from, to }: Range = { from: 0, to: this.size }): AsyncGenerator<Box> {
    // QuickTime ends some lists of boxes with four bytes of zero.
    for (let at = from; at + 8 <= to; ) {
      if (++this.#boxes > MOST_BOXES) throw new BrokenMedia('too many boxes')
      const header = await this.read({ from: at, to: Math.min(at + 16, to) })
      const short = header.readUInt32BE(0)
      const isLong = short === 1
      if (isLong && header.length < 16) throw new BrokenMedia('a box is cut off')
      const length = isLong ? Number(header.readBigUInt64BE(8)) : short === 0 ? to - at : short
      const content = at + (isLong ? 16 : 8)
      const end = at + length
      const type = header.toString('latin1', 4, 8)
      if (end < content || (end > to && !(type === 'mdat' && to === this.size)))
        throw new BrokenMedia('a box is larger than what it is in')
      yield { type, at, content, end: Math.min(end, to) }
      at = end
    }
  }

  /** The boxes in a box. @param skip bytes before them: 4 in a *full box* */
  inside(box: Box, skip = 0): AsyncGenerator<Box> {
    return this.boxes({ from: box.content + skip, to: box.end })
  }

  /** The first box along a path of types, each in the one before. */
  async find(box: Box, ...path: readonly string[]): Promise<Box | undefined> {
    const [type, ...rest] = path
    if (type === undefined) return box
    for await (const each of this.inside(box)) if (each.type === type) return this.find(each, ...rest)
    return undefined
  }

  /** What is in a box. */
  content({ content, end }: Box): Promise<Buffer> {
    return this.read({ from: content, to: end })
  }

  async read({ from, to }: Range): Promise<Buffer> {
    if (to - from > MOST_READ) throw new BrokenMedia('a table is too large')
    const { from: start, bytes } = this.#window
    if (from >= start && to <= start + bytes.length) return bytes.subarray(from - start, to - start)
    const length = Math.max(to - from, WINDOW)
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, from)
    if (bytesRead < to - from) throw new BrokenMedia('it ends too early')
    this.#window = { from, bytes: buffer.subarray(0, bytesRead) }
    return buffer.subarray(0, to - from)
  }
}
