// Removes what files say of the place where they were made, without decoding them. In videos, sounds and HEIC
// photographs bytes are overwritten in a copy, and every other byte stays where it was.

import { constants, copyFile, type FileHandle, open, readFile, stat, writeFile } from 'node:fs/promises'
import { type Box, BrokenMedia, IsoMedia, type Range } from './iso-media.ts'
import { withoutJpegMetadata } from './jpeg.ts'
import { itemsWithMetadata } from './media-items.ts'
import { samplesOf } from './media-samples.ts'
import { ISO_MEDIA, PICTURES } from './media-types.ts'
import { BrokenPicture, withoutMetadata } from './metadata.ts'

/** Bytes of a picture, which is read whole. */
const LARGEST_PICTURE = 100 * 1024 * 1024
/** Boxes of user data, in which cameras write places, names and serial numbers. */
const USER_DATA: ReadonlySet<string> = new Set(['udta', 'meta', 'uuid'])
const IN_MOVIE: ReadonlySet<string> = new Set(['moov', 'moof'])
const TRACKS: ReadonlySet<string> = new Set(['trak', 'traf'])
/** Tracks that are neither picture nor sound nor words, but what sensors measured meanwhile, such as the place. */
const SENSORS: ReadonlySet<string> = new Set(['meta', 'camm'])
const CHUNK = 64 * 1024

/** As in Pictures. */
export async function removePlace(from: string, to: string, type: string): Promise<boolean> {
  const picture = PICTURES[type]
  if (picture && !ISO_MEDIA.has(type)) return cleanPicture(from, to, picture)
  if (!ISO_MEDIA.has(type)) return false
  const edits = await planned(from)
  if (edits.length === 0) return false
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  await using file = await open(to, 'r+')
  for (const edit of edits) await apply(file, edit)
  return true
}

async function cleanPicture(from: string, to: string, format: string): Promise<boolean> {
  if ((await stat(from)).size > LARGEST_PICTURE) return false
  const bytes = await readFile(from)
  try {
    const kept = format === 'jpeg' ? withoutJpegMetadata(bytes) : withoutMetadata(format, bytes, true)?.bytes
    if (!kept) return false
    await writeFile(to, kept)
    return true
  } catch (error) {
    if (error instanceof BrokenPicture || error instanceof RangeError) return false
    throw error
  }
}

/** Bytes that become zeros, and what is written at their beginning. */
interface Edit extends Range {
  readonly put?: Buffer
}

/** @returns nothing for a file that is broken, or has nothing to remove */
async function planned(path: string): Promise<Edit[]> {
  await using file = await open(path)
  const media = new IsoMedia(file, (await file.stat()).size)
  try {
    const edits: Edit[] = []
    let isPhotograph = false
    for await (const box of media.boxes()) {
      if (box.type === 'ftyp') isPhotograph = await isOfPhotograph(media, box)
      else if (IN_MOVIE.has(box.type)) edits.push(...(await inMovie(media, box)))
      else if (box.type === 'meta' && isPhotograph) edits.push(...(await inPhotograph(media, box)))
      else if (USER_DATA.has(box.type)) edits.push(...freed(box))
    }
    return edits
  } catch (error) {
    if (error instanceof BrokenMedia || error instanceof RangeError) return []
    throw error
  }
}

/** Whether a picture is the main thing: its *meta* box then says where its pixels are. */
async function isOfPhotograph(media: IsoMedia, ftyp: Box): Promise<boolean> {
  const brands = (await media.content(ftyp)).toString('latin1').match(/.{4}/gs) ?? []
  return brands.some(brand => brand === 'mif1' || brand === 'msf1' || /^(hei|hev)[a-z]$/.test(brand))
}

async function inMovie(media: IsoMedia, movie: Box): Promise<Edit[]> {
  const edits: Edit[] = []
  for await (const box of media.inside(movie)) {
    if (USER_DATA.has(box.type)) edits.push(...freed(box))
    if (!TRACKS.has(box.type)) continue
    if (await isOfSensors(media, box)) {
      for (const samples of await samplesOf(media, box)) edits.push(samples)
      edits.push(...freed(box))
    } else {
      for await (const each of media.inside(box)) if (USER_DATA.has(each.type)) edits.push(...freed(each))
    }
  }
  return edits
}

async function isOfSensors(media: IsoMedia, track: Box): Promise<boolean> {
  const handler = await media.find(track, 'mdia', 'hdlr')
  return handler !== undefined && SENSORS.has((await media.content(handler)).toString('latin1', 8, 12))
}

/** A box becomes free space, which everyone skips. */
function freed({ at, content, end }: Box): readonly Edit[] {
  return [
    { from: at + 4, to: at + 8, put: Buffer.from('free') },
    { from: content, to: end },
  ]
}

/** An Exif without entries: four bytes of how far it begins, then a TIFF header and an empty directory. */
const NO_EXIF = Buffer.from('00000000 4d4d002a 00000008 0000 00000000'.replaceAll(' ', ''), 'hex')

async function inPhotograph(media: IsoMedia, meta: Box): Promise<Edit[]> {
  const items = await itemsWithMetadata(media, meta)
  return items.flatMap(({ isExif, ranges }) =>
    ranges.map((range, index) => {
      const isRoom = range.to - range.from >= NO_EXIF.length
      return isExif && index === 0 && isRoom ? { ...range, put: NO_EXIF } : range
    }),
  )
}

async function apply(file: FileHandle, { from, to, put = Buffer.alloc(0) }: Edit): Promise<void> {
  await file.write(put, 0, put.length, from)
  const zeros = Buffer.alloc(CHUNK)
  for (let at = from + put.length; at < to; at += CHUNK)
    await file.write(zeros, 0, Math.min(CHUNK, to - at), at)
}
