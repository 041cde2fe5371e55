// The items of a HEIC photograph that hold metadata (ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12, Annex A).

import { type Box, BrokenMedia, type IsoMedia, type Range } from './iso-media.ts'

export interface MetadataItem {
  readonly isExif: boolean
  /** Where its bytes are. */
  readonly ranges: readonly Range[]
}

/** @param meta a *meta* box at the top of the file */
export async function itemsWithMetadata(media: IsoMedia, meta: Box): Promise<MetadataItem[]> {
  const boxes = new Map<string, Box>()
  for await (const box of media.inside(meta, 4)) boxes.set(box.type, box)
  const [info, places, data] = ['iinf', 'iloc', 'idat'].map(type => boxes.get(type))
  if (!info || !places) return []
  const types = await typesOf(media, info)
  const located = placesOf(await media.content(places), data)
  return [...types].map(([id, type]) => {
    const ranges = located.get(id) ?? []
    for (const { from, to } of ranges)
      if (from > to || to > media.size) throw new BrokenMedia('an item is outside of the file')
    return { isExif: type === 'Exif', ranges }
  })
}

/** The items of metadata, with their types: Exif, or any text (XMP is *mime*). */
async function typesOf(media: IsoMedia, info: Box): Promise<Map<number, string>> {
  const version = (await media.read({ from: info.content, to: info.content + 1 })).readUInt8(0)
  const types = new Map<number, string>()
  for await (const entry of media.inside(info, version === 0 ? 6 : 8)) {
    if (entry.type !== 'infe') continue
    const content = await media.content(entry)
    const entryVersion = content.readUInt8(0)
    if (entryVersion < 2) continue // of files, not of pictures
    const wide = entryVersion > 2
    const id = wide ? content.readUInt32BE(4) : content.readUInt16BE(4)
    const type = content.toString('latin1', wide ? 10 : 8, wide ? 14 : 12)
    if (['Exif', 'mime', 'uri '].includes(type)) types.set(id, type)
  }
  return types
}

/** Where the bytes of each item are, by its id. @param data the box into which construction method 1 points */
function placesOf(content: Buffer, data: Box | undefined): Map<number, Range[]> {
  const reader = new Reader(content)
  const version = reader.number(1)
  reader.number(3) // flags
  const sizes = reader.number(2)
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15]
  const indexSize = version > 0 ? sizes & 15 : 0
  const wide = version < 2 ? 2 : 4
  const places = new Map<number, Range[]>()
  for (let left = reader.number(wide); left > 0; left--) {
    const id = reader.number(wide)
    const method = version > 0 ? reader.number(2) & 15 : 0
    reader.number(2) // which file: this one
    const base = reader.number(baseSize)
    const ranges: Range[] = []
    for (let extents = reader.number(2); extents > 0; extents--) {
      reader.number(indexSize)
      const from = reader.number(offsetSize) + base + (method === 1 ? (data?.content ?? 0) : 0)
      ranges.push({ from, to: from + reader.number(lengthSize) })
    }
    if (method < 2) places.set(id, ranges)
  }
  return places
}

class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** A number of 0 to 8 bytes. */
  number(size: number): number {
    const from = this.#at
    this.#at += size
    if (size === 0) return 0
    return size === 8 ? Number(this.#bytes.readBigUInt64BE(from)) : this.#bytes.readUIntBE(from, size)
  }
}
