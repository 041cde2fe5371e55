// A room of 500 photographs in a headless Chromium: whether anything jumps while one scrolls through it, and how large
// the pictures are that the page holds at a time.

import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { launch, type Page } from '../test/screens/chromium.ts'
import { upload } from '../test/tools/uploading.ts'
import { Web } from '../test/tools/web-client.ts'
import type { Finding } from './finding.ts'
import { tokenOf } from './seed.ts'
import { ours, type Running } from './servers.ts'
import { opened, shifted } from './web-app.ts'

const PICTURES = 500
const UPLOADED_AT_ONCE = 4
/** Landscapes, portraits and panoramas, in pixels. */
const SIZES = [
  [1600, 1200],
  [1200, 1600],
  [1920, 1080],
  [2400, 800],
] as const
const WHEEL_PX = 400
const TARGET_MB = 60

/** The pictures that are rendered: far from the window, `content-visibility` leaves them out, and none is decoded. */
interface Held {
  readonly megabytes: number
  readonly pictures: number
  readonly first: number
}

export async function webAppPictures(): Promise<Finding[]> {
  await using server = await ours('Tertulia').start()
  await postPictures(server)
  await using browser = await launch()
  const page = await opened(browser, server)
  await page.waitForLoadState('networkidle')
  const loading = await shifted(page)
  await page.locator('.scroller').hover()
  let [megabytes, pictures, first] = [0, 0, PICTURES]
  while (first > 1) {
    await page.mouse.wheel(0, -WHEEL_PX)
    await sleep(30)
    const held = await heldBy(page)
    first = held.first
    megabytes = Math.max(megabytes, held.megabytes)
    pictures = Math.max(pictures, held.pictures)
  }
  const scrolling = await shifted(page)
  if (pictures === 0) throw new Error('no picture was shown')
  return [
    [`web app: layout shifts while a room of ${PICTURES} pictures loads, target 0`, loading.all],
    ['the same while one scrolls through all of them', scrolling.all],
    [
      'the most that is rendered at a time: pictures; MB of them decoded',
      `${pictures}; ${megabytes.toFixed(1)}, target ${TARGET_MB}`,
    ],
  ]
}

async function postPictures({ port }: Running): Promise<void> {
  const [me, other] = [new Web(port, tokenOf(0)), new Web(port, tokenOf(1))]
  for (let number = 1; number <= PICTURES; number += UPLOADED_AT_ONCE) {
    const numbers = Array.from(
      { length: Math.min(UPLOADED_AT_ONCE, PICTURES - number + 1) },
      (_, i) => number + i,
    )
    const uploads = await Promise.all(
      numbers.map(async each => upload(other, `${each}.jpg`, await photograph(each))),
    )
    for (const id of uploads)
      await other.do('POST', '/rooms/1/messages', { text: '', attachments: [{ upload: id }] })
  }
  await me.do('PUT', '/rooms/general/read', { seq: PICTURES })
}

/** No two are equal. */
async function photograph(number: number): Promise<Buffer> {
  const [width, height] = SIZES[number % SIZES.length] ?? SIZES[0]
  const noise = { type: 'gaussian', mean: 60 + (number % 120), sigma: 30 } as const
  const create = { width: width / 8, height: height / 8, channels: 3, noise, background: 'white' } as const
  return sharp({ create }).resize(width, height).jpeg({ quality: 70 }).toBuffer()
}

async function heldBy(page: Page): Promise<Held> {
  return page.evaluate(() => {
    const pictures = [...document.querySelectorAll<HTMLImageElement>('article img')].filter(
      img => img.complete && img.checkVisibility({ contentVisibilityAuto: true }),
    )
    const pixels = pictures.reduce(
      (sum, { naturalWidth, naturalHeight }) => sum + naturalWidth * naturalHeight,
      0,
    )
    return {
      megabytes: (4 * pixels) / 1e6,
      pictures: pictures.length,
      first: Number(document.querySelector<HTMLElement>('[data-seq]')?.dataset.seq),
    }
  })
}
