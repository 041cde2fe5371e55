// Where the samples of a track are (ISO/IEC 14496-12, 8.7).

import { type Box, BrokenMedia, type IsoMedia, type Range } from './iso-media.ts'

/** The chunks of a track, in the file. Samples of fragments (*moof*) are not among them. */
export async function samplesOf(media: IsoMedia, track: Box): Promise<Range[]> {
  const table = await media.find(track, 'mdia', 'minf', 'stbl')
  if (!table) return []
  const content = async (type: string) => {
    const box = await media.find(table, type)
    return box && (await media.content(box))
  }
  const [short, long, runs, sizes] = [
    await content('stco'),
    await content('co64'),
    await content('stsc'),
    await content('stsz'),
  ]
  const offsets = short ? numbers(short, 4) : long ? numbers(long, 8) : []
  if (offsets.length === 0 || !runs || !sizes) return []
  return ranges(media, offsets, { runs, sizes })
}

function ranges(
  media: IsoMedia,
  offsets: readonly number[],
  { runs, sizes }: { runs: Buffer; sizes: Buffer },
): Range[] {
  const same = sizes.readUInt32BE(4)
  let [run, sample] = [0, 0]
  const lastRun = runs.readUInt32BE(4) - 1
  return offsets.map((from, index) => {
    // A run of chunks with as many samples each: its first chunk, counted from 1; samples; which description.
    while (run < lastRun && runs.readUInt32BE(8 + (run + 1) * 12) <= index + 1) run++
    const count = runs.readUInt32BE(8 + run * 12 + 4)
    let to = from
    if (same > 0) to += count * same
    else for (const end = sample + count; sample < end; sample++) to += sizes.readUInt32BE(12 + sample * 4)
    if (to > media.size) throw new BrokenMedia('a sample is outside of the file')
    return { from, to }
  })
}

/** The numbers of a table: version and flags, their count, then each. */
function numbers(table: Buffer, size: 4 | 8): number[] {
  const count = table.readUInt32BE(4)
  if (8 + count * size > table.length) throw new BrokenMedia('a table is cut off')
  return Array.from({ length: count }, (_, index) =>
    size === 4 ? table.readUInt32BE(8 + index * size) : Number(table.readBigUInt64BE(8 + index * size)),
  )
}
