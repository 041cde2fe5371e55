// Removes what files say of the location where they were made, without decoding them. In videos, sounds and HEIC
// photographs bytes are overwritten in a copy, and every other byte stays where it was. Runs in the process for pictures
// (child.ts), never in the server.

import { constants, copyFile, type FileHandle, open, readFile, stat, writeFile } from 'node:fs/promises'
import { Edits } from './edits.ts'
import { type Box, BrokenMedia, IsoMedia, NO_BOX } from './iso-media.ts'
import { withoutJpegMetadata } from './jpeg.ts'
import { itemsWithMetadata } from './media-items.ts'
import { samplesOf } from './media-samples.ts'
import { ISO_MEDIA, PICTURES } from './media-types.ts'
import { BrokenPicture, withoutMetadata } from './metadata.ts'

/** Boxes of user data, in which cameras write locations, names and serial numbers. */
const USER_DATA: ReadonlySet<string> = new Set(['udta', 'meta', 'uuid'])
const [MOVIE, FRAGMENT, TRACK, TRACK_FRAGMENT] = ['moov', 'moof', 'trak', 'traf']
/** Tracks that are neither picture nor sound nor words, but what sensors measured meanwhile, such as the location. */
const SENSORS: ReadonlySet<string> = new Set(['meta', 'camm'])
/** Bytes of *ftyp*: 250 brands. */
const MOST_OF_BRANDS = 1024
/** What is read and written at once: hundreds of small pieces may be in it. */
const BLOCK = 256 * 1024
/** Bytes of *hdlr* up to the end of its type. */
const HANDLER = 12

/**
 * As in Pictures. Throws BrokenPicture, BrokenMedia or RangeError for a file that is broken or has too much in it: what it
 * says of its location could not be found.
 * @param most bytes of a picture, which is read whole
 */
export async function removeLocation(
  from: string,
  to: string,
  { type, most }: { type: string; most: number },
): Promise<boolean> {
  const format = PICTURES[type]
  if (format && !ISO_MEDIA.has(type)) return cleanPicture(from, to, { format, most })
  if (!ISO_MEDIA.has(type)) return false
  const edits = await planned(from)
  if (edits.isEmpty) return false
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  await using file = await open(to, 'r+')
  await apply(edits, file)
  return true
}

async function cleanPicture(
  from: string,
  to: string,
  { format, most }: { format: string; most: number },
): Promise<boolean> {
  if ((await stat(from)).size > most) throw new BrokenPicture('too many bytes')
  const bytes = await readFile(from)
  const kept = format === 'jpeg' ? withoutJpegMetadata(bytes) : withoutMetadata(format, bytes, true)?.bytes
  if (!kept) return false
  await writeFile(to, kept)
  return true
}

async function planned(path: string): Promise<Edits> {
  await using file = await open(path)
  const media = new IsoMedia(file, (await file.stat()).size)
  const edits = new Edits()
  let [isPhotograph, isWhole] = [false, false]
  for await (const box of media.boxes()) {
    if (box.type === 'ftyp') isPhotograph = await isOfPhotograph(media, box)
    else if (box.type === MOVIE || box.type === FRAGMENT) await inMovie(media, box, edits)
    else if (box.type === 'meta' && isPhotograph) await inPhotograph(media, box, edits)
    else if (USER_DATA.has(box.type)) free(box, edits)
    else if (box.type === NO_BOX) {
      // Players do without it: some cameras write the location there. Alone it may be anything.
      if (!isWhole) throw new BrokenMedia('it is broken')
      edits.add({ from: box.at, to: box.end })
    }
    isWhole ||= box.type === MOVIE || box.type === 'meta'
  }
  return edits
}

/** Whether a picture is the main thing: its *meta* box then says where its pixels are. */
async function isOfPhotograph(media: IsoMedia, ftyp: Box): Promise<boolean> {
  const brands = (await media.content(ftyp, MOST_OF_BRANDS)).toString('latin1').match(/.{4}/gs) ?? []
  return brands.some(brand => brand === 'mif1' || brand === 'msf1' || /^(hei|hev)[a-z]$/.test(brand))
}

async function inMovie(media: IsoMedia, movie: Box, edits: Edits): Promise<void> {
  for await (const box of media.inside(movie)) {
    if (USER_DATA.has(box.type)) free(box, edits)
    else if (box.type === TRACK && (await isOfSensors(media, box))) {
      for await (const samples of samplesOf(media, box)) edits.add(samples)
      free(box, edits)
    } else if (box.type === TRACK || box.type === TRACK_FRAGMENT) {
      for await (const each of media.inside(box)) if (USER_DATA.has(each.type)) free(each, edits)
    }
  }
}

async function isOfSensors(media: IsoMedia, track: Box): Promise<boolean> {
  const handler = await media.find(track, 'mdia', 'hdlr')
  return handler !== undefined && SENSORS.has((await media.content(handler, HANDLER)).toString('latin1', 8))
}

const FREE = Buffer.from('free')

/** A box becomes free space, which everyone skips. */
function free({ at, content, end }: Box, edits: Edits): void {
  edits.add({ from: at + 4, to: at + 8 }, FREE)
  edits.add({ from: content, to: end })
}

/** An Exif without entries: four bytes of how far it begins, then a TIFF header and an empty directory. */
const NO_EXIF = Buffer.from('00000000 4d4d002a 00000008 0000 00000000'.replaceAll(' ', ''), 'hex')

async function inPhotograph(media: IsoMedia, meta: Box, edits: Edits): Promise<void> {
  for (const { isExif, ranges } of await itemsWithMetadata(media, meta))
    for (const [index, range] of ranges.entries()) {
      const isRoom = range.to - range.from >= NO_EXIF.length
      edits.add(range, isExif && index === 0 && isRoom ? NO_EXIF : undefined)
    }
}

/** Writes each block in which something changes, once. */
async function apply(edits: Edits, file: FileHandle): Promise<void> {
  let block: Block | undefined
  for (const { at, bytes } of edits.writes())
    for (let done = 0; done < bytes.length; ) {
      const start = Math.floor((at + done) / BLOCK) * BLOCK
      if (block?.start !== start) {
        if (block) await write(file, block)
        const { buffer, bytesRead } = await file.read(Buffer.alloc(BLOCK), 0, BLOCK, start)
        block = { start, length: bytesRead, buffer }
      }
      done += bytes.copy(block.buffer, at + done - start, done)
    }
  if (block) await write(file, block)
}

interface Block {
  readonly start: number
  readonly length: number
  readonly buffer: Buffer
}

/** Writes all of it: a disk that is almost full may take a part. */
async function write(file: FileHandle, { start, length, buffer }: Block): Promise<void> {
  for (let done = 0; done < length; )
    done += (await file.write(buffer, done, length - done, start + done)).bytesWritten
}
