// Where the samples of a track are (ISO/IEC 14496-12, 8.7).

import { type Box, BrokenMedia, type IsoMedia, type Range } from './iso-media.ts'

/** The tables of a track. */
interface Tables {
  readonly offsets: Buffer
  /** Of each offset, in bytes. */
  readonly width: 4 | 8
  readonly runs: Buffer
  readonly sizes: Buffer
}

/**
 * The chunks of a track, in the file. Samples of fragments (*moof*) are not among them. Throws BrokenMedia, and
 * RangeError for a table that is cut off, where they cannot be found.
 */
export async function* samplesOf(media: IsoMedia, track: Box): AsyncGenerator<Range> {
  const table = await media.find(track, 'mdia', 'minf', 'stbl')
  if (!table) return
  const content = async (type: string) => {
    const box = await media.find(table, type)
    return box && (await media.content(box))
  }
  const [short, long] = [await content('stco'), await content('co64')]
  const offsets = short ?? long
  if (!offsets || offsets.readUInt32BE(4) === 0) return
  const [runs, sizes] = [await content('stsc'), await content('stsz')]
  if (!runs || !sizes) throw new BrokenMedia('samples of unknown size')
  yield* chunks(media, { offsets, width: short ? 4 : 8, runs, sizes })
}

function* chunks(media: IsoMedia, { offsets, width, runs, sizes }: Tables): Generator<Range> {
  const same = sizes.readUInt32BE(4)
  let [run, sample] = [0, 0]
  const lastRun = runs.readUInt32BE(4) - 1
  const count = offsets.readUInt32BE(4)
  // Whatever a count claims, reading beyond a table throws.
  for (let index = 0; index < count; index++) {
    const at = 8 + index * width
    const from = width === 4 ? offsets.readUInt32BE(at) : Number(offsets.readBigUInt64BE(at))
    // A run of chunks with as many samples each: its first chunk, counted from 1; samples; which description.
    while (run < lastRun && runs.readUInt32BE(8 + (run + 1) * 12) <= index + 1) run++
    const samples = runs.readUInt32BE(8 + run * 12 + 4)
    let to = from
    if (same > 0) to += samples * same
    else for (const end = sample + samples; sample < end; sample++) to += sizes.readUInt32BE(12 + sample * 4)
    if (to > media.size) throw new BrokenMedia('a sample is outside of the file')
    yield { from, to }
  }
}
