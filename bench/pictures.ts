// What it costs to make a photograph of 12 megapixels fit to be shown: time on a processor, in the process that does
// it, without the start of that process.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { LIMITS } from '../src/pictures/pictures.ts'
import type { Finding } from './finding.ts'
import { median } from './report.ts'

const ROUNDS = 11
const TARGET_MS = 400

export async function pictures(): Promise<Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-bench-pictures-'))
  try {
    const path = join(folder, 'sent')
    await writeFile(path, await photograph())
    // From here on, only files of the few formats are read.
    const { makeClean, makeSmaller } = await import('../src/pictures/prepare.ts')
    const [clean, smaller]: [number[], number[]] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      const made = await timed(clean, () => makeClean(path, folder, LIMITS))
      await timed(smaller, () => makeSmaller(made, folder))
    }
    const sizes = await Promise.all(
      ['sent', 'clean', 'screen', 'thumb'].map(name => kilobytes(join(folder, name))),
    )
    return [
      [
        `a photograph of 12 megapixels: screen size and thumbnail, CPU ms, median (least–most)`,
        `${range(smaller)}, target ${TARGET_MS}`,
      ],
      ['the same: turned upright, without metadata', range(clean)],
      ['the same: KB as it was sent, clean, for a screen, thumbnail', sizes.join(', ')],
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Soft shapes with some grain, taken with the telephone held upright: a JPEG of 3 MB, like that of a telephone. */
async function photograph(): Promise<Buffer> {
  const [width, height] = [4032, 3024]
  const grain = (sigma: number, scale: number) =>
    sharp({
      create: {
        width: width / scale,
        height: height / scale,
        channels: 3,
        background: '#808080',
        noise: { type: 'gaussian', mean: 128, sigma },
      },
    })
  const fine = await grain(4, 1).png({ compressionLevel: 1 }).toBuffer()
  const shapes = await grain(70, 48)
    .resize(width, height, { kernel: 'cubic' })
    .png({ compressionLevel: 1 })
    .toBuffer()
  return sharp(shapes)
    .composite([{ input: fine, blend: 'overlay' }])
    .removeAlpha()
    .withMetadata({ orientation: 6 })
    .withIccProfile('p3')
    .jpeg({ quality: 93 })
    .toBuffer()
}

async function timed<T>(times: number[], work: () => Promise<T>): Promise<T> {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  times.push((user + system) / 1000)
  return result
}

function range(times: readonly number[]): string {
  return `${median(times).toFixed(0)} (${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)})`
}

async function kilobytes(path: string): Promise<string> {
  return ((await readFile(path)).length / 1000).toFixed(0)
}
