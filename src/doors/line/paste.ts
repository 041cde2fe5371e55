// A text of several lines, which a line with a single dot ends.

import type { RoomId } from '../../core/model/model.ts'

const END = '.'
/** In UTF-16 units, more than any message may have. A longer text is dropped up to its dot. */
const LONGEST = 16 << 10

export class Paste {
  readonly room: RoomId
  #lines: string[] = []
  #length = 0
  #first = ''

  /** @param room where it will be posted */
  constructor(room: RoomId) {
    this.room = room
  }

  get text(): string {
    return this.#lines.join('\n')
  }

  /** The first line that is not blank; empty if there is none. */
  get first(): string {
    return this.#first
  }

  get tooLong(): boolean {
    return this.#length > LONGEST
  }

  ends(line: string): boolean {
    return line === END
  }

  add(line: string): void {
    this.#length += line.length + 1
    this.#first ||= line.trim()
    if (this.tooLong) this.#lines = []
    else this.#lines.push(line)
  }
}
