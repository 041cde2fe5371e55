// Render once, write to many.

import { Buffer } from 'node:buffer'

/** Things as one protocol shows them: number i ends at byte ends[i]. */
export interface Rendering {
  readonly bytes: Uint8Array
  readonly ends: Uint32Array
}

/** Connections that see the same bytes, by how they are shown one thing. */
export class Cohort<Thing> {
  readonly #show: (thing: Thing) => string

  constructor(show: (thing: Thing) => string) {
    this.#show = show
  }

  render(things: readonly Thing[]): Rendering {
    const ends = new Uint32Array(things.length)
    let shown = ''
    things.forEach((thing, i) => {
      shown += this.#show(thing)
      ends[i] = shown.length
    })
    const bytes = Buffer.from(shown)
    if (bytes.length !== shown.length) inBytes(ends, shown)
    return { bytes, ends }
  }
}

/** Turns ends counted in UTF-16 units into ends counted in bytes. */
function inBytes(ends: Uint32Array, shown: string): void {
  let from = 0
  let bytes = 0
  ends.forEach((end, i) => {
    bytes += Buffer.byteLength(shown.slice(from, end))
    from = end
    ends[i] = bytes
  })
}
