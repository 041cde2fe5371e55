// The items of a HEIC photograph that hold metadata (ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12, Annex A).

import { type Box, BrokenMedia, type IsoMedia, type Range } from './iso-media.ts'

/** A photograph has three. */
const MOST_ITEMS = 1000
/** Pieces that these are in: one each, unless a photograph was changed. */
const MOST_EXTENTS = 10_000
/** What is read of an entry of *iinf*: up to its type. */
const ENTRY = 16

interface MetadataItem {
  readonly isExif: boolean
  /** Where its bytes are. */
  readonly ranges: readonly Range[]
}

/**
 * Throws BrokenMedia, also where it is not said which bytes are an item's: without a length all of the file is.
 * @param meta a *meta* box at the top of the file
 */
export async function itemsWithMetadata(media: IsoMedia, meta: Box): Promise<MetadataItem[]> {
  const types = ['iinf', 'iloc', 'idat']
  const boxes = new Map<string, Box>()
  for await (const box of media.inside(meta, 4)) if (types.includes(box.type)) boxes.set(box.type, box)
  const [iinf, iloc, idat] = types.map(type => boxes.get(type))
  if (!iinf || !iloc) return []
  const wanted = await typesOf(media, iinf)
  const extents = extentsOf(await media.content(iloc), { wanted, idat })
  return [...wanted].map(([id, type]) => {
    const ranges = extents.get(id) ?? []
    for (const { from, to } of ranges)
      if (from >= to || to > media.size) throw new BrokenMedia('an item is outside of the file')
    return { isExif: type === 'Exif', ranges }
  })
}

/** The items of metadata, with their types: Exif, or any text (XMP is *mime*). */
async function typesOf(media: IsoMedia, info: Box): Promise<Map<number, string>> {
  const version = (await media.read({ from: info.content, to: info.content + 1 })).readUInt8(0)
  const types = new Map<number, string>()
  for await (const entry of media.inside(info, version === 0 ? 6 : 8)) {
    if (entry.type !== 'infe') continue
    const content = await media.content(entry, ENTRY)
    const entryVersion = content.readUInt8(0)
    if (entryVersion < 2) continue // of files, not of pictures
    const wide = entryVersion > 2
    const id = wide ? content.readUInt32BE(4) : content.readUInt16BE(4)
    const type = content.toString('latin1', wide ? 10 : 8, wide ? 14 : 12)
    if (['Exif', 'mime', 'uri '].includes(type)) types.set(id, type)
    if (types.size > MOST_ITEMS) throw new BrokenMedia('too many items of metadata')
  }
  return types
}

/**
 * Where the bytes of items are, by their ids.
 * @param wanted has the ids of these items; nothing is kept of others
 * @param idat the box into which construction method 1 points
 */
function extentsOf(
  content: Buffer,
  { wanted, idat }: { wanted: ReadonlyMap<number, unknown>; idat: Box | undefined },
): Map<number, Range[]> {
  const reader = new Reader(content)
  const version = reader.number(1)
  reader.number(3) // flags
  const sizes = reader.number(2)
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15]
  const indexSize = version > 0 ? sizes & 15 : 0
  const extentSize = indexSize + offsetSize + lengthSize
  const wide = version < 2 ? 2 : 4
  const found = new Map<number, Range[]>()
  let left = MOST_EXTENTS
  for (let items = reader.number(wide); items > 0; items--) {
    const id = reader.number(wide)
    const method = version > 0 ? reader.number(2) & 15 : 0
    reader.number(2) // which file: this one
    const base = reader.number(baseSize)
    const count = reader.number(2)
    if (!wanted.has(id)) {
      reader.skip(count * extentSize)
      continue
    }
    const start = method === 0 ? 0 : method === 1 ? idat?.content : undefined
    if (start === undefined || (lengthSize === 0 && count > 0) || found.has(id))
      throw new BrokenMedia('an item is somewhere else')
    left -= count
    if (left < 0) throw new BrokenMedia('metadata in too many pieces')
    const ranges = Array.from({ length: count }, () => {
      reader.skip(indexSize)
      const from = reader.number(offsetSize) + base + start
      return { from, to: from + reader.number(lengthSize) }
    })
    found.set(id, ranges)
  }
  return found
}

class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  skip(size: number): void {
    this.#at += size
  }

  /** A number of 0 to 8 bytes. */
  number(size: number): number {
    const from = this.#at
    this.#at += size
    if (size === 0) return 0
    return size === 8 ? Number(this.#bytes.readBigUInt64BE(from)) : this.#bytes.readUIntBE(from, size)
  }
}
