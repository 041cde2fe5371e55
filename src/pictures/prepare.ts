// Reads a picture and makes what is shown of it. Runs in the process for pictures (child.ts), never in the server.

import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Metadata, type Sharp } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import { type Colours, coloursOf } from './colours.ts'
import type { Limits } from './limits.ts'
import { FILES, type PreparedResult, type Size } from './messages.ts'
import { BrokenPicture, isLosslessWebp, pngFrames, withoutMetadata } from './metadata.ts'

// Whatever the bytes claim to be, nothing else reads them: no SVG, no PDF, nothing that starts another program.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map(format => `VipsForeignLoad${format}File`),
})
// One picture at a time, on one processor: the others are the server's.
sharp.concurrency(1)
sharp.cache(false)

const [SCREEN, THUMB] = [1920, 480]
/** The largest picture that a ThumbHash can be made of. */
const HASHED = 100
/** A clean picture that is larger than this gets smaller ones even if it has few pixels; in bytes. */
const [SCREEN_WORTH, THUMB_WORTH] = [512 * 1024, 48 * 1024]
/** One that moves stops in its smaller sizes, so it is shown itself as long as that is bearable; in bytes. */
const MOVING_WORTH = 4 * 1024 * 1024
/** A picture as it was sent keeps what can be seen. */
const CLEAN_QUALITY = 90
/**
 * How hard the encoder of WebP tries, of 6: for a screen, 4 takes two and a half times as long as 1, and saves 4 % of
 * the bytes.
 */
const [SCREEN_WEBP, THUMB_WEBP, CLEAN_WEBP] = [
  { quality: 80, effort: 1 },
  { quality: 75, effort: 2 },
  { quality: CLEAN_QUALITY, effort: 1 },
]

/** The whole picture, written without metadata. */
interface Clean extends Pick<PreparedResult, 'type' | 'animated'> {
  readonly path: string
}

/** @throws BrokenPicture, an Error of sharp, or one of the file system, which has a code */
export async function prepare(path: string, folder: string, limits: Limits): Promise<PreparedResult> {
  return makeSmaller(await makeClean(path, folder, limits), folder)
}

/** The only step that decodes what others wrote. */
export async function makeClean(path: string, folder: string, limits: Limits): Promise<Clean> {
  const picture = await look(path, limits)
  const clean = join(folder, FILES.clean)
  return { type: await writeClean(picture, clean), animated: picture.animated, path: clean }
}

/** Each size is made of the one before. */
export async function makeSmaller({ path, type, animated }: Clean, folder: string): Promise<PreparedResult> {
  const { width, height } = await sharp(path).metadata()
  const { size } = await stat(path)
  const longer = Math.max(width, height)
  const screen = longer > SCREEN || size > (animated ? MOVING_WORTH : SCREEN_WORTH)
  const thumb = longer > THUMB || size > THUMB_WORTH || animated
  const [toScreen, toThumb] = [join(folder, FILES.screen), join(folder, FILES.thumb)]
  if (screen) await shrink(path, SCREEN, SCREEN_WEBP, toScreen)
  const larger = screen ? toScreen : path
  const small = thumb ? await shrink(larger, THUMB, THUMB_WEBP, toThumb) : undefined
  const placeholder = await thumbHash(thumb ? toThumb : larger)
  return { width, height, placeholder, type, animated, screen, ...(small && { thumb: small }) }
}

interface Picture {
  readonly path: string
  readonly bytes: Buffer
  readonly metadata: Metadata
  readonly animated: boolean
  readonly limits: Limits
}

/** Reads the header alone: a picture that is too large costs nothing. */
async function look(path: string, limits: Limits): Promise<Picture> {
  if ((await stat(path)).size > limits.bytes) throw new BrokenPicture('too many bytes')
  const metadata = await sharp(path, { limitInputPixels: false }).metadata()
  const { format, compression, width, height, pages = 1 } = metadata
  if (format === 'heif' && compression !== 'av1') throw new BrokenPicture('HEIC')
  const bytes = await readFile(path)
  const frames = format === 'heif' ? 1 : format === 'png' ? pngFrames(bytes) : pages
  const pixels = width * height
  if (pixels > limits.pixels || pixels * frames > limits.allPixels) throw new BrokenPicture('too many pixels')
  return { path, bytes, metadata, animated: frames > 1, limits }
}

/** @returns its media type */
async function writeClean(
  { path, bytes, metadata, animated, limits }: Picture,
  to: string,
): Promise<PreparedResult['type']> {
  const { format, orientation = 1, icc, space } = metadata
  const colours = coloursOf(icc, space)
  // What moves is not turned: no camera writes that.
  if (animated || (orientation === 1 && colours !== 'convert')) {
    const kept = withoutMetadata(format, bytes, colours === 'keep')
    if (kept) {
      await writeFile(to, kept.bytes)
      return kept.type
    }
  }
  const input = { failOn: 'error', limitInputPixels: limits.pixels, ignoreIcc: colours === 'drop' } as const
  const [type, encoded] = encode(withColours(sharp(path, input).autoOrient(), colours), metadata, bytes)
  await writeFile(to, await encoded.toBuffer())
  return type
}

function withColours(picture: Sharp, colours: Colours): Sharp {
  if (colours === 'keep') return picture.keepIccProfile()
  return colours === 'convert' ? picture.withIccProfile('srgb') : picture
}

/**
 * In the same format where that loses nothing. Anything else becomes a JPEG unless it is transparent: encoding an AVIF
 * takes ten times as long, and a lossy WebP fails for pictures of many pixels.
 */
function encode(picture: Sharp, metadata: Metadata, bytes: Buffer): readonly [PreparedResult['type'], Sharp] {
  const { format, depth, chromaSubsampling, hasAlpha } = metadata
  if (format === 'png')
    return ['image/png', (depth === 'ushort' ? picture.toColourspace('rgb16') : picture).png()]
  if (format === 'webp' && isLosslessWebp(bytes))
    return ['image/webp', picture.webp({ ...CLEAN_WEBP, lossless: true })]
  if (hasAlpha) return ['image/webp', picture.webp(CLEAN_WEBP)]
  const subsampling = chromaSubsampling === '4:4:4' ? '4:4:4' : '4:2:0'
  return ['image/jpeg', picture.jpeg({ quality: CLEAN_QUALITY, chromaSubsampling: subsampling })]
}

/** Makes a WebP that fits into a square of that many pixels. @returns its size */
async function shrink(from: string, side: number, options: object, to: string): Promise<Size> {
  const { data, info } = await sharp(from, { failOn: 'error' })
    .keepIccProfile()
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .webp(options)
    .toBuffer({ resolveWithObject: true })
  await writeFile(to, data)
  return { width: info.width, height: info.height }
}

async function thumbHash(path: string): Promise<string> {
  const { data, info } = await sharp(path, { failOn: 'error' })
    .resize(HASHED, HASHED, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64')
}
