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

/** The type of what is no box. */
export const NO_BOX = ''
const [HEADER, LONG_HEADER] = [8, 16]

export interface Range {
  readonly from: number
  readonly to: number
}

/** All that are looked at. A video of ten hours, in fragments of a second, has 400,000. */
const MOST_BOXES = 1_000_000
/** Bytes that are read at a time: many boxes are smaller. */
const WINDOW = 16 * 1024
/** The largest box that is read whole: a table of four million entries, of what was measured 400 times a second. */
const MOST_READ = 16 * 1024 * 1024
/** Bytes of all boxes that do not fit into a window. */
const MOST_READ_IN_ALL = 4 * MOST_READ

export class IsoMedia {
  readonly #file: FileHandle
  readonly size: number
  #boxes = 0
  #read = 0
  /** What was read last, and where it begins. */
  #window = { from: 0, bytes: Buffer.alloc(0) }

  constructor(file: FileHandle, size: number) {
    this.#file = file
    this.size = size
  }

  /** The boxes of the file. What is none, at its end, comes last, as NO_BOX. */
  async *boxes(): AsyncGenerator<Box> {
    for (let at = 0; at + HEADER <= this.size; ) {
      const box = (await this.#box(at, this.size)) ?? { type: NO_BOX, at, content: at, end: this.size }
      yield box
      at = box.end
    }
  }

  /** The boxes in a box. Throws BrokenMedia, as all here. @param skip bytes before them: 4 in a *full box* */
  async *inside({ content, end }: Box, skip = 0): AsyncGenerator<Box> {
    // QuickTime ends some lists of boxes with four bytes of zero.
    for (let at = content + skip; at + HEADER <= end; ) {
      const box = await this.#box(at, end)
      if (!box) throw new BrokenMedia('a box is cut off, or larger than what it is in')
      yield box
      at = box.end
    }
  }

  /** @returns undefined for none that fits. Pixels at the end of the file may be cut off: a video may break off */
  async #box(at: number, to: number): Promise<Box | undefined> {
    if (++this.#boxes > MOST_BOXES) throw new BrokenMedia('too many boxes')
    const header = await this.read({ from: at, to: Math.min(at + LONG_HEADER, to) })
    const short = header.readUInt32BE(0)
    const isLong = short === 1
    if (isLong && header.length < LONG_HEADER) return undefined
    const length = isLong ? Number(header.readBigUInt64BE(8)) : short === 0 ? to - at : short
    const content = at + (isLong ? LONG_HEADER : HEADER)
    const end = at + length
    const type = header.toString('latin1', 4, 8)
    if (end < content || (end > to && !(type === 'mdat' && to === this.size))) return undefined
    return { type, at, content, end: Math.min(end, to) }
  }

  /** The first box along a path of types, each in the one before. */
  async find(box: Box, ...path: readonly string[]): Promise<Box | undefined> {
    const [type, ...rest] = path
    if (type === undefined) return box
    for await (const each of this.inside(box)) if (each.type === type) return this.find(each, ...rest)
    return undefined
  }

  /** What is in a box. @param most bytes from its beginning */
  content({ content, end }: Box, most = Number.POSITIVE_INFINITY): Promise<Buffer> {
    return this.read({ from: content, to: Math.min(end, content + most) })
  }

  async read({ from, to }: Range): Promise<Buffer> {
    if (to - from > MOST_READ) throw new BrokenMedia('a table is too large')
    const { from: start, bytes } = this.#window
    if (from >= start && to <= start + bytes.length) return bytes.subarray(from - start, to - start)
    const length = Math.max(to - from, WINDOW)
    if (length > WINDOW) this.#read += length
    if (this.#read > MOST_READ_IN_ALL) throw new BrokenMedia('too many tables')
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, from)
    if (bytesRead < to - from) throw new BrokenMedia('it ends too early')
    this.#window = { from, bytes: buffer.subarray(0, bytesRead) }
    return buffer.subarray(0, to - from)
  }
}
