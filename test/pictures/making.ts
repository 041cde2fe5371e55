// Pictures that tests make themselves.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import type { UserId } from '../../src/core/model/model.ts'
import type { Prepared } from '../../src/core/ports/pictures.ts'
import { IsolatedPictures, type Options } from '../../src/pictures/pictures.ts'

export const ANA = 1 as UserId
export const BETO = 2 as UserId

/** What nobody may find in a picture that was cleaned. */
export const LOCATION = 'Plaza-Mayor-4712'
/** A latitude of so many thousandths of a second. */
const SECONDS = 987_654_321

/** The metadata of a picture by a telephone: with the location, in words and in numbers. */
export function withLocation(picture: Sharp): Sharp {
  const seconds = `${SECONDS}/1000000000`
  return picture
    .withExif({
      IFD0: { ImageDescription: LOCATION, Make: LOCATION },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: `40/1 24/1 ${seconds}`, GPSLongitude: `3/1 42/1 ${seconds}` },
    })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${LOCATION}</x:xmpmeta>`)
}

/** Whether the location is anywhere in these bytes. */
export function tellsLocation(bytes: Buffer): boolean {
  const numbers = [Buffer.alloc(4), Buffer.alloc(4)] as const
  numbers[0].writeUInt32LE(SECONDS)
  numbers[1].writeUInt32BE(SECONDS)
  return [LOCATION, ...numbers].some(each => bytes.includes(each))
}

/** Red above, with a blue corner at the top left: it shows how it is turned. */
export function upright(width: number, height: number, channels: 3 | 4 = 3): Sharp {
  const pixels = Buffer.alloc(width * height * channels, 255)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const corner = x < width / 4 && y < height / 4
      const colour = corner ? [0, 0, 255] : y < height / 2 ? [255, 0, 0] : [0, 160, 0]
      pixels.set(colour, (y * width + x) * channels)
      if (channels === 4) pixels[(y * width + x) * channels + 3] = x < width / 2 ? 255 : 0
    }
  return sharp(pixels, { raw: { width, height, channels } })
}

/** Frames of one colour each. */
export function moving(width: number, height: number, frames: number): Sharp {
  const frame = width * height * 3
  const pixels = Buffer.alloc(frame * frames)
  for (let index = 0; index < frames; index++) pixels.fill(1 + index * 20, index * frame, (index + 1) * frame)
  return sharp(pixels, { raw: { width, height: height * frames, channels: 3, pageHeight: height } })
}

/** The same as a PNG, which sharp can't write. */
export function movingPng(width: number, height: number, frames: number): Buffer {
  const number = (value: number) => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value])
  const chunk = (type: string, ...content: readonly Buffer[]) => {
    const body = Buffer.concat([Buffer.from(type), ...content])
    return Buffer.concat([number(body.length - 4), body, number(crc32(body))])
  }
  const chunks = [
    chunk('IHDR', number(width), number(height), Buffer.from([8, 0, 0, 0, 0])), // grey
    chunk('acTL', number(frames), number(0)),
  ]
  let sequence = 0
  for (let index = 0; index < frames; index++) {
    const pixels = deflateSync(
      Buffer.alloc((1 + width) * height, Buffer.alloc(1 + width, index * 20).fill(0, 0, 1)),
    )
    const [place, delay] = [Buffer.alloc(8), Buffer.from([0, 1, 0, 10, 0, 0])]
    chunks.push(chunk('fcTL', number(sequence++), number(width), number(height), place, delay))
    chunks.push(index === 0 ? chunk('IDAT', pixels) : chunk('fdAT', number(sequence++), pixels))
  }
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks, chunk('IEND')])
}

/** Every pixel differs from its neighbours: much work. */
export function noise(width: number, height: number): Sharp {
  const how = { type: 'gaussian', mean: 128, sigma: 40 } as const
  return sharp({ create: { width, height, channels: 3, background: '#808080', noise: how } })
}

/** An adapter with a folder of its own. */
export class Studio implements AsyncDisposable {
  readonly pictures: IsolatedPictures
  readonly folder: string
  /** Why it says that it can read no pictures. */
  readonly unable: string[] = []
  #count = 0

  private constructor(folder: string, options: Partial<Options>) {
    this.folder = folder
    this.pictures = new IsolatedPictures({ onUnable: reason => this.unable.push(reason), ...options })
  }

  static async open(options: Partial<Options> = {}): Promise<Studio> {
    return new Studio(await mkdtemp(join(tmpdir(), 'tertulia-pictures-')), options)
  }

  /** @returns the path of a file with these bytes */
  async sent(bytes: Buffer | Sharp): Promise<string> {
    const path = join(this.folder, `sent-${this.#count++}`)
    await writeFile(path, Buffer.isBuffer(bytes) ? bytes : await bytes.toBuffer())
    return path
  }

  async target(): Promise<string> {
    return mkdtemp(join(this.folder, 'made-'))
  }

  async prepare(bytes: Buffer | Sharp, by = ANA): Promise<Prepared> {
    const prepared = await this.pictures.prepare(await this.sent(bytes), await this.target(), by)
    if (!prepared) throw new Error(`it can read no pictures: ${this.unable}`)
    return prepared
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pictures.close()
    await rm(this.folder, { recursive: true })
  }
}

export function pathsOf({ clean, screen, thumb }: Prepared['files']): readonly string[] {
  return [clean, screen, thumb?.path].filter(path => path !== undefined)
}

/** The bytes of all files that were made. */
export async function allOf({ files }: Prepared): Promise<Buffer[]> {
  return Promise.all(pathsOf(files).map(path => readFile(path)))
}

/** Their processes for pictures, by the kernel's list. */
export async function processes(): Promise<number[]> {
  const found: number[] = []
  for (const pid of (await readdir('/proc')).map(Number).filter(Number.isInteger)) {
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')
    const parent = /^PPid:\t(\d+)$/m.exec(await read('status'))?.[1]
    if (parent === `${process.pid}` && (await read('cmdline')).includes('pictures/child.ts')) found.push(pid)
  }
  return found
}
