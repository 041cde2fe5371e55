// Rendering once for many connections.

import { Buffer } from 'node:buffer'
import type { Part, Rendering } from '../../core/ports/delivery.ts'

/** Connections that are sent the same bytes. Renders each thing as text, and all texts as one buffer in UTF-8. */
export class Cohort<Thing> {
  readonly #show: (thing: Thing) => string

  constructor(show: (thing: Thing) => string) {
    this.#show = show
  }

  render(things: readonly Thing[]): Rendering {
    return new JoinedTexts(...inBytes(things.map(this.#show)))
  }
}

/** Texts in one buffer, one after another. */
class JoinedTexts implements Rendering {
  readonly #bytes: Buffer
  readonly ends: Uint32Array

  constructor(bytes: Buffer, ends: Uint32Array) {
    this.#bytes = bytes
    this.ends = ends
  }

  part(from: number, to: number, shown?: readonly Part[]): Uint8Array {
    if (!shown) return this.#slice(from, to)
    const [only] = shown
    if (only && shown.length === 1) return this.#slice(only.from, only.to)
    return Buffer.concat(shown.map(each => this.#slice(each.from, each.to)))
  }

  #slice(from: number, to: number): Buffer {
    if (from === 0 && to === this.ends.length) return this.#bytes
    return this.#bytes.subarray(from === 0 ? 0 : this.ends[from - 1], this.ends[to - 1])
  }
}

/** Joins texts into one buffer. @returns it, and the byte at which each text ends */
export function inBytes(texts: readonly string[]): [Buffer, Uint32Array] {
  const ends = new Uint32Array(texts.length)
  let all = ''
  texts.forEach((text, i) => {
    all += text
    ends[i] = all.length
  })
  const bytes = Buffer.from(all)
  if (bytes.length !== all.length) countBytes(ends, all)
  return [bytes, ends]
}

/** Converts ends counted in UTF-16 units into ends counted in bytes. */
function countBytes(ends: Uint32Array, all: string): void {
  let from = 0
  let bytes = 0
  ends.forEach((end, i) => {
    bytes += Buffer.byteLength(all.slice(from, end))
    from = end
    ends[i] = bytes
  })
}
