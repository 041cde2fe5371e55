// Takes metadata out of JPEGs (ITU-T T.81, Annex B) without decoding them, on machines where they can't be encoded anew.

import { ByteWriter } from './byte-writer.ts'
import { slice } from './metadata.ts'

const [MARKER, START, END, SCAN, COMMENT] = [0xff, 0xd8, 0xd9, 0xda, 0xfe]
const [FIRST_APP, LAST_APP] = [0xe0, 0xef]
/** Applications' segments without which it looks different: what colours are meant. */
const KEPT = ['JFIF\0', 'Adobe', 'ICC_PROFILE\0']
const EXIF = 'Exif\0\0'
/** An Exif of which the orientation alone is left, which is at its byte 28 (TIFF 6.0). */
const ORIENTATION = 'ffe1 0022 457869660000 4d4d002a00000008 0001 0112000300000001 00000000 00000000'
const ORIENTATION_AT = 28

/** Throws RangeError or BrokenPicture for what is no JPEG. */
export function withoutJpegMetadata(bytes: Buffer): Buffer {
  const kept = new ByteWriter(bytes.length + ORIENTATION.length)
  let orientation: Buffer | undefined // the first one that is said
  kept.add(slice(bytes, 0, 2))
  for (let at = 2; at < bytes.length; ) {
    const marker = bytes.readUInt8(at + 1)
    if (bytes.readUInt8(at) !== MARKER) throw new RangeError('no marker')
    if (marker === END) {
      kept.add(slice(bytes, at, at + 2))
      break
    }
    if (marker === MARKER) {
      at++ // filled up
      continue
    }
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    const segment = slice(bytes, at, end)
    if (marker === SCAN) {
      at = endOfScan(bytes, end)
      kept.add(bytes.subarray(end - segment.length, at))
      continue
    }
    if (isKept(marker, segment)) kept.add(segment)
    else if (!orientation) {
      orientation = orientationOf(segment)
      if (orientation) kept.add(orientation)
    }
    at = end
  }
  return kept.bytes // where its end is missing, most of it is there
}

function isKept(marker: number, segment: Buffer): boolean {
  if (marker === START || marker === COMMENT) return false
  if (marker < FIRST_APP || marker > LAST_APP) return true
  const name = segment.toString('latin1', 4, 16)
  return KEPT.some(each => name.startsWith(each))
}

/** Where the next marker is that is none of a scan's own. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(MARKER, from); at !== -1; at = bytes.indexOf(MARKER, at + 1)) {
    const next = bytes[at + 1]
    if (next !== undefined && next !== 0 && (next < 0xd0 || next > 0xd7)) return at
  }
  return bytes.length
}

/** A segment that says how the picture lies, if this one does; none if it is upright. */
function orientationOf(segment: Buffer): Buffer | undefined {
  if (segment.toString('latin1', 4, 10) !== EXIF) return undefined
  try {
    return orientationIn(segment.subarray(10))
  } catch (error) {
    if (error instanceof RangeError) return undefined // it breaks off, and is gone
    throw error
  }
}

function orientationIn(tiff: Buffer): Buffer | undefined {
  const isLittle = tiff.toString('latin1', 0, 2) === 'II'
  const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  for (let entry = 0; entry < short(directory); entry++) {
    const at = directory + 2 + entry * 12
    const value = short(at) === 0x0112 ? short(at + 8) : 1
    if (value < 2 || value > 8) continue
    const made = Buffer.from(ORIENTATION.replaceAll(' ', ''), 'hex')
    made.writeUInt16BE(value, ORIENTATION_AT)
    return made
  }
  return undefined
}
