// Takes metadata out of pictures without touching their pixels. For formats of which that keeps every bit: encoding
// them anew would cost a hundred times as much for an animation, make most PNGs larger, and stop those that move.

import { ByteWriter } from './byte-writer.ts'

/** A picture that is not what its format says. */
export class BrokenPicture extends Error {}

interface Clean {
  readonly type: 'image/png' | 'image/gif' | 'image/webp'
  readonly bytes: Buffer
}

/** Bytes that are added at its end: a missing trailer, a missing byte that pads a chunk. */
const ADDED = 1

/** @returns undefined for a format that has to be encoded anew */
export function withoutMetadata(format: string, bytes: Buffer, keepsProfile: boolean): Clean | undefined {
  try {
    if (format === 'png') return { type: 'image/png', bytes: png(bytes, keepsProfile) }
    if (format === 'gif') return { type: 'image/gif', bytes: gif(bytes) }
    if (format === 'webp') return { type: 'image/webp', bytes: webp(bytes, keepsProfile) }
    return undefined
  } catch (error) {
    if (error instanceof RangeError) throw new BrokenPicture('it ends too early') // Buffer, read beyond its end
    throw error
  }
}

/** A piece that is whole. */
export function slice(bytes: Buffer, from: number, to: number): Buffer {
  if (to > bytes.length) throw new BrokenPicture('it ends too early')
  return bytes.subarray(from, to)
}

// --- PNG (w3.org/TR/png-3) -------------------------------------------------------------------------------

const PNG_SIGNATURE = 8
/** Length, type and checksum. */
const PNG_CHUNK = 12
/** Pixels, palettes, transparency, animation, and what colours are meant. */
const PNG_CHUNKS = new Set(
  'IHDR PLTE IDAT IEND tRNS bKGD acTL fcTL fdAT gAMA cHRM sRGB cICP mDCV cLLI sBIT'.split(' '),
)

function png(bytes: Buffer, keepsProfile: boolean): Buffer {
  const kept = new ByteWriter(bytes.length)
  kept.add(slice(bytes, 0, PNG_SIGNATURE))
  for (let at = PNG_SIGNATURE; ; ) {
    const end = at + PNG_CHUNK + bytes.readUInt32BE(at)
    const chunk = slice(bytes, at, end)
    const type = chunk.toString('latin1', 4, 8)
    if (PNG_CHUNKS.has(type) || (keepsProfile && type === 'iCCP')) kept.add(chunk)
    if (type === 'IEND') return kept.bytes
    at = end
  }
}

/** How often an animated PNG shows a frame; 1 for one that does not move. */
export function pngFrames(bytes: Buffer): number {
  for (let at = PNG_SIGNATURE; at + PNG_CHUNK + 4 <= bytes.length; at += PNG_CHUNK + bytes.readUInt32BE(at)) {
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (type === 'acTL') return Math.max(1, bytes.readUInt32BE(at + 8))
    if (type === 'IDAT') return 1 // it would have come before
  }
  return 1
}

// --- GIF (w3.org/Graphics/GIF/spec-gif89a.txt) -----------------------------------------------------------

const [GIF_EXTENSION, GIF_IMAGE, GIF_TRAILER] = [0x21, 0x2c, 0x3b]
const [GIF_CONTROL, GIF_APPLICATION] = [0xf9, 0xff]
/** Extensions that say how often an animation repeats. */
const GIF_APPLICATIONS = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0'])

function gif(bytes: Buffer): Buffer {
  let at = 13 + colourTable(bytes.readUInt8(10))
  const head = slice(bytes, 0, at)
  const kept = new ByteWriter(bytes.length + ADDED)
  kept.add(head)
  for (;;) {
    // Many programs leave the trailer out.
    const isCut = at === bytes.length && kept.bytes.length > head.length
    const introducer = isCut ? GIF_TRAILER : bytes.readUInt8(at)
    if (introducer === GIF_TRAILER) {
      kept.add(Buffer.of(GIF_TRAILER))
      return kept.bytes
    }
    if (introducer === GIF_EXTENSION) {
      const label = bytes.readUInt8(at + 1)
      const end = afterBlocks(bytes, at + 2)
      const application = bytes.toString('latin1', at + 3, at + 14)
      if (label === GIF_CONTROL || (label === GIF_APPLICATION && GIF_APPLICATIONS.has(application)))
        kept.add(slice(bytes, at, end))
      at = end
    } else if (introducer === GIF_IMAGE) {
      const end = afterBlocks(bytes, at + 11 + colourTable(bytes.readUInt8(at + 9)))
      kept.add(slice(bytes, at, end))
      at = end
    } else throw new BrokenPicture('an unknown block')
  }
}

/** The length of the colour table that these flags announce, in bytes. */
function colourTable(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

/** Where the blocks that begin there end; the last one is empty. */
function afterBlocks(bytes: Buffer, from: number): number {
  let at = from
  for (let length = bytes.readUInt8(at); length > 0; length = bytes.readUInt8(at)) at += 1 + length
  return at + 1
}

// --- WebP (RFC 9649) -------------------------------------------------------------------------------------

const [RIFF_HEADER, CHUNK_HEADER] = [12, 8]
const [HAS_PROFILE, HAS_EXIF, HAS_XMP] = [0x20, 0x08, 0x04]
const WEBP_CHUNKS = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF'])

function webp(bytes: Buffer, keepsProfile: boolean): Buffer {
  const kept = new ByteWriter(bytes.length + ADDED)
  kept.add(slice(bytes, 0, RIFF_HEADER))
  for (const [type, chunk] of webpChunks(bytes)) {
    if (type === 'VP8X') kept.add(withoutFlags(chunk, keepsProfile))
    else if (WEBP_CHUNKS.has(type) || (keepsProfile && type === 'ICCP')) kept.add(chunk)
    else continue
    if (chunk.length % 2) kept.add(Buffer.of(0))
  }
  kept.bytes.writeUInt32LE(kept.bytes.length - 8, 4)
  return kept.bytes
}

/** The chunks with their headers, without the byte that pads odd ones. */
function* webpChunks(bytes: Buffer): Generator<readonly [type: string, chunk: Buffer]> {
  const whole = 8 + bytes.readUInt32LE(4)
  for (let at = RIFF_HEADER; at + CHUNK_HEADER <= whole; ) {
    const length = bytes.readUInt32LE(at + 4)
    yield [bytes.toString('latin1', at, at + 4), slice(bytes, at, at + CHUNK_HEADER + length)]
    at += CHUNK_HEADER + length + (length % 2)
  }
}

/** Whether a WebP that does not move keeps every bit of its pixels. */
export function isLosslessWebp(bytes: Buffer): boolean {
  return webpChunks(bytes).some(([type]) => type === 'VP8L')
}

/** The header of an extended WebP, in which nothing is announced that is not there any more. */
function withoutFlags(chunk: Buffer, keepsProfile: boolean): Buffer {
  const copy = Buffer.from(chunk)
  const gone = HAS_EXIF | HAS_XMP | (keepsProfile ? 0 : HAS_PROFILE)
  copy.writeUInt8(copy.readUInt8(CHUNK_HEADER) & ~gone, CHUNK_HEADER)
  return copy
}
